"""Tokens: shown once, kept as a digest, several at a time, gone when revoked."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import tokens
from ingest.tokens import TokensError, UnknownTokenError

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_a_token_is_kept_as_its_digest_and_nothing_else(tmp_path: Path) -> None:
    token, secret = tokens.create(tmp_path / "tokens", "prod", NOW)
    (file,) = (tmp_path / "tokens").iterdir()
    content = file.read_text()
    assert hashlib.sha256(secret.encode()).hexdigest() in content
    assert secret.removeprefix(tokens.PREFIX) not in content
    assert (token.label, token.created_at) == ("prod", NOW)
    assert token.is_of(secret)
    assert not token.is_of(secret + "x")


def test_a_token_has_128_random_bits_at_least_and_a_shape_of_its_own(tmp_path: Path) -> None:
    secrets = {tokens.create(tmp_path, "", NOW)[1] for _ in range(50)}
    assert len(secrets) == 50
    assert tokens.RANDOM_BYTES * 8 >= 128
    assert all(tokens.looks_like_token(secret) for secret in secrets)
    for other in ["", "spring", "smsa_", "smsa_spring", "x" * 37, f"{secrets.pop()}x"]:
        assert not tokens.looks_like_token(other)


def test_several_hold_at_once_until_they_are_revoked(tmp_path: Path) -> None:
    assert tokens.tokens(tmp_path / "none") == []
    old, _ = tokens.create(tmp_path, "old", NOW)
    new, _ = tokens.create(tmp_path, "new", NOW.replace(hour=10))
    assert tokens.tokens(tmp_path) == [old, new]
    tokens.note_use(tmp_path, old.token_id)
    tokens.revoke(tmp_path, old.token_id)
    assert tokens.tokens(tmp_path) == [new]
    assert [path.name for path in tmp_path.iterdir()] == [f"{new.token_id}.json"]


@pytest.mark.parametrize("token_id", ["00000000", "", "../../x", "00000000.json"])
def test_an_unknown_id_cannot_be_revoked(tmp_path: Path, token_id: str) -> None:
    tokens.create(tmp_path, "", NOW)
    with pytest.raises(UnknownTokenError):
        tokens.revoke(tmp_path, token_id)


@pytest.mark.parametrize("label", ["x" * 65, "a\nb", "\x1b[2J"])
def test_a_label_is_short_and_printable(tmp_path: Path, label: str) -> None:
    with pytest.raises(TokensError, match="label"):
        tokens.create(tmp_path, label, NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_last_use_is_remembered(tmp_path: Path) -> None:
    token, _ = tokens.create(tmp_path, "", NOW)
    assert tokens.last_used(tmp_path, token.token_id) is None
    tokens.note_use(tmp_path, token.token_id)
    assert tokens.last_used(tmp_path, token.token_id) is not None


def test_a_damaged_token_is_named(tmp_path: Path) -> None:
    token, _ = tokens.create(tmp_path, "", NOW)
    (tmp_path / f"{token.token_id}.json").write_text("{}")
    with pytest.raises(TokensError, match=f"{token.token_id}.json"):
        tokens.tokens(tmp_path)
