"""The tokens in the webhook's URL: who knows one may post.

    tokens/3f9a1c2e.json    {"sha256": …, "label": …, "created_at": …}, never changed
    tokens/3f9a1c2e.used    touched when it was used, at most once a minute

A token is shown once, when it is made; only its SHA-256 is kept. Several hold at a time, so that
one can be replaced without losing a webhook. One file a token needs no lock: it appears whole and
goes whole, whoever is reading. The folder itself says that a token is required: whoever revokes
the last one closes the endpoint and does not open it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from eventlog.durable import make_folder, replace_file, sync_folders

PREFIX = "smsa_"
RANDOM_BYTES = 24
LABEL_LENGTH_MAX = 64

_SHAPE = re.compile(PREFIX + r"[A-Za-z0-9_-]{32}")
_ID = re.compile(r"[0-9a-f]{8}")


class TokensError(Exception):
    """The tokens cannot be read or changed.

    TokensError
    └── UnknownTokenError    no token has that id
    """


class UnknownTokenError(TokensError):
    """No token has that id."""


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    sha256: str
    label: str
    created_at: datetime


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is kept: everything but the token."""

    token_id: str
    sha256: str
    label: str
    created_at: datetime

    def is_of(self, secret: str) -> bool:
        """Tell whether `secret` is this token, in a time that does not depend on the answer."""
        return hmac.compare_digest(self.sha256, digest(secret))


def looks_like_token(text: str) -> bool:
    """Tell whether a text has the shape of a token, ours or another installation's."""
    return _SHAPE.fullmatch(text) is not None


def holds_token(text: str) -> bool:
    """Tell whether something that looks like a token stands anywhere in a text."""
    return PREFIX in text and _SHAPE.search(text) is not None


def digest(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def create(folder: Path, label: str, now: datetime) -> tuple[Token, str]:
    """Make a token; return what is kept of it, and the token itself. Raises `TokensError`."""
    if len(label) > LABEL_LENGTH_MAX or not label.isprintable():
        raise TokensError(f"a label has at most {LABEL_LENGTH_MAX} characters, all printable")
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token_id = secrets.token_hex(4)
    kept = _Kept(sha256=digest(secret), label=label, created_at=now.astimezone(UTC))
    try:
        make_folder(folder)
        aside = folder / f".{token_id}.new"
        aside.write_bytes(msgspec.json.encode(kept) + b"\n")
        replace_file(aside, _path(folder, token_id))
    except OSError as error:
        raise TokensError(f"the token could not be kept: {error}") from error
    return _token(token_id, kept), secret


def ids(folder: Path) -> set[str]:
    """Return the ids of the tokens that hold. Raises `TokensError`."""
    try:
        names = [path.stem for path in folder.iterdir() if path.suffix == ".json"]
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise TokensError(f"{folder} cannot be read: {error.strerror}") from error
    return {name for name in names if _ID.fullmatch(name)}


def read(folder: Path, token_id: str) -> Token:
    """Return one token. Raises `TokensError`."""
    path = _path(folder, token_id)
    try:
        return _token(token_id, msgspec.json.decode(path.read_bytes(), type=_Kept))
    except FileNotFoundError as error:
        raise UnknownTokenError(f"no token has the id {token_id}") from error
    except (OSError, ValueError) as error:
        raise TokensError(f"{path} cannot be read; remove it to revoke the token") from error


def tokens(folder: Path) -> list[Token]:
    """Return the tokens that hold, the oldest first. Raises `TokensError`."""
    return sorted(
        (read(folder, token_id) for token_id in ids(folder)), key=lambda token: token.created_at
    )


def revoke(folder: Path, token_id: str) -> None:
    """Make a token hold no longer. Raises `TokensError`."""
    if not _ID.fullmatch(token_id):
        raise UnknownTokenError("that is no token's id; `sms-analytics token list` shows them")
    try:
        _path(folder, token_id).unlink()
        _used_path(folder, token_id).unlink(missing_ok=True)
        sync_folders([folder])
    except FileNotFoundError as error:
        raise UnknownTokenError(f"no token has the id {token_id}") from error
    except OSError as error:
        raise TokensError(f"the token could not be revoked: {error}") from error


def note_use(folder: Path, token_id: str) -> None:
    """Remember that a token was used just now, as well as may be: losing this loses nothing."""
    _used_path(folder, token_id).touch()


def last_used(folder: Path, token_id: str) -> datetime | None:
    """Return when a token was last used, to the minute; None if never."""
    try:
        return datetime.fromtimestamp(_used_path(folder, token_id).stat().st_mtime, UTC)
    except OSError:
        return None


def _path(folder: Path, token_id: str) -> Path:
    return folder / f"{token_id}.json"


def _used_path(folder: Path, token_id: str) -> Path:
    return folder / f"{token_id}.used"


def _token(token_id: str, kept: _Kept) -> Token:
    return Token(token_id=token_id, **msgspec.structs.asdict(kept))
