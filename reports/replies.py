"""Replies: who answers, when, and how soon?"""

from __future__ import annotations

from reports import (
    best_hour,
    comparison,
    notes,
    reply_cards,
    sentences,
    tiles,
    words,
)
from reports.cards import Card
from reports.figures import Figures
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    replies = ReplyFigures(figures)
    best = _best_hours(figures) if replies.any_ever else []
    return Page(
        headline=_headline(replies),
        tiles=_tiles(replies),
        rows=[
            [reply_cards.replies(replies, facts=False), reply_cards.rate(replies)],
            [reply_cards.times(replies), reply_cards.weekly(replies)],
            *best[:1],
            [reply_cards.networks(replies, figures.labelled)],
            *best[1:],
        ],
        footer=notes.footer(figures, replies),
    )


def _best_hours(figures: Figures) -> list[list[Card]]:
    """Return two rows of cards: over all networks, and by network."""
    hours = best_hour.hours(figures)
    both = [best_hour.rate(figures, hours), best_hour.times(figures, hours)]
    return [both, [best_hour.networks(figures)]]


def _headline(replies: ReplyFigures) -> Headline:
    if not replies.any_ever:
        return Headline("No reply has ever been seen; not every sender can receive them.")
    rate, now = replies.rate, replies.now
    change = comparison.change(rate, replies.rate_before)
    first = sentences.replies(
        rate, change, replies.figures.asked.than, now["time_to_reply_p50"], now["replies"]
    )
    return Headline(first, _second(now))


def _second(now: dict[str, int]) -> str:
    if not now["replies"]:
        return ""
    named, total = now["explicit"], now["replies"]
    share = words.number(named)
    if total >= comparison.COUNT_MIN:
        share = words.percent(named / total)
    whole = words.counted(total, "reply", "replies")
    verb = "names the message it answers" if total == 1 else "name the message that they answer"
    text = f"{share} of {whole} {verb}"
    if now["unsolicited"]:
        return f"{text}; {words.number(now['unsolicited'])} answer none."
    return f"{text}."


def _tiles(replies: ReplyFigures) -> list[tiles.Tile]:
    now = replies.now
    before = replies.before if replies.figures.is_before_whole else None
    before = before or {}
    figures = replies.figures
    people = replies.people(figures.period)
    earlier = replies.people(figures.asked.before() if figures.is_before_whole else None)
    changes = [comparison.change(*pair) for pair in zip(people, earlier, strict=True)]
    return [
        tiles.counted(
            "Replies",
            now["replies"],
            before.get("replies"),
            "distinct, by the time received",
            replies.steps["replies"].to_list(),
        ),
        tiles.reply_rate(replies),
        tiles.rated("People who replied", people[0], changes[0], "people reached"),
        tiles.half(
            figures,
            "Time to reply",
            replies.median(now=True),
            replies.median(now=False) if replies.before else None,
            "median, since delivery",
            f"; p90 {words.seconds(now['time_to_reply_p90'])}",
        ),
        tiles.rated(
            "Opted out",
            people[1],
            changes[1],
            "people reached",
            higher_is_better=False,
            line=replies.steps["opt_outs"].to_list(),
        ),
    ]
