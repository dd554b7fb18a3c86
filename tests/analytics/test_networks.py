"""Names of networks: spelling, validity, and what the shipped lists hold."""

from __future__ import annotations

import json
import tarfile
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.networks import (
    NETWORKS,
    PACKAGE_LIST,
    Network,
    NetworksError,
    codes_of,
    load,
    merge,
    normal_mnc,
    refresh,
    resolve,
)

CODES = {"226": {"01", "03", "10"}, "334": {"003", "020"}, "405": {"03", "003", "800"}}
ROW = {
    "countryName": "Romania",
    "countryCode": "RO",
    "mcc": "226",
    "mnc": "01",
    "brand": "Vodafone",
    "operator": "Vodafone România",
    "status": "Operational",
}


@pytest.mark.parametrize(
    ("mcc", "raw", "normal"),
    [
        ("226", "3", "03"),
        ("226", "03", "03"),
        ("226", "003", "03"),
        ("226", "9", "09"),
        ("226", "345", "345"),
        ("334", "003", "003"),
        ("334", "03", "003"),
        ("334", "3", "003"),
        ("405", "03", "03"),
        ("405", "003", "003"),
        ("405", "3", "3"),
        ("999", "3", "3"),
        ("226", "", ""),
        ("226", "3a", "3a"),
        ("226", "٣", "٣"),
    ],
)
def test_code_is_spelt_as_its_country_spells_it(mcc: str, raw: str, normal: str) -> None:
    assert normal_mnc(mcc, raw, CODES) == normal


def test_romanian_networks_have_their_short_names() -> None:
    names = {each.mnc: each.network for each in load() if each.mcc == "226" and not each.valid_to}
    assert {mnc: names[mnc] for mnc in ("01", "03", "05", "10")} == {
        "01": "Vodafone",
        "03": "ex-Telekom",
        "05": "Digi",
        "10": "Orange",
    }


def test_name_changes_on_the_day_that_the_network_does() -> None:
    codes = {
        (code.network, code.valid_from, code.valid_to) for code in resolve([("226", "3")], load())
    }
    assert codes == {
        ("Telekom", date.min, date(2025, 9, 30)),
        ("ex-Telekom", date(2025, 10, 1), date.max),
    }


def test_unknown_code_keeps_its_code_as_name_and_its_country() -> None:
    (known,) = resolve([("226", "99")], load())
    (unknown,) = resolve([("888", "77777")], load())
    assert (known.network, known.country, known.is_known) == ("226-99", "Romania", False)
    assert (unknown.network, unknown.country, unknown.mnc) == ("888-77777", None, "77777")


@given(st.lists(st.integers(0, 3000), max_size=6, unique=True).map(sorted))
def test_every_day_has_exactly_one_name(days: list[int]) -> None:
    bounds = [date(2020, 1, 1) + timedelta(days=day) for day in days]
    spans = zip(bounds[::2], bounds[1::2], strict=False)
    networks = [Network("226", "01", f"n{span[0]}", "Romania", "RO", *span) for span in spans]
    codes = list(resolve([("226", "01")], networks))
    assert (codes[0].valid_from, codes[-1].valid_to) == (date.min, date.max)
    for earlier, later in pairwise(codes):
        assert later.valid_from == earlier.valid_to + timedelta(days=1)
    assert {code.network for code in codes if code.is_known} == {each.network for each in networks}


def test_shipped_list_has_only_codes_once_each() -> None:
    networks = load()
    assert len(networks) > 2_500
    assert all(each.mcc.isdigit() and len(each.mcc) == 3 for each in networks)
    assert all(each.mnc.isdigit() and len(each.mnc) in (2, 3) for each in networks)
    assert len({(each.mcc, each.mnc, each.valid_from) for each in networks}) == len(networks)
    assert codes_of(networks)["226"] >= {"01", "03", "05", "10"}
    assert NETWORKS.stat().st_size < 150_000


def test_two_names_on_one_day_are_refused() -> None:
    names = [Network("226", "03", name, "Romania", "RO") for name in ("Telekom", "Cosmote")]
    with pytest.raises(NetworksError, match="226-03"):
        merge([names])


def test_installation_overrides_a_name(tmp_path: Path) -> None:
    path = tmp_path / "ours.csv"
    path.write_text(
        "mcc,mnc,network,country,country_code,valid_from,valid_to\n226,03,Ours,Romania,RO,,\n"
    )
    names = [each.network for each in load(path) if (each.mcc, each.mnc) == ("226", "03")]
    assert names == ["Ours"]
    path.write_text("mcc,mnc\n226,03\n")
    with pytest.raises(NetworksError, match=r"ours\.csv"):
        load(path)


@pytest.mark.parametrize("packed", [True, False])
def test_refresh_keeps_the_best_row_of_each_code(tmp_path: Path, packed: bool) -> None:
    rows = [
        ROW | {"brand": "Connex", "status": "Not operational"},
        ROW,
        ROW | {"mnc": "100 - 190"},
        ROW | {"mnc": "?"},
        ROW | {"mnc": None},
        ROW | {"mnc": "04", "brand": None, "operator": "  Telekom   Romania "},
        ROW | {"mnc": "05", "brand": None, "operator": None},
    ]
    source = tmp_path / "mcc-mnc-list.json"
    source.write_text(json.dumps(rows))
    if packed:
        archive = tmp_path / "mcc-mnc-list-1.tgz"
        with tarfile.open(archive, "w:gz") as file:
            file.add(source, PACKAGE_LIST)
        source = archive
    target = tmp_path / "networks.csv"
    assert refresh(source, target) == 2
    assert target.read_text().splitlines()[1:] == [
        "226,01,Vodafone,Romania,RO,,",
        "226,04,Telekom Romania,Romania,RO,,",
    ]


def test_refresh_from_something_else_names_it_and_leaves_the_list(tmp_path: Path) -> None:
    target = tmp_path / "networks.csv"
    target.write_text("before")
    source = tmp_path / "list.json"
    source.write_text("{}")
    with pytest.raises(NetworksError, match=r"list\.json"):
        refresh(source, target)
    assert target.read_text() == "before"
