"""Tables of figures, for the terminal and for RESULTS.md. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """One comparison: a title, how it was measured, columns, rows of text, and remarks."""

    title: str
    method: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]
    remarks: list[str] = field(default_factory=list)


def markdown(table: Table) -> str:
    """Write a table as Markdown, with the first column to the left and figures to the right."""
    lines = [
        f"## {table.title}",
        "",
        table.method,
        "",
        _line(table.columns),
        _line(("---", *("---:",) * (len(table.columns) - 1))),
        *map(_line, table.rows),
    ]
    if table.remarks:
        lines += ["", *(f"- {remark}" for remark in table.remarks)]
    return "\n".join(lines) + "\n"


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def ratio(value: float, base: float) -> str:
    """Write how many times `base` a value is: `1.83 ×`; `–` when there is nothing to divide by."""
    return f"{value / base:.2f} ×" if base else "–"
