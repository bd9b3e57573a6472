"""The serve endpoint of a running app, called as Inngest calls it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen


def request_json(url: str, method: str = "GET", body: object = None) -> Any:
    """Send JSON, or nothing, and read the JSON that is answered."""
    data = json.dumps(body).encode() if body is not None else None
    headers = {"content-type": "application/json"} if data else {}
    request = Request(url, data, headers, method=method)
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def run_first_step(url: str, function_id: str, event_name: str) -> Any:
    """Have an app run one of its functions, up to the end of its first step.

    Args:
        url: Where the app answers.
        function_id: The function's id, with the app's before it: `my-shop-hello-world`.
        event_name: The name of the event that triggers it.

    Returns:
        What the step gave.
    """
    data = {"operation": {"name": "HelloWorld"}}
    event = {"name": event_name, "data": data, "id": "1", "ts": 1}
    call = {
        "event": event,
        "events": [event],
        "steps": {},
        "ctx": {"run_id": "1", "attempt": 0, "stack": {"stack": [], "current": 0}},
        "version": 1,
        "use_api": False,
    }
    (step,) = request_json(f"{url}/inngest?fnId={function_id}&stepId=step", "POST", call)
    return step["data"]


@dataclass
class Run:
    """A run of a function, driven to its end.

    Attributes:
        result: What the function gave.
        steps: The names of its steps, in the order in which they came.
        calls: How many requests it took.
    """

    result: Any = None
    steps: list[str] = field(default_factory=list)
    calls: int = 0


def run_function(
    url: str, function_id: str, event: Mapping[str, Any], later: Mapping[str, Any] | None = None
) -> Run:
    """Have an app run one of its functions step by step, as Inngest does, to its end.

    No time passes where a function sleeps. Functions that it invokes are run, too.

    Args:
        url: Where the app answers.
        function_id: The function's id, with the app's before it: `my-shop-hello-world`.
        event: The event that triggers it: its name and its data.
        later: The event that comes where it waits for one; None where the time is up.
    """
    run = Run()
    memory: dict[str, Any] = {}
    planned: list[str] = []
    while run.calls < _MAX_CALLS:
        step = planned.pop(0) if planned else "step"
        run.calls += 1
        answer = request_json(
            f"{url}/inngest?fnId={function_id}&stepId={step}", "POST", _call(event, memory)
        )
        if not isinstance(answer, list):
            run.result = answer
            return run
        for operation in answer:
            if operation["op"] == "StepPlanned":
                planned.append(operation["id"])
            elif operation["id"] not in memory:
                run.steps.append(operation["displayName"])
                data = _outcome(url, operation, later)
                memory[operation["id"]] = {"type": "data", "data": data}
    raise AssertionError(f"{function_id} comes to no end: {run.steps}")


_MAX_CALLS = 30


def _call(event: Mapping[str, Any], memory: Mapping[str, Any]) -> dict[str, Any]:
    sent = {"id": "1", "ts": 1, **event}
    return {
        "event": sent,
        "events": [sent],
        "steps": memory,
        "ctx": {
            "run_id": "1",
            "attempt": 0,
            "stack": {"stack": list(memory), "current": len(memory)},
        },
        "version": 1,
        "use_api": False,
    }


def _outcome(url: str, operation: Mapping[str, Any], later: Mapping[str, Any] | None) -> Any:
    """What a step gives."""
    if operation["op"] == "InvokeFunction":
        options = operation["opts"]
        event = {"name": "inngest/function.invoked", "data": options["payload"]["data"]}
        return run_function(url, options["function_id"], event).result
    if operation["op"] == "WaitForEvent":
        return {"id": "2", "ts": 2, **later} if later else None
    if operation["op"] == "Sleep":
        return None
    assert operation["op"] in {"Step", "StepRun"}, operation
    return operation["data"]
