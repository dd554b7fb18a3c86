"""What changed from the days before, over all networks, asked of the catalogue."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from reports import behind, labels, theme
from reports.effects import Nouns, Split, split
from reports.figures import Figures
from reports.period import Period

NOUNS = {
    "delivery_rate": Nouns("Delivery", "did better", "did worse"),
    "within_30s": Nouns("Delivery within 30 s", "did better", "did worse"),
    "reply_rate": Nouns("The reply rate", "answered more", "answered less"),
}


class ChangeFigures:
    """The changes of a period from the days that it is compared with."""

    def __init__(self, figures: Figures) -> None:
        self.figures = Figures(figures.desk, figures.asked.of(None))

    def before(self, measure: str) -> Period | None:
        """Return the days compared with: of replies all, since only those old enough count."""
        if measure == "reply_rate":
            return self.figures.asked.before()
        return self.figures.before.period if self.figures.before else None

    def split(self, measure: str) -> Split | None:
        """Return how a measure changed by network; None where nothing can be compared."""
        rows = self._rows(measure)
        return None if rows is None else split(rows)

    def _rows(self, measure: str) -> pl.DataFrame | None:
        before = self._compared(measure)
        if before is None:
            return None
        query = behind.changes(self.figures, None, before)
        rows = self.figures.desk.ask(query).filter(pl.col("measure") == measure)
        named = labels.labelled(
            rows.sort(["messages", "mcc", "mnc"], descending=[True, False, False])
        )
        keys = named.select("mcc", "mnc").iter_rows()
        colours = [self._colours.get(key, "network-other") for key in keys]
        return named.with_columns(colour=pl.Series(colours, dtype=pl.String))

    @cached_property
    def _colours(self) -> dict[tuple[str, str], str]:
        return theme.network_classes(self.figures.network_order)

    def hours(self, measure: str) -> Split | None:
        """Return how a measure changed by the hour of the day sent; None where it cannot be."""
        before = self._compared(measure)
        if before is None:
            return None
        query = behind.hour_changes(self.figures, None, before)
        rows = self.figures.desk.ask(query).filter(pl.col("measure") == measure)
        hours = pl.col("hour_of_day").cast(pl.String).str.zfill(2) + ":00"
        return split(rows.with_columns(label=hours))

    def _compared(self, measure: str) -> Period | None:
        """Return the days before, if these can be compared with them."""
        settled = measure == "reply_rate" or self.figures.comparable is not None
        return self.before(measure) if settled else None
