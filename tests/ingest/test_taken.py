"""A key that was taken is found once for each time that it was taken, and no other is."""

from __future__ import annotations

import random

from ingest.taken import KEY_BYTES, Taken


def test_each_key_is_crossed_off_as_often_as_it_was_taken() -> None:
    chance = random.Random(3)
    # Few bytes and few beginnings: crowded buckets, and keys that lie across two others.
    keys = [bytes([0, chance.randrange(2)]) + chance.choice([b"\0", b"\1"]) * 14 for _ in range(60)]
    keys += [b"\0\1" * 8] * 3
    taken = Taken([b"".join(keys[:30]), b"", b"".join(keys[30:])])
    chance.shuffle(keys)
    assert all(taken.cross_off(key) for key in keys)
    assert not any(taken.cross_off(key) for key in keys)


def test_a_key_across_two_others_was_not_taken() -> None:
    pair = b"\0" * 8 + b"\1" * 8 + b"\0" * 8 + b"\1" * 8
    assert not Taken([pair]).cross_off(pair[8 : 8 + KEY_BYTES])
    shifted = b"\0\0" + b"\0" * 5 + b"\1" * 9
    assert not Taken([b"\0" * 16 + b"\0\0" + b"\1" * 14]).cross_off(shifted)
