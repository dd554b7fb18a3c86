"""A webhook's URL marks it: campaign and other tags, within limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.tags import TAG_LENGTH_MAX, TAGS_MAX, tags_of


def test_query_and_path_give_tags() -> None:
    assert tags_of(b"team=shop&note=ce+mai%20faci", "black-friday") == {
        "campaign": "black-friday",
        "team": "shop",
        "note": "ce mai faci",
    }


def test_the_campaign_of_the_path_goes_before_one_in_the_query() -> None:
    assert tags_of(b"campaign=b", "a") == {"campaign": "a"}
    assert tags_of(b"campaign=b&campaign=c") == {"campaign": "b"}


def test_a_url_that_says_nothing_gives_no_tags() -> None:
    assert tags_of(b"") == {}
    assert tags_of(b"campaign=&=x&") == {}


def test_a_token_is_no_tag() -> None:
    token = "smsa_" + "aB3-_x90" * 4
    query = f"campaign={token}&a=x{token}y&{token}=b&c=d".encode()
    assert tags_of(query, token) == {"c": "d"}


@given(st.binary(max_size=3000), st.text(max_size=100))
def test_tags_stay_within_their_limits(query: bytes, campaign: str) -> None:
    tags = tags_of(query, campaign)
    assert len(tags) <= TAGS_MAX
    assert all(1 <= len(text) <= TAG_LENGTH_MAX for pair in tags.items() for text in pair)
