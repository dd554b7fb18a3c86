"""A password can be tried a few times, from one address and by all, and then must wait."""

from __future__ import annotations

import pytest

from sms_analytics.attempts import (
    A_CLIENT_MAX,
    ALL_MAX,
    ALL_SECONDS,
    CLIENT_SECONDS,
    Attempts,
    client_of,
)


def test_after_a_few_attempts_an_address_waits_and_others_do_not() -> None:
    attempts = Attempts()
    assert [attempts.begin("198.51.100.7", 100.0 + n) for n in range(A_CLIENT_MAX)] == [0] * 5
    assert attempts.begin("198.51.100.7", 110.0) == CLIENT_SECONDS - 10
    assert attempts.begin("198.51.100.8", 110.0) == 0
    assert attempts.begin("198.51.100.7", 100.0 + CLIENT_SECONDS) == 0


def test_all_together_try_no_more_often_than_the_server_can_check() -> None:
    attempts = Attempts()
    assert {attempts.begin(f"10.0.0.{n}", 0.0) for n in range(ALL_MAX)} == {0}
    assert attempts.begin("10.0.1.1", 1.0) == ALL_SECONDS - 1
    assert attempts.begin("10.0.1.1", ALL_SECONDS) == 0


def test_who_was_right_begins_again_at_zero() -> None:
    attempts = Attempts()
    for _ in range(3 * A_CLIENT_MAX):
        assert attempts.begin("198.51.100.7", 0.0) == 0
        attempts.succeeded("198.51.100.7")


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
