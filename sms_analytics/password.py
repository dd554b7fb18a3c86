"""The viewer's password: who knows it may see the site.

    viewer/password.json    {"hash": "$argon2id$…"}, for its owner alone

Only an Argon2id hash is kept. To check a password costs a tenth of a second and 64 MiB on purpose,
so a server does it in a reader process.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from eventlog.durable import make_folder, replace_file, sync_folders

CHARACTERS_MIN = 12
CHARACTERS_MAX = 256


class PasswordError(Exception):
    """The viewer's password cannot be set, read or removed."""


class _Kept(msgspec.Struct, frozen=True):
    hash: str


def is_set(file: Path) -> bool:
    """Tell whether there is a password."""
    return file.exists()


def keep(file: Path, password: str) -> None:
    """Make `password` the one that holds. Raises `PasswordError`."""
    from argon2 import PasswordHasher

    if not CHARACTERS_MIN <= len(password) <= CHARACTERS_MAX:
        raise PasswordError(
            f"a password has from {CHARACTERS_MIN} to {CHARACTERS_MAX} characters;"
            f" this one has {len(password)}"
        )
    kept = _Kept(PasswordHasher().hash(password))
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        make_folder(file.parent)
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(msgspec.json.encode(kept) + b"\n")
        _give_to_the_server(aside, file.parent.parent)
        replace_file(aside, file)
    except OSError as error:
        raise PasswordError(f"the password could not be kept: {error}") from error


def _give_to_the_server(file: Path, data: Path) -> None:
    """Let root set the password of a server that runs as the owner of the data directory."""
    owner = data.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.chown(file, owner.st_uid, owner.st_gid)


def remove(file: Path) -> None:
    """Let no password hold. Raises `PasswordError`."""
    try:
        file.unlink()
        sync_folders([file.parent])
    except FileNotFoundError as error:
        raise PasswordError("no password is set") from error
    except OSError as error:
        raise PasswordError(f"the password could not be removed: {error}") from error


def matches(file: Path, password: str) -> bool:
    """Tell whether `password` is the one that holds. Raises `PasswordError` if none can be read."""
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_Kept)
        return PasswordHasher().verify(kept.hash, password)
    except InvalidHashError as error:
        raise PasswordError(f"{file} cannot be read; set the password again") from error
    except VerificationError:
        return False
    except (OSError, msgspec.DecodeError) as error:
        raise PasswordError(f"{file} cannot be read; set the password again") from error
