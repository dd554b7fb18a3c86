"""The gate: who is let in, and that whatever fails lets nobody in."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from ingest import tokens
from ingest.gate import AddressRefusedError, Gate, Keyring, TokenRefusedError

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FOREIGN = "smsa_" + "x" * 32
HERE = "127.0.0.1"


def made(folder: Path) -> tuple[str, str]:
    """Make a token; return its id and the token."""
    token, secret = tokens.create(folder, "", NOW)
    return token.token_id, secret


def refuses(gate: Gate, segments: Sequence[str]) -> bool:
    try:
        gate.admit(HERE, segments)
    except TokenRefusedError:
        return True
    return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tokens"


def test_without_tokens_everybody_is_let_in(folder: Path) -> None:
    gate = Gate(Keyring(folder))
    assert gate.admit(HERE, ()) is None
    assert gate.admit(HERE, ("spring",)) == "spring"
    assert refuses(gate, ("spring", "summer"))


def test_a_token_is_never_a_campaign(folder: Path) -> None:
    gate = Gate(Keyring(folder))
    assert gate.admit(HERE, (FOREIGN,)) is None
    assert gate.admit(HERE, (FOREIGN, "spring")) == "spring"


def test_with_tokens_each_of_them_is_let_in_and_nobody_else(folder: Path) -> None:
    secrets = [made(folder)[1] for _ in range(2)]
    gate = Gate(Keyring(folder))
    for secret in secrets:
        assert gate.admit(HERE, (secret,)) is None
        assert gate.admit(HERE, (secret, "spring")) == "spring"
    for wrong in [(), ("",), ("spring",), (FOREIGN,), (secrets[0][:-1],), ("spring", secrets[0])]:
        assert refuses(gate, wrong), wrong
    assert gate.refused == {"token": 6}


def test_a_server_that_needs_a_token_lets_nobody_in_before_there_is_one(folder: Path) -> None:
    assert refuses(Gate(Keyring(folder, required=True)), ())


def test_changes_are_taken_over(folder: Path) -> None:
    keyring = Keyring(folder)
    gate = Gate(keyring)
    token_id, secret = made(folder)
    keyring.look()
    assert gate.asks_for_token
    assert refuses(gate, ())
    assert not refuses(gate, (secret,))
    tokens.revoke(folder, token_id)
    keyring.look()
    assert refuses(gate, (secret,))


@pytest.mark.parametrize("again", [False, True])
def test_revoking_the_last_token_closes_the_endpoint(folder: Path, again: bool) -> None:
    keyring = Keyring(folder)
    tokens.revoke(folder, made(folder)[0])
    keyring.look()
    gate = Gate(Keyring(folder) if again else keyring)
    assert refuses(gate, ())


def test_a_folder_that_goes_while_the_server_runs_opens_nothing(folder: Path) -> None:
    secret = made(folder)[1]
    keyring = Keyring(folder)
    shutil.rmtree(folder)
    keyring.look()
    assert refuses(Gate(keyring), ())
    assert refuses(Gate(keyring), (secret,))


def test_a_damaged_token_opens_nothing_and_keeps_nobody_in(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (kept_id, kept), (gone_id, gone) = made(folder), made(folder)
    keyring = Keyring(folder)
    (folder / "00000000.json").write_text("")
    tokens.revoke(folder, gone_id)
    for _ in range(3):
        keyring.look()
    gate = Gate(keyring)
    assert not refuses(gate, (kept,))
    assert refuses(gate, (gone,))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert kept_id != gone_id


def test_the_use_of_a_token_is_noted(folder: Path) -> None:
    (used_id, used), (other_id, _) = made(folder), made(folder)
    keyring = Keyring(folder)
    Gate(keyring).admit(HERE, (used,))
    keyring.note_uses()
    assert tokens.last_used(folder, used_id) is not None
    assert tokens.last_used(folder, other_id) is None


@pytest.mark.parametrize(
    ("client", "allowed"),
    [
        ("192.0.2.7", True),
        ("192.0.3.7", False),
        ("2001:db8::5", True),
        ("2001:db9::5", False),
        ("::ffff:192.0.2.7", True),
        ("::ffff:192.0.3.7", False),
        ("", False),
        ("unknown", False),
    ],
)
def test_only_allowed_addresses_are_let_in(client: str, allowed: bool) -> None:
    gate = Gate(allowed_addresses=[ip_network("192.0.2.0/24"), ip_network("2001:db8::/32")])
    if allowed:
        assert gate.admit(client, ()) is None
    else:
        with pytest.raises(AddressRefusedError):
            gate.admit(client, ())
        assert gate.refused == {"address": 1}
