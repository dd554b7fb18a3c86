"""Lets only those who know the viewer's password see the site; stands in front of all of it.

    signed in, or open to all ──▶ the application
    anybody else, GET         ──▶ 303 to /sign-in, which leads back
    anybody else, otherwise   ──▶ 404, as for any unknown path

    GET /sign-in, POST /sign-in, GET /sign-out, POST /sign-out; anything else there ──▶ 405

What is not named here as open to all is closed, so a page that is added later is, too. Only forms
of this site are taken: a browser says where a form was sent from.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import time
from collections.abc import Callable, Sequence
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import msgspec

from eventlog.layout import Layout
from ingest.answers import PROBLEM, problem_content
from reports import words
from reports.environment import STATIC
from reports.links import SIGN_IN, SIGN_OUT, SIGNED_IN
from reports.reader import Reader, ReaderError
from reports.routes import SECURITY_HEADERS
from reports.sign_in import sign_in_page
from sms_analytics import password
from sms_analytics.asgi import App, Headers, Receive, Scope, Send, answer, header
from sms_analytics.attempts import Attempts
from sms_analytics.password import PasswordError
from sms_analytics.sessions import Sessions

log = logging.getLogger(__name__)

FORM_BYTES_MAX = 8 * 1024
FORM_SECONDS_MAX = 10.0
COOKIE = "sms_analytics_session"
METRICS = "/metrics"
OPEN = ("/healthz", "/readyz", "/schema/openapi.json")
_STATIC_FILE = re.compile(re.escape(STATIC) + r"/[^/]+")
_UNKNOWN = msgspec.json.encode(problem_content(404, "Not Found", "There is nothing here."))
_METHODS = ("GET", "HEAD", "POST")
_NOT_SO = msgspec.json.encode(
    problem_content(405, "Method Not Allowed", f"This is asked for with {', '.join(_METHODS)}.")
)

WRONG = "That is not the password."
NOT_OURS = "The form came from another site. Open this page anew and try again."
TOO_OFTEN = "Too many attempts. Try again in {}."
BUSY = "The server is busy. Try again in a moment."
NOT_NEEDED = "No password is set: the site is open to all."
UNREADABLE = "The password cannot be checked; the server's log says why."


class _RefusedError(Exception):
    """A form is not taken: the status of the answer, the sentence, and seconds to wait, if so."""

    def __init__(self, status: int, said: str, wait_seconds: int = 0) -> None:
        super().__init__(said)
        self.status, self.said, self.wait_seconds = status, said, wait_seconds


class SignIn:
    """The door of the site. Without a password, and if none is required, it stands open."""

    def __init__(
        self,
        app: App,
        layout: Layout,
        reader: Reader,
        *,
        required: bool,
        session_seconds: float,
        public_url: str | None = None,
        behind_trusted_proxy: bool = False,
        metrics_addresses: Sequence[IPv4Network | IPv6Network] = (),
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`required` asks for a password even if none is set: then nobody gets in.

        `metrics_addresses` may read /metrics without signing in.
        """
        self._app = app
        self._file = layout.viewer_password
        self._sessions = Sessions(layout.viewer_sessions, session_seconds)
        self._reader = reader
        self._required = required
        self._public = urlsplit(public_url or "")
        self._behind_trusted_proxy = behind_trusted_proxy
        self._metrics_addresses = metrics_addresses
        self._attempts = Attempts(layout.viewer_attempts)
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] in (SIGN_IN, SIGN_OUT):
            await self._form(scope, receive, send)
        elif not self._is_closed() or self._is_open(scope):
            await self._app(scope, receive, send)
        elif self._is_signed_in(scope):
            await self._app({**scope, SIGNED_IN: True}, receive, send)
        else:
            await self._turn_away(scope, send)

    def _is_closed(self) -> bool:
        # Once closed, for good: a file that is gone must not open the site.
        self._required = self._required or password.is_set(self._file)
        return self._required

    def _is_open(self, scope: Scope) -> bool:
        path = scope["path"]
        if path in OPEN or _STATIC_FILE.fullmatch(path):
            return True
        return path == METRICS and self._may_scrape(scope)

    def _may_scrape(self, scope: Scope) -> bool:
        forwarded = header(scope, b"x-forwarded-for") is not None
        if forwarded and not self._behind_trusted_proxy:
            return False  # the address is that of a proxy, and whom it asks for is unknown
        try:
            address = ip_address(_address(scope))
        except ValueError:
            return False
        return any(address in network for network in self._metrics_addresses)

    def _is_signed_in(self, scope: Scope) -> bool:
        token = self._token(scope)
        return token is not None and self._sessions.holds(token, self._clock())

    def _token(self, scope: Scope) -> str | None:
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(header(scope, b"cookie") or "")
        except CookieError:
            return None
        found = cookies.get(self._cookie_name(scope))
        return found.value if found else None

    def _is_secure(self, scope: Scope) -> bool:
        """Tell whether the browser speaks TLS: to us, or to a proxy that is known to."""
        by_public_url = self._public.scheme == "https" and _host(scope) == self._public.netloc
        return scope["scheme"] == "https" or by_public_url

    def _cookie_name(self, scope: Scope) -> str:
        return f"__Host-{COOKIE}" if self._is_secure(scope) else COOKIE

    async def _turn_away(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, 404, [(b"content-type", PROBLEM.encode())], _UNKNOWN)
            return
        query = scope["query_string"].decode("latin-1")
        asked = quote(scope["path"], safe="/") + (f"?{query}" if query else "")
        # A webhook's path may hold a token, which belongs into no other address.
        is_webhook = scope["path"].startswith("/webhooks")
        onward = "" if is_webhook or asked == "/" else f"?{urlencode({'next': asked})}"
        await _redirect(send, SIGN_IN + onward)

    async def _form(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in _METHODS:
            allow = (b"allow", ", ".join(_METHODS).encode())
            await answer(send, 405, [(b"content-type", PROBLEM.encode()), allow], _NOT_SO)
            return
        onward = "/"
        try:
            if scope["path"] == SIGN_OUT:
                await self._sign_out(scope, send)
            elif scope["method"] == "POST":
                self._check_origin(scope)
                if not self._is_closed():
                    raise _RefusedError(404, NOT_NEEDED)
                form = parse_qs((await _body(receive)).decode("utf-8", "replace"))
                onward = local(form.get("next", [""])[0])
                await self._sign_in(scope, send, form.get("password", [""])[0], onward)
            else:
                await self._ask(scope, send)
        except _RefusedError as refused:
            headers = [(b"retry-after", b"%d" % refused.wait_seconds)]
            page = sign_in_page(onward, refused.said)
            await _page(send, refused.status, page, headers if refused.wait_seconds else [])

    async def _ask(self, scope: Scope, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        onward = local(query.get("next", [""])[0])
        if not self._is_closed() or self._is_signed_in(scope):
            await _redirect(send, onward)
        else:
            await _page(send, 200, sign_in_page(onward), [])

    async def _sign_in(self, scope: Scope, send: Send, tried: str, onward: str) -> None:
        address = _address(scope)
        if wait := self._begun(address):
            seconds = math.ceil(wait)
            raise _RefusedError(429, TOO_OFTEN.format(words.seconds(seconds)), seconds)
        if not await self._is_right(tried):
            log.warning("sign-in refused", extra={"why": "wrong password"})
            raise _RefusedError(403, WRONG)
        try:
            self._attempts.succeeded(address)
            token = self._sessions.begin(self._clock())
        except OSError as error:
            log.error("session not begun", extra={"error": error.strerror})
            raise _RefusedError(503, BUSY, 5) from error
        await _redirect(send, onward, [self._cookie(scope, token, self._sessions.lifetime_seconds)])

    def _begun(self, address: str) -> float:
        """Count an attempt; return 0, or for how many seconds it must wait."""
        try:
            return self._attempts.begin(address, time.monotonic())
        except OSError as error:
            log.error("attempt not counted", extra={"error": error.strerror})
            raise _RefusedError(503, BUSY, 5) from error

    async def _is_right(self, tried: str) -> bool:
        if len(tried) > password.CHARACTERS_MAX:
            return False
        try:
            return await self._reader.run(password.matches, self._file, tried)
        except ReaderError as error:
            raise _RefusedError(503, BUSY, 5) from error
        except PasswordError as error:
            log.error("password not read", extra={"error": str(error)})
            raise _RefusedError(503, UNREADABLE) from error

    async def _sign_out(self, scope: Scope, send: Send) -> None:
        if scope["method"] != "POST":
            await _redirect(send, "/")
            return
        self._check_origin(scope)
        if token := self._token(scope):
            self._sessions.end(token)
        forget = [self._cookie(scope, "", 0), (b"clear-site-data", b'"cache"')]
        await _redirect(send, SIGN_IN, forget)

    def _cookie(self, scope: Scope, token: str, seconds: float) -> tuple[bytes, bytes]:
        parts = [f"{self._cookie_name(scope)}={token}", "Path=/", f"Max-Age={seconds:.0f}"]
        parts += ["HttpOnly", "SameSite=Lax", *(["Secure"] if self._is_secure(scope) else [])]
        return b"set-cookie", "; ".join(parts).encode()

    def _check_origin(self, scope: Scope) -> None:
        """Take no form that a browser sent from another site. Raises `_RefusedError`."""
        site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
        if site is not None:
            is_ours = site in ("same-origin", "none")
        else:  # a browser over plain HTTP says only this; what says nothing is no browser
            hosts = {_host(scope), self._public.netloc} - {""}
            is_ours = origin is None or origin.partition("://")[2] in hosts
        if not is_ours:
            raise _RefusedError(403, NOT_OURS)


def local(onward: str) -> str:
    """Return where to go after signing in: a path of this site, or else its first page."""
    is_path = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    if not (is_path and onward.isprintable()) or onward.partition("?")[0] == SIGN_IN:
        return "/"
    return onward


def _host(scope: Scope) -> str:
    return header(scope, b"host") or ""


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def _redirect(send: Send, to: str, headers: Headers | None = None) -> None:
    location = (b"location", quote(to, safe="/?&=%+:,@!$'()*;~-._").encode())
    await answer(send, 303, [location, (b"cache-control", b"no-store"), *(headers or [])])


async def _page(send: Send, status: int, page: bytes, headers: Headers) -> None:
    kind = (b"content-type", b"text/html; charset=utf-8")
    kept = (b"cache-control", b"no-store")
    await answer(send, status, [kind, kept, *SECURITY_HEADERS, *headers], page)


async def _body(receive: Receive) -> bytes:
    """Return a form's body. Raises `_RefusedError` when it is too large or too slow."""
    body: bytes = b""
    try:
        async with asyncio.timeout(FORM_SECONDS_MAX):
            while True:
                message = await receive()
                body += bytes(message.get("body", b""))
                if len(body) > FORM_BYTES_MAX:
                    raise _RefusedError(413, WRONG)
                if message["type"] != "http.request" or not message.get("more_body"):
                    return body
    except TimeoutError:
        raise _RefusedError(408, BUSY) from None
