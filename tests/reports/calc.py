"""Opens every public view in LibreOffice, from CSV and from Excel's format, and compares each cell.

python -m tests.reports.calc CATALOGUE

Says of each view how many cells differ from the export: none may as text; as LibreOffice guesses
codes lose their leading zeros. By hand: LibreOffice is on few machines, and takes seconds to begin.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from math import isclose
from pathlib import Path

from analytics.door import Catalogue
from reports.exports import export
from reports.formats import Format
from reports.query import Query

COLUMNS_MAX = 60
AS_TEXT = "/".join(f"{column}/2" for column in range(1, COLUMNS_MAX + 1))
READ = "CSV:44,34,76,1,{},1033,false,false"
WRITE = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false"
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
Cells = list[list[str]]


def opened(files: list[Path], out: Path, filters: list[str]) -> Path:
    """Let LibreOffice open files and write what it read as CSV into a folder."""
    home = f"-env:UserInstallation={(out.parent / 'profile').as_uri()}"
    command: list[str | Path] = [
        "soffice",
        home,
        "--headless",
        *filters,
        "--convert-to",
        WRITE,
        "--outdir",
        out,
    ]
    subprocess.run([*command, *files], check=True, capture_output=True)
    return out


def cells(path: Path) -> Cells:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def differing(ours: Cells, theirs: Cells) -> Iterator[tuple[str, str]]:
    """Yield the cells that are not the same, nor the same number, instant or truth."""
    nothing: list[str] = []
    for our_row, their_row in zip_longest(ours, theirs, fillvalue=nothing):
        for pair in zip_longest(our_row, their_row, fillvalue=""):
            if not _is_same(*pair):
                yield pair


def _is_same(our: str, their: str) -> bool:
    """Compare: a cell's text has no apostrophe before it, and its instant no letters in it."""
    plain = our.removeprefix("'")
    instant = plain.replace("T", " ").removesuffix("Z").partition(".")[0]
    if their in (our, plain, instant, plain.upper()):
        return True
    has_zeros = our.startswith("0") and our.isdigit() and our != "0"
    try:
        return not has_zeros and isclose(float(our), float(their), rel_tol=1e-13)
    except ValueError:
        return False


def _exported(catalogue: Path, name: str, kind: Format, folder: Path) -> Path:
    return export(catalogue, name, kind, folder / f"{name}.{kind}", show_personal_data=True)


def main(catalogue: Path) -> None:
    """Compare all views of a catalogue, with whatever personal data there is."""
    with Catalogue.open(catalogue) as at:
        names = Query("public_views").run(at)["name"].to_list()
    with tempfile.TemporaryDirectory() as folder:
        files = {
            kind: [_exported(catalogue, name, kind, Path(folder)) for name in names]
            for kind in FORMATS
        }
        ways = {
            "csv as text": (files["csv"], [f"--infilter={READ.format(AS_TEXT)}"]),
            "csv as guessed": (files["csv"], [f"--infilter={READ.format('')}"]),
            "xlsx": (files["xlsx"], []),
        }
        for way, (listed, filters) in ways.items():
            out = opened(listed, Path(folder) / way, filters)
            for name in names:
                ours = cells(Path(folder) / f"{name}.csv")
                found = list(differing(ours, cells(out / f"{name}.csv")))
                print(f"{way:15}{name:22}{len(ours) - 1:>8} rows{len(found):>6}", found[:2] or "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
