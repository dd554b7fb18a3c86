"""What DuckDB says of a query that is wrong, in one line, with what may have been meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches

MEANT_MAX = 3
CUTOFF = 0.6
NO_COLUMN = re.compile(r'Referenced column "(.+?)" not found in FROM clause')
NO_COLUMN_OF = re.compile(r'"(.+?)" does not have a column named "(.+?)"')
NOTHING = re.compile(
    r"(Table|View|Table Function|Scalar Function)s? with name (\S+) does not exist"
)
CANDIDATES = re.compile(r"^Candidate bindings: (.+)$", re.MULTILINE)
MEANT = re.compile(r'^Did you mean "(.+?)"', re.MULTILINE)
QUOTED = re.compile(r'"(.*?)"')
ADVICE = ("Either ", "Did you mean ")


def explain(said: str, columns: Callable[[], Iterable[str]]) -> str:
    """Return what DuckDB said as one line; `columns` gives the names that there are."""
    if found := NO_COLUMN.search(said):
        listed = CANDIDATES.search(said)
        near = QUOTED.findall(listed[1]) if listed else []
        return f"no such column: {found[1]}{meant(found[1], near)}"
    if found := NO_COLUMN_OF.search(said):
        return f"no such column: {found[2]} in {found[1]}{meant(found[2], columns())}"
    if found := NOTHING.search(said):
        kind = "function" if "Function" in found[1] else "view"
        return f"no {kind} is called {found[2]!r}{meant(found[2], MEANT.findall(said))}"
    lines = [line.strip() for line in said.split("\n")]
    return " ".join([lines[0], *(line for line in lines[1:2] if line.startswith(ADVICE))])


def meant(name: str, known: Iterable[str]) -> str:
    """Return what may have been meant by a name, as the rest of a sentence; nothing if nothing."""
    return _listed(get_close_matches(name.lower(), sorted(set(known)), MEANT_MAX, CUTOFF))


def _listed(names: list[str]) -> str:
    if not names:
        return ""
    *first, last = names
    return f"; did you mean {', '.join(first)}{' or ' if first else ''}{last}?"
