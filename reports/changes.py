"""Changes: what is different from the days before, and who did it?"""

from __future__ import annotations

from reports import change_cards, comparison, notes, tiles, words
from reports.cards import Card
from reports.change_figures import NOUNS, ChangeFigures
from reports.comparison import Change
from reports.effects import Kind, Split, moved, why
from reports.figures import Figures
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline
from reports.tiles import Tile


def page(figures: Figures, links: Links) -> Page:
    """Put the page together; it is of all networks, whichever is looked at elsewhere."""
    of = ChangeFigures(figures)
    compared = any(of.split(measure) for measure in NOUNS)
    return Page(
        headline=_headline(of),
        note=notes.provisional(of.figures),
        tiles=_tiles(of) if compared else [],
        rows=_rows(of) if compared else [],
        footer=notes.footer(of.figures, ReplyFigures(of.figures)),
    )


def _rows(of: ChangeFigures) -> list[list[Card]]:
    return [
        _measured(of, "delivery_rate"),
        [change_cards.networks(of)],
        _measured(of, "within_30s"),
        _measured(of, "reply_rate"),
    ]


def _measured(of: ChangeFigures, measure: str) -> list[Card]:
    return [change_cards.steps(of, measure), change_cards.hours(of, measure)]


def _headline(of: ChangeFigures) -> Headline:
    found = of.split("delivery_rate")
    if found is None:
        return Headline(_nothing(of))
    nouns = NOUNS["delivery_rate"]
    first = moved(nouns, found, of.figures.asked.than, _scope(of.figures))
    fell = found.change.clear and found.change.difference < 0
    return Headline(first, why(nouns, found), fell)


def _scope(figures: Figures) -> str:
    """Say where only a part of the period is compared."""
    part = figures.settled_period
    if part is None or part == figures.period:
        return ""
    return "On the settled day, " if part.days == 1 else f"On the {part.days} settled days, "


def _nothing(of: ChangeFigures) -> str:
    figures = of.figures
    if figures.asked.compare == "none":
        return "Nothing is compared: choose the days to compare with."
    if figures.before is not None and not figures.before.messages:
        return f"Nothing to compare with: no message was sent in {figures.asked.than}."
    return "Not compared yet: receipts of these days, or of those before, are still coming."


def _tiles(of: ChangeFigures) -> list[Tile]:
    found = of.split("delivery_rate")
    return [
        _measure(of, "delivery_rate", "Delivery rate"),
        _part(found, "rate", "By how networks did", "of the change: their own rates"),
        _part(found, "mix", "By where traffic went", "of the change: their shares of messages"),
        _measure(of, "within_30s", "Within 30 s"),
        _measure(of, "reply_rate", "Reply rate"),
    ]


def _measure(of: ChangeFigures, measure: str, title: str) -> Tile:
    found = of.split(measure)
    if found is None:
        return Tile(title, words.NONE, "", "not compared", "mute", "", "")
    low, high = comparison.between(found.now, found.before)
    small = f"95{words.SPACE}% interval {words.points(low)} to {words.points(high)}"
    said = f"{words.percent(found.before.value)} to {words.percent(found.now.value)}"
    noise = "" if found.change.clear else ", may be noise"
    tone = tiles.tone(found.change)
    return Tile(
        title, words.points(found.change.difference), "points", said + noise, tone, "", small
    )


def _part(found: Split | None, kind: Kind, title: str, small: str) -> Tile:
    if found is None:
        return Tile(title, words.NONE, "", "not compared", "mute", "", "")
    clear = any(one.clear for one in found.effects if one.kind == kind)
    size = Change(found.total(kind), clear=False)
    said = "some beyond chance" if clear else "may be noise"
    return Tile(title, words.points(size.difference), "points", said, "mute", "", small)
