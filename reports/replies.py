"""Replies: who answers, when, and how soon?"""

from __future__ import annotations

from reports import comparison, network_cards, notes, reply_cards, sentences, tiles, words
from reports.figures import Figures
from reports.links import Links
from reports.page import Page
from reports.reply_figures import ReplyFigures
from reports.sentences import Headline


def page(figures: Figures, links: Links) -> Page:
    """Put the page together."""
    replies = ReplyFigures(figures)
    return Page(
        headline=_headline(replies),
        tiles=_tiles(replies),
        rows=[
            [reply_cards.replies(replies, facts=False), reply_cards.rate(replies)],
            [reply_cards.times(replies), reply_cards.weekly(replies)],
            [reply_cards.networks(replies, network_cards.labelled(figures))],
        ],
        footer=notes.footer(figures, replies),
    )


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
    p50, p90 = "time_to_reply_p50", "time_to_reply_p90"
    return [
        tiles.counted(
            "Replies",
            now["replies"],
            before.get("replies"),
            "distinct, by the time received",
            replies.steps["replies"].to_list(),
        ),
        tiles.reply_rate(replies),
        tiles.lasting("Time to reply", now[p50], before.get(p50), "median, since delivery"),
        tiles.lasting("Slow replies", now[p90], before.get(p90), "p90: nine in ten come sooner"),
        tiles.counted(
            "Unsolicited",
            now["unsolicited"],
            before.get("unsolicited"),
            "answer no message of the last "
            f"{replies.figures.about.reply_window_hours}{words.SPACE}h",
            replies.steps["unsolicited"].to_list(),
        ),
    ]
