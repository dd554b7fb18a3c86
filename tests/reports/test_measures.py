"""What pages add up equals what the public views and macros say, and what is shown beside it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
import pytest

from analytics.door import Catalogue
from reports import behind, bins, curve, incidence, measures, notes
from reports.asked import Asked
from reports.conversations import Conversations
from reports.desk import Desk
from reports.figures import NETWORK, Figures, of_network
from reports.reply_figures import ReplyFigures
from tests.reports.catalogues import MONTH, TODAY, Made


@pytest.fixture
def desk(made: Made) -> Iterator[Desk]:
    with Catalogue.open(made.path) as catalogue:
        yield Desk(catalogue)


def agree(ours: pl.DataFrame, theirs: pl.DataFrame, *, unlike: tuple[str, ...] = ()) -> None:
    """Hold that all columns that both have are equal, rates to the ninth decimal."""
    assert ours.height == theirs.height
    shared = [name for name in theirs.columns if name in ours.columns and name not in unlike]
    assert len(shared) > 2
    for name in shared:
        pairs = zip(ours[name].to_list(), theirs[name].to_list(), strict=True)
        for one, other in pairs:
            assert one == pytest.approx(other, abs=1e-9) if isinstance(one, float) else one == other


def test_totals_are_those_of_the_macro(desk: Desk, made: Made) -> None:
    figures = Figures(desk, Asked(MONTH))
    with Catalogue.open(made.path) as catalogue:
        for totals in (figures.now, figures.before):
            assert totals
            theirs = catalogue.frame(
                "from delivery_between($f, $t)",
                f=totals.period.from_date,
                t=totals.period.to_date,
            )
            agree(pl.DataFrame([totals.row]), theirs)


def test_days_and_networks_are_those_that_the_shown_queries_give(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    agree(figures.days, desk.ask(behind.steps(figures)))
    theirs = desk.ask(behind.networks(figures))
    agree(figures.networks.sort(NETWORK), theirs.sort(NETWORK))


def test_one_network_is_what_its_shown_queries_give(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH, network=("226", "10")))
    agree(figures.days, desk.ask(behind.steps(figures)))
    replies = ReplyFigures(figures)
    theirs = desk.ask(behind.replies(figures)).filter(pl.col("replies") > 0)
    agree(replies.steps.filter(pl.col("replies") > 0), theirs, unlike=("reply_rate",))
    assert {"replies", "opt_outs"} <= set(theirs.columns)
    assert figures.now.bins == list(desk.ask(behind.bins(figures)).iter_rows())


def test_hours_are_those_of_the_messages_themselves(desk: Desk) -> None:
    for asked in (Asked(TODAY), Asked(TODAY, network=("226", "10"))):
        figures = Figures(desk, asked)
        ours = figures.steps.filter(pl.col("messages") > 0)
        agree(ours, desk.ask(behind.steps(figures)))


def test_bins_are_those_of_the_view(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    assert figures.now.bins == list(desk.ask(behind.bins(figures)).iter_rows())


def test_replies_are_those_of_the_macro(desk: Desk, made: Made) -> None:
    replies = ReplyFigures(Figures(desk, Asked(MONTH)))
    with Catalogue.open(made.path) as catalogue:
        bounds = {"f": MONTH.from_date, "t": MONTH.to_date}
        theirs = catalogue.frame("from reply_between($f, $t)", **bounds)
    agree(pl.DataFrame([replies.now]), theirs)
    assert replies.rate
    assert replies.rate.value == pytest.approx(theirs["reply_rate"][0])
    week = desk.ask(behind.reply_week(replies.figures))
    agree(replies.weekly.filter(pl.col("count") > 0), week)


def test_checks_are_those_of_the_view(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    theirs = dict(desk.ask(behind.quality(figures)).iter_rows())
    assert notes.quality(figures, ReplyFigures(figures)) == theirs


def test_curves_are_those_of_the_macro(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    ended = curve.ends(figures)
    shown = desk.ask(behind.curve(figures))
    for mcc, mnc in shown.select("mcc", "mnc").unique().iter_rows():
        theirs = shown.filter(of_network((mcc, mnc)))
        ours = incidence.estimated(ended.filter(of_network((mcc, mnc))))
        both = theirs.sort("seconds").join_asof(ours, on="seconds", suffix="_ours").fill_null(0.0)
        assert both["delivered_share_ours"].to_list() == pytest.approx(
            both["delivered_share"].to_list()
        )


def test_what_waits_is_told_once_after_the_last_end(desk: Desk) -> None:
    figures = Figures(desk, Asked(MONTH))
    ended = curve.ends(figures)
    last = ended.filter(pl.col("delivered") + pl.col("other") > 0)["seconds"].max()
    assert ended["seconds"].max() == last
    assert ended["open"].sum() == figures.now.row["pending"] + figures.now.row["unknown"] > 0


@pytest.mark.parametrize("network", [None, ("226", "10"), ("226", "99")])
def test_times_to_the_first_reply_are_those_of_the_conversations(
    desk: Desk, network: tuple[str, str] | None
) -> None:
    conversations = Conversations(Figures(desk, Asked(MONTH, network=network)))
    theirs = desk.ask(behind.first_replies(conversations.figures))
    assert conversations.times.equals(theirs)
    assert (theirs.height > 1) == (network != ("226", "99"))


def test_conversations_that_may_go_on_are_those_of_the_view(desk: Desk, made: Made) -> None:
    with Catalogue.open(made.path) as catalogue:
        theirs = catalogue.frame("select count(*) from conversations where is_open").item()
    assert Conversations(Figures(desk, Asked(MONTH))).open == theirs > 0


def test_nothing_has_no_rates() -> None:
    facts = pl.DataFrame(
        {"status": ["delivered"], "latency_seconds": [3], "messages": [1], "aged_horizon": [0]}
    )
    assert measures.measure(measures.told_apart(facts.clear())).height == 0
    one = measures.measure(measures.told_apart(facts)).row(0, named=True)
    assert (one["latency_p50"], one["latency_p99"], one["delivery_rate"]) == (3, 3, 1)
    assert bins.binned(facts) == [(3, 4, 1)]


def test_equal_questions_are_asked_once(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = Catalogue.frame

    def counting(self: Catalogue, sql: str, **parameters: object) -> pl.DataFrame:
        asked.append(sql)
        return real(self, sql, **parameters)

    monkeypatch.setattr(Catalogue, "frame", counting)
    with Catalogue.open(made.path) as catalogue:
        desk = Desk(catalogue)
        for _ in range(2):
            assert Figures(desk, Asked(MONTH)).now.messages
        assert len(asked) == 2  # what it was published from, and the facts
        small = Desk(catalogue, bytes_max=1)
        for _ in range(2):
            assert Figures(small, Asked(MONTH)).networks.height
            assert Figures(small, Asked(TODAY)).networks.height
    assert len(asked) == 7


def test_a_desk_is_opened_anew_for_a_new_catalogue(made: Made) -> None:
    from reports import desk

    first = desk.at(made.path)
    assert desk.at(made.path) is first
    aside = made.path.with_suffix(".aside")
    aside.write_bytes(made.path.read_bytes())
    aside.replace(made.path)
    assert desk.at(made.path) is not first
