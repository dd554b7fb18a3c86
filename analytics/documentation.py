"""The page on the views, made from their meanings: `python -m analytics.documentation`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics.catalogue import HERE, TABLE_MACROS, publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.meaning import Meaning, public_macro, read_meaning, view_folders
from eventlog.layout import Layout

PAGE = HERE.parent / "docs" / "views.md"
SCALAR_MACROS = ("quantile_of_cells", "wilson_low", "wilson_high", "is_opt_out", "network_name")
INTRODUCTION = """\
# Views

The tables that `data/analytics.duckdb` offers to SQL, column by column. This page is made from
`analytics/views/*/meaning.toml` (`python -m analytics.documentation`); the same words are comments
in the file itself: `select comment from duckdb_columns() where schema_name = 'main'`.

Dates and hours are those of the report time zone, whatever the time zone of your session; instants
are stored in UTC. Rates are fractions from 0 to 1, latencies are in seconds. What depends on the
age of a message (pending, unknown, within, reply rates) is judged at the instant `as_of` at which
the catalogue was published. [Definitions](metrics.md) · [SQL](sql.md)
"""
MACROS = """\
## Macros

Call them like a table, with the first and the last day, both included (NULL: no bound):
`from delivery_between('2026-11-01', '2026-11-30')`. Their columns are those of the views of like
name; percentiles are of the whole period, which those of its days do not tell.
"""


def views_page() -> str:
    """Render docs/views.md: every public view and column with its type, meaning and unit."""
    with TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        publish(layout, Definitions(), datetime(2000, 1, 1, tzinfo=UTC))
        with Catalogue.open(layout.catalogue) as catalogue:
            views = [_view(read_meaning(path), catalogue) for path in view_folders()]
    return "\n".join([INTRODUCTION, *views, MACROS, *_macros()])


def _view(meaning: Meaning, catalogue: Catalogue) -> str:
    answer = catalogue.ask(f"from {meaning.name}", 0)
    types = dict(zip(answer.columns, answer.types, strict=True))
    lines = [
        f"## {meaning.name}",
        "",
        f"{meaning.summary} {meaning.grain} [SQL](../analytics/views/{meaning.name}/view.sql)",
        "",
        "| column | type | meaning | unit |",
        "| --- | --- | --- | --- |",
        *(
            f"| `{column.name}` | {types[column.name].lower()} | {_cell(column.meaning)} "
            f"| {column.unit or ''} |"
            for column in meaning.columns
        ),
        "",
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _macros() -> Iterator[str]:
    for name in (*TABLE_MACROS, *SCALAR_MACROS):
        macro = public_macro((HERE / "macros" / f"{name}.sql").read_text("utf-8"))
        if macro:
            sql = f"[SQL](../analytics/macros/{name}.sql)"
            yield f"- `{macro.signature}`: {macro.comment} {sql}"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(views_page(), "utf-8")
