"""What a network is called, by the shipped lists, looked up row by row."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

LISTS = Path(__file__).parents[2] / "analytics" / "networks"


@dataclass(frozen=True)
class Name:
    """A network on one day, its code spelt as its country spells it."""

    mcc: str
    mnc: str
    network: str
    country: str | None
    is_known: bool


@cache
def listed() -> list[dict[str, str]]:
    """Return the rows of the list, those of a corrected code replaced by its corrections."""
    rows, corrections = (
        list(csv.DictReader((LISTS / name).read_text(encoding="utf-8").splitlines()))
        for name in ("networks.csv", "corrections.csv")
    )
    corrected = {(row["mcc"], row["mnc"]) for row in corrections}
    return [row for row in rows if (row["mcc"], row["mnc"]) not in corrected] + corrections


@cache
def name_of(mcc: str, raw_mnc: str, day: date) -> Name:
    """Return what the network with this code on the wire was called on a day."""
    mnc = spelt(mcc, raw_mnc)
    for row in listed():
        if (row["mcc"], row["mnc"]) == (mcc, mnc) and _holds(row, day):
            return Name(mcc, mnc, row["network"], row["country"] or None, is_known=True)
    of_mcc = [row["country"] for row in listed() if row["mcc"] == mcc]
    countries = Counter(country for country in of_mcc if country)
    country = countries.most_common(1)[0][0] if countries else None
    return Name(mcc, mnc, f"{mcc}-{mnc}", country, is_known=False)


def spelt(mcc: str, mnc: str) -> str:
    """Return a code as its country spells it, or as it came where that cannot be told."""
    known = {row["mnc"] for row in listed() if row["mcc"] == mcc}
    same = [code for code in known if int(code) == int(mnc)]
    if mnc in known:
        return mnc
    if len(same) == 1:
        return same[0]
    widths = {len(code) for code in known}
    if len(widths) == 1 and len(str(int(mnc))) <= min(widths):
        return str(int(mnc)).zfill(min(widths))
    return mnc


def _holds(row: dict[str, str], day: date) -> bool:
    return (row["valid_from"] or "0001-01-01") <= day.isoformat() <= (row["valid_to"] or "9999")
