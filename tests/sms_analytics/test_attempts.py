"""A password can be tried a few times, from one address and by all, and then must wait."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_analytics.attempts import (
    A_CLIENT_MAX,
    ALL_MAX,
    ALL_SECONDS,
    CLIENT_SECONDS,
    Attempts,
    client_of,
)


def test_after_a_few_attempts_an_address_waits_and_others_do_not(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "run" / "attempts.json")
    assert [attempts.begin("198.51.100.7", 100.0 + n) for n in range(A_CLIENT_MAX)] == [0] * 5
    assert attempts.begin("198.51.100.7", 110.0) == CLIENT_SECONDS - 10
    assert attempts.begin("198.51.100.8", 110.0) == 0
    assert attempts.begin("198.51.100.7", 100.0 + CLIENT_SECONDS) == 0


def test_all_together_try_no_more_often_than_the_server_can_check(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "run" / "attempts.json")
    assert {attempts.begin(f"10.0.0.{n}", 0.0) for n in range(ALL_MAX)} == {0}
    assert attempts.begin("10.0.1.1", 1.0) == ALL_SECONDS - 1
    assert attempts.begin("10.0.1.1", ALL_SECONDS) == 0


def test_who_was_right_begins_again_at_zero(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "run" / "attempts.json")
    for _ in range(3 * A_CLIENT_MAX):
        assert attempts.begin("198.51.100.7", 0.0) == 0
        attempts.succeeded("198.51.100.7")


def test_all_processes_count_together_and_a_torn_file_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "attempts.json"
    for n in range(A_CLIENT_MAX):
        assert Attempts(path).begin("198.51.100.7", float(n)) == 0
    assert Attempts(path).begin("198.51.100.7", 10.0) > 0
    assert path.stat().st_mode & 0o077 == 0
    path.write_bytes(path.read_bytes()[:9])
    assert Attempts(path).begin("198.51.100.7", 10.0) == 0


def test_times_of_before_a_restart_of_the_machine_do_not_count(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "attempts.json")
    for n in range(A_CLIENT_MAX):
        attempts.begin("198.51.100.7", 9_000.0 + n)
    assert attempts.begin("198.51.100.7", 5.0) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("unknown", "unknown", True),
    ],
)
def test_an_address_stands_for_whoever_has_it(one: str, other: str, same: bool) -> None:
    assert (client_of(one) == client_of(other)) is same
