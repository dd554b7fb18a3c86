"""Makes docs/situations.md from the folders: `python -m tests.situations.documentation`."""

from __future__ import annotations

from pathlib import Path

from tests.situations.situation import FOLDERS, why

PAGE = Path(__file__).parents[2] / "docs" / "situations.md"

HEADER = """# Situations

What the figures say in the cases that need a decision: each is a folder of webhooks and of the rows
that must come of them, worked out by hand from [the definitions](metrics.md). The tests hold the
program to them, and so a second program, which counts the same figures from the same webhooks in
plain Python ([tests/oracle](../tests/oracle)). To see one in your own catalogue:

    sms-analytics import --data trial tests/situations/conflicting-finals/webhooks.ndjson

This page is made from the folders (`make docs`).

| situation | what happens | what is said of it |
| --- | --- | --- |
"""


def page() -> str:
    """Render the page: a row for each situation, by name."""
    return HEADER + "".join(map(_row, FOLDERS))


def _row(folder: Path) -> str:
    happens, rule = why(folder)
    return f"| [{folder.name}](../tests/situations/{folder.name}) | {happens} | {rule} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
