"""A deployed app runs its functions for Inngest and nobody else: real servers, the real SDK."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.support.cedar import cedar_environment
from tests.support.command import command
from tests.support.event_api import EventApi, event_api
from tests.support.matrix import Kind, MatrixApp, sdk_packages
from tests.support.redwood import api_server

KEY = "signkey-prod-0123456789abcdef"
FORMER_KEY = "signkey-prod-fedcba9876543210"
ORIGIN = "https://shop.example.com"
# How old a signature may be, in both SDKs.
TOLERANCE = 5 * 60
CALL = {
    "event": {"name": "graphql/hello-world.query", "data": {"operation": {"name": "HelloWorld"}}},
    "events": [],
    "steps": {},
    "ctx": {"run_id": "1", "attempt": 0, "stack": {"stack": [], "current": 0}},
    "version": 1,
    "use_api": False,
}
# Both SDKs sign the JSON in its canonical form; without numbers that is this.
BODY = json.dumps(CALL, sort_keys=True, separators=(",", ":"))


@dataclass
class Deployed:
    """An app that runs as in production.

    Attributes:
        url: Where its endpoint is.
        api: What stands for Inngest.
    """

    url: str
    api: EventApi

    def run(self, signature: str | None, body: str = BODY) -> int:
        """The status of a request to run the example, with this signature."""
        headers = {} if signature is None else {"x-inngest-signature": signature}
        return self.request("POST", "?fnId=my-shop-hello-world&stepId=step", body, headers)[0]

    def request(
        self, method: str, query: str = "", body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        told = {"content-type": "application/json", **(headers or {})}
        request = Request(self.url + query, body.encode() or None, told, method=method)
        try:
            with urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except HTTPError as error:
            return error.code, json.loads(error.read() or b"null")


def signed(body: str = BODY, key: str = KEY, age: float = 0) -> str:
    """What Inngest sends with a request.

    https://www.inngest.com/docs/platform/signing-keys
    """
    at = str(int(time.time() - age))
    secret = re.sub(r"^signkey-\w+-", "", key)
    digest = hmac.new(secret.encode(), (body + at).encode(), hashlib.sha256).hexdigest()
    return f"t={at}&s={digest}"


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((Kind("redwood", "ts"), 4), id="redwood-ts-sdk-4"),
        pytest.param((Kind("redwood", "ts"), 3), id="redwood-ts-sdk-3"),
        pytest.param((Kind("redwood", "js"), 3), id="redwood-js-sdk-3", marks=pytest.mark.nightly),
        pytest.param((Kind("cedar", "ts"), 4), id="cedar-ts-sdk-4", marks=pytest.mark.nightly),
    ],
)
def deployed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, template: Path
) -> Iterator[Deployed]:
    kind, sdk = request.param
    folder = tmp_path_factory.mktemp("deployed")
    app = MatrixApp(kind, folder / "my-shop")
    options = ("--template", template, "--defaults", "--no-install", "--data", f"sdk_major={sdk}")
    result = command("redwood-inngest", "setup", app.folder, *options)
    assert result.returncode == 0, result.stderr
    app.link("inngest", sdk_packages() / "node_modules" / f"inngest{sdk}")
    assert app.build()["problems"] == []
    app.tools.close()
    cedar = kind.framework == "cedar"
    environment = {
        "NODE_ENV": "production",
        "INNGEST_SIGNING_KEY": KEY,
        "INNGEST_SIGNING_KEY_FALLBACK": FORMER_KEY,
        "INNGEST_EVENT_KEY": "key",
        # As docs/security.md advises; SDK 3 reads the first, SDK 4 the second.
        "INNGEST_SERVE_HOST": ORIGIN,
        "INNGEST_SERVE_ORIGIN": ORIGIN,
        # What a developer's .env.defaults may hold, and a server reads.
        "INNGEST_DEV": "1",
        **(cedar_environment(app.folder) if cedar else {}),
    }
    program = "cedar-server" if cedar else "rw-server"
    with (
        event_api() as api,
        api_server(
            app.folder, folder / "log", program, INNGEST_BASE_URL=api.url, **environment
        ) as url,
    ):
        yield Deployed(f"{url}/inngest", api)


def test_a_request_of_inngest_is_answered(deployed: Deployed) -> None:
    assert deployed.run(signed()) == 206
    assert deployed.run(signed(age=TOLERANCE - 30)) == 206
    # While a key is changed.
    assert deployed.run(signed(key=FORMER_KEY)) == 206


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "t=1",
        "s=abc",
        f"t={int(time.time())}&s=",
        f"t={int(time.time())}&s={'0' * 64}",
        "t=NaN&s=" + "0" * 64,
    ],
    ids=["none", "empty", "no digest", "no time", "empty digest", "zeros", "no number"],
)
def test_an_unsigned_request_is_refused(deployed: Deployed, signature: str | None) -> None:
    assert deployed.run(signature) == 401


def test_a_wrongly_signed_request_is_refused(deployed: Deployed) -> None:
    assert deployed.run(signed(key="signkey-prod-00000000")) == 401
    assert deployed.run(signed(key="")) == 401
    another = BODY.replace("HelloWorld", "DropTables")
    assert deployed.run(signed(), another) == 401
    assert deployed.run(signed(another), another) == 206
    # The time is signed, too.
    digest = signed(age=TOLERANCE + 60).partition("&")[2]
    assert deployed.run(f"t={int(time.time())}&{digest}") == 401


def test_a_stale_request_is_refused_and_so_is_a_replay_that_comes_later(deployed: Deployed) -> None:
    assert deployed.run(signed(age=TOLERANCE + 5)) == 401
    assert deployed.run(signed(age=-TOLERANCE - 30)) == 401
    assert deployed.run(signed(age=24 * 60 * 60)) == 401


def test_the_sdk_answers_an_exact_replay_within_its_tolerance(deployed: Deployed) -> None:
    """As docs/security.md says; when an SDK begins to refuse it, say so there."""
    signature = signed()
    assert [deployed.run(signature) for _ in range(2)] == [206, 206]


def test_nothing_of_the_app_is_told_or_changed_without_a_signature(deployed: Deployed) -> None:
    assert deployed.request("GET")[0] == 401
    assert deployed.request("GET", headers={"x-inngest-signature": signed("")})[0] == 200
    within = {"x-inngest-sync-kind": "in_band"}
    assert deployed.request("PUT", "", '{"url":"https://a.b"}', within)[0] == 401
    assert deployed.request("DELETE")[0] in {400, 405}


def test_whoever_has_the_app_register_cannot_say_where_it_is(deployed: Deployed) -> None:
    """Both SDKs register unasked, at the host of the request unless they are told another."""
    deployed.api.registered.clear()
    assert deployed.request("PUT", "", "{}", {"host": "somebody.example.com"})[0] == 200
    (registration,) = deployed.api.registered
    assert registration["url"] == f"{ORIGIN}/inngest"
