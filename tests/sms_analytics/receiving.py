"""Real servers that take what is sent to them: a webhook over HTTP, and mail over SMTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import Any

from tests.serving import DEADLINE_SECONDS

PATIENT = f"cto={DEADLINE_SECONDS}&rto={DEADLINE_SECONDS}"
"""The seconds to connect and to be answered in, for a slow machine."""


@dataclass
class Inbox:
    """What came to a server at `port`; over HTTP it answers with `status`."""

    port: int = 0
    status: int = 200
    posts: list[dict[str, Any]] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address over HTTP, with a secret in it."""
        return f"json://127.0.0.1:{self.port}/s3cr3t?{PATIENT}"


@contextmanager
def http_inbox() -> Iterator[Inbox]:
    """Take JSON that is posted."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            inbox.posts.append(json.loads(body))
            self.send_response(inbox.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Handler), inbox):
        yield inbox


@contextmanager
def mail_inbox() -> Iterator[Inbox]:
    """Take mail."""
    inbox = Inbox()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline():
                command = line[:4].upper()
                if command == b"DATA":
                    self._say("354 go on")
                    mail = message_from_bytes(self._data(), policy=policy.default)
                    inbox.mails.append(mail)
                self._say("221 bye" if command == b"QUIT" else "250 ok")

        def _data(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            return b"".join(lines)

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with _running(ThreadingTCPServer(("127.0.0.1", 0), Handler), inbox):
        yield inbox


@contextmanager
def _running(server: TCPServer, inbox: Inbox) -> Iterator[None]:
    _, inbox.port = server.socket.getsockname()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
