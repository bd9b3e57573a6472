"""The serve endpoint of a running app, called as Inngest calls it."""

from __future__ import annotations

import json
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
    event = {"name": event_name, "data": {}, "id": "1", "ts": 1}
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
