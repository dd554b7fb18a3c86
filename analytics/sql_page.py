"""The page on SQL, made from the catalogue's own comments: `python -m analytics.sql_page`.

What is to be said besides is in `sql_page.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from analytics.catalogue import HERE, publish
from analytics.definitions import Definitions
from analytics.described import Described
from analytics.door import Catalogue
from analytics.examples import examples
from eventlog.layout import Layout

PAGE = HERE.parent / "docs" / "sql.md"
TEMPLATE = HERE / "sql_page.md"


def sql_page() -> str:
    """Render docs/sql.md: how to ask, what there is, and examples."""
    with TemporaryDirectory() as folder:
        layout = Layout(Path(folder))
        publish(layout, Definitions(), datetime(2000, 1, 1, tzinfo=UTC))
        with Catalogue.open(layout.catalogue) as catalogue:
            described = catalogue.described()
    page = TEMPLATE.read_text("utf-8")
    parts = {"views": _views(described), "macros": _macros(described), "examples": _examples()}
    for name, lines in parts.items():
        page = page.replace(f"<!-- {name} -->", "\n".join(lines).rstrip("\n"))
    return page


def _views(described: Described) -> Iterator[str]:
    yield "| view | what it has |\n| --- | --- |"
    for view in described.views:
        yield f"| [`{view.name}`](views.md#{view.name}) | {_cell(view.meaning)} |"


def _macros(described: Described) -> Iterator[str]:
    yield "| macro | what it gives |\n| --- | --- |"
    for macro in described.macros:
        yield f"| `{macro.signature}` | {_cell(macro.meaning)} |"


def _examples() -> Iterator[str]:
    for example in examples():
        yield f"{example.question}\n\n```sql\n{example.sql}\n```\n"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    PAGE.write_text(sql_page(), "utf-8")
