"""What `sms-analytics token` and `password` do and print."""

from __future__ import annotations

from datetime import datetime

from ingest import tokens
from sms_analytics import password
from sms_analytics.password import PasswordError
from sms_analytics.sessions import Sessions
from sms_analytics.settings import Settings

NEVER = "never"


def create(settings: Settings, label: str, now: datetime) -> str:
    """Make a token and say what there is to know of it. Raises `TokensError`."""
    token, secret = tokens.create(settings.layout.tokens, label, now)
    url = webhook_url(_base(settings), secret)
    return f"id     {token.token_id}\ntoken  {secret}\nURL    {url}"


def webhook_url(base: str, token: str | None) -> str:
    """Return the webhook's address; `base` may end with a slash."""
    url = f"{base.rstrip('/')}/webhooks/smso"
    return f"{url}/{token}" if token else url


def _base(settings: Settings) -> str:
    server = settings.server
    host = f"[{server.host}]" if ":" in server.host else server.host
    return server.public_url or f"http://{host}:{server.port}"


def listed(settings: Settings) -> list[str]:
    """Return a line for each token that holds, under a line of headings; none for none.

    Raises `TokensError`.
    """
    folder = settings.layout.tokens
    rows = [
        (token.token_id, _minute(token.created_at), _used(settings, token), token.label)
        for token in tokens.tokens(folder)
    ]
    if not rows:
        return []
    headings = ("id", "created", "last used", "label")
    return [f"{a:8}  {b:17}  {c:17}  {d}".rstrip() for a, b, c, d in (headings, *rows)]


def _used(settings: Settings, token: tokens.Token) -> str:
    used = tokens.last_used(settings.layout.tokens, token.token_id)
    return _minute(used) if used else NEVER


def _minute(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%d %H:%MZ")


def revoke(settings: Settings, token_id: str) -> str:
    """Revoke a token and say what that means. Raises `TokensError`."""
    tokens.revoke(settings.layout.tokens, token_id)
    left = len(tokens.ids(settings.layout.tokens))
    if left == 0:
        return f"revoked {token_id}; none is left, so no webhook is taken until you make another"
    return f"revoked {token_id}; {left} left"


def set_password(settings: Settings, given: str) -> str:
    """Set the viewer's password, sign everybody out, and say so. Raises `PasswordError`."""
    password.keep(settings.layout.viewer_password, given)
    _sign_all_out(settings)
    return "the password is set; a running server asks for it from now on"


def remove_password(settings: Settings) -> str:
    """Remove the viewer's password, sign everybody out, and say so. Raises `PasswordError`."""
    password.remove(settings.layout.viewer_password)
    _sign_all_out(settings)
    return "the password is removed; a running server lets nobody in until it is started again"


def _sign_all_out(settings: Settings) -> None:
    try:
        Sessions(settings.layout.viewer_sessions, 0).end_all()
    except OSError as error:
        raise PasswordError(f"sessions could not be ended: {error}") from error
