"""An HTTP server that speaks Inngest's event API, and keeps what it is sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class EventApi:
    """The server's side of the story.

    Attributes:
        url: Where it listens; what `INNGEST_DEV` gets.
        events: All events received, in the order in which they came.
        paths: Where each request with events was posted to.
        registered: The bodies of the requests that registered an app.
    """

    url: str
    events: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    registered: list[dict[str, Any]] = field(default_factory=list)

    def wait_for(self, count: int, seconds: float = 20) -> list[dict[str, Any]]:
        """The events, once there are that many, and a moment later in case there are more."""
        deadline = time.monotonic() + seconds
        while len(self.events) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        return self.events


@contextmanager
def event_api() -> Iterator[EventApi]:
    """Run the server, on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer({"status": 200})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path.startswith("/e/"):
                events = body if isinstance(body, list) else [body]
                api.events += events
                api.paths.append(self.path)
                self._answer({"ids": [str(event.get("id")) for event in events], "status": 200})
            else:
                api.registered.append(body)
                self._answer({"ok": True, "modified": True})

        do_PUT = do_POST

        def _answer(self, content: object) -> None:
            data = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api = EventApi(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
