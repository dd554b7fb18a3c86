"""The names of networks: a shipped list, our corrections on top, and an installation's own.

    networks.csv ◀── refresh ── the npm package mcc-mnc-list
    networks.csv + corrections.csv + overrides ──load──▶ [Network] ──resolve──▶ [NetworkCode]

A later file replaces all that an earlier one says of the same (mcc, mnc). Codes are text as on the
wire: `03`, `3` and `003` are spelt differently and may mean the same or not; see `normal_mnc`.
"""

from __future__ import annotations

import csv
import json
import sys
import tarfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "networks"
NETWORKS = DATA / "networks.csv"
CORRECTIONS = DATA / "corrections.csv"
COLUMNS = ("mcc", "mnc", "network", "country", "country_code", "valid_from", "valid_to")
PACKAGE_LIST = "package/mcc-mnc-list.json"

Codes = Mapping[str, Collection[str]]


class NetworksError(Exception):
    """A list of networks could not be read, or contradicts itself."""


@dataclass(frozen=True, order=True)
class Network:
    """Who has a code, from the first to the last day given; None is open-ended."""

    mcc: str
    mnc: str
    network: str
    country: str | None
    country_code: str | None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class NetworkCode:
    """What a code as spelt on the wire means from one day to another, both inclusive."""

    raw_mcc: str
    raw_mnc: str
    mcc: str
    mnc: str
    network: str
    country: str | None
    valid_from: date
    valid_to: date
    is_known: bool


def load(overrides: Path | None = None) -> list[Network]:
    """Return the networks, by code and date. Raises `NetworksError`."""
    paths = [NETWORKS, CORRECTIONS, *([overrides] if overrides else [])]
    return merge([_read(path) for path in paths])


def merge(lists: Iterable[Iterable[Network]]) -> list[Network]:
    """Lay lists on each other: a later one replaces every row of the codes that it names."""
    merged: dict[tuple[str, str], list[Network]] = {}
    for networks in lists:
        by_code: defaultdict[tuple[str, str], list[Network]] = defaultdict(list)
        for network in networks:
            by_code[network.mcc, network.mnc].append(network)
        merged |= by_code
    return [network for code in sorted(merged) for network in _in_order(merged[code])]


def _in_order(networks: list[Network]) -> list[Network]:
    ordered = sorted(networks, key=lambda network: network.valid_from or date.min)
    for earlier, later in pairwise(ordered):
        if (earlier.valid_to or date.max) >= (later.valid_from or date.min):
            raise NetworksError(f"two names for {later.mcc}-{later.mnc} on {later.valid_from}")
    return ordered


def _read(path: Path) -> Iterator[Network]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield _network(row)
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise NetworksError(f"cannot read the networks in {path}: {error}") from error


def _network(row: Mapping[str, str]) -> Network:
    return Network(
        mcc=row["mcc"],
        mnc=row["mnc"],
        network=row["network"],
        country=row["country"] or None,
        country_code=row["country_code"] or None,
        valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def codes_of(networks: Iterable[Network]) -> dict[str, set[str]]:
    """Return the known MNCs of each MCC."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for network in networks:
        codes[network.mcc].add(network.mnc)
    return dict(codes)


def normal_mnc(mcc: str, mnc: str, codes: Codes) -> str:
    """Return the MNC spelt as its country spells it, or as it came where that cannot be told.

    A code that is listed stays. Otherwise leading zeros are added or taken away: to the only
    listed code that this gives, else to the country's width, if all its codes have one width.
    """
    known = codes.get(mcc, ())
    if mnc in known or not (mnc.isascii() and mnc.isdigit()):
        return mnc
    digits = mnc.lstrip("0")
    spellings = [code for code in known if code.lstrip("0") == digits]
    if len(spellings) == 1:
        return spellings[0]
    widths = {len(code) for code in known}
    if len(widths) == 1 and len(digits) <= (width := widths.pop()):
        return digits.zfill(width)
    return mnc


def resolve(
    pairs: Iterable[tuple[str, str]], networks: Collection[Network]
) -> Iterator[NetworkCode]:
    """Say what each raw (mcc, mnc) means, for every day there is: unknown codes get a name too."""
    codes = codes_of(networks)
    countries = _countries(networks)
    by_code: defaultdict[tuple[str, str], list[Network]] = defaultdict(list)
    for network in networks:
        by_code[network.mcc, network.mnc].append(network)
    for mcc, raw_mnc in pairs:
        mnc = normal_mnc(mcc, raw_mnc, codes)
        unknown = Network(mcc, mnc, f"{mcc}-{mnc}", countries.get(mcc), None)
        for network, first, last in _timeline(by_code[mcc, mnc], unknown):
            yield NetworkCode(
                mcc, raw_mnc, mcc, mnc, network.network, network.country, first, last,
                is_known=network is not unknown,
            )  # fmt: skip


def _countries(networks: Iterable[Network]) -> dict[str, str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for network in networks:
        if network.country:
            counts[network.mcc][network.country] += 1
    return {mcc: countries.most_common(1)[0][0] for mcc, countries in counts.items()}


def _timeline(
    networks: Iterable[Network], unknown: Network
) -> Iterator[tuple[Network, date, date]]:
    """Cover all days from the first to the last that a date can be, gaps with `unknown`."""
    day = date.min
    for network in networks:
        first, last = network.valid_from or date.min, network.valid_to or date.max
        if first > day:
            yield unknown, day, first - timedelta(days=1)
        yield network, first, last
        if last == date.max:
            return
        day = last + timedelta(days=1)
    yield unknown, day, date.max


def refresh(source: Path, target: Path = NETWORKS) -> int:
    """Make `target` again from mcc-mnc-list, its tarball or its JSON; return the rows written.

    Raises `NetworksError`.
    """
    try:
        rows = _package_rows(source)
        networks = sorted(_listed(rows))
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise NetworksError(f"cannot read the networks in {source}: {error}") from error
    if not networks:
        raise NetworksError(f"there are no networks in {source}")
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            (each.mcc, each.mnc, each.network, each.country, each.country_code, None, None)
            for each in networks
        )
    return len(networks)


def _package_rows(source: Path) -> list[dict[str, Any]]:
    if source.suffix == ".json":
        return json.loads(source.read_bytes())  # type: ignore[no-any-return]
    with tarfile.open(source) as archive:
        member = archive.extractfile(PACKAGE_LIST)
        return json.loads(member.read() if member else b"")  # type: ignore[no-any-return]


def _listed(rows: list[dict[str, Any]]) -> Iterator[Network]:
    """Yield one network per code, the best of what the list says; rows without a code are left."""
    sizes = Counter((row["mcc"], row["countryName"]) for row in rows)
    best: dict[tuple[str, str], dict[str, Any]] = {}

    def rank(row: dict[str, Any]) -> tuple[bool, bool, int]:
        """Prefer what operates, then what has a brand, then the country with most codes."""
        operates = row["status"] == "Operational"
        return operates, bool(row["brand"]), sizes[row["mcc"], row["countryName"]]

    for row in rows:
        code = row["mcc"], row["mnc"]
        if _is_code(*code) and (code not in best or rank(row) > rank(best[code])):
            best[code] = row
    for (mcc, mnc), row in best.items():
        name = row["brand"] or row["operator"]
        if name and name != "Unassigned":
            yield Network(mcc, mnc, _tidy(name), _country(row["countryName"]), row["countryCode"])


def _is_code(mcc: str | None, mnc: str | None) -> bool:
    return (
        mcc is not None and mcc.isdigit() and len(mcc) == 3
        and mnc is not None and mnc.isdigit() and len(mnc) in (2, 3)
    )  # fmt: skip


def _country(name: str | None) -> str | None:
    """Leave out what follows in brackets, the state that a territory belongs to."""
    return name.split(" (")[0] if name else None


def _tidy(name: str) -> str:
    return " ".join(name.split())


if __name__ == "__main__":
    print(f"{refresh(Path(sys.argv[1]))} networks")
