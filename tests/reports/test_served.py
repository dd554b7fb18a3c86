"""A page is made once a publication; while a newer one is made, the one before is shown."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest

from analytics.catalogue import publish
from analytics.failures import CatalogueMissing
from eventlog.layout import Layout
from reports.reader import Reader, ReaderClosedError
from reports.served import Kept, Served
from tests.analytics.make_catalogue import write_alerts
from tests.reports.catalogues import AS_OF, DEFINITIONS, Made
from tests.serving import DEADLINE_SECONDS


def publish_again(path: Path) -> None:
    """Put a copy of the catalogue in its place, as a new file."""
    aside = path.with_suffix(".aside")
    aside.write_bytes(path.read_bytes())
    aside.replace(path)


async def newer(served: Served, than: Kept) -> Kept:
    """Look at the overview until it is another one."""
    while (page := await served.page("overview", {}, ())) is than:
        await asyncio.sleep(0.02)
    return page


def test_a_page_is_kept_and_renewed_after_a_publication(made: Made, tmp_path: Path) -> None:
    async def look(reader: Reader) -> None:
        with pytest.raises(CatalogueMissing):
            await Served(reader, Layout(tmp_path / "none"), "").page("overview", {}, ())
        served = Served(reader, Layout(made.path.parent), "")
        first = await served.page("overview", {}, ())
        assert b"</html>" in gzip.decompress(first.body)
        assert await served.page("overview", {}, ()) is first
        other = await served.page("overview", {"days": "7"}, ())
        assert (other is not first, other.tag) == (True, first.tag)
        publish_again(made.path)
        assert await served.page("overview", {}, ()) is first  # at once, although newer is there
        second = await asyncio.wait_for(newer(served, first), timeout=DEADLINE_SECONDS)
        assert second.tag != first.tag

    reader = Reader(1)
    try:
        asyncio.run(look(reader))
    finally:
        reader.close()


def test_an_alert_is_on_the_overview_at_once_and_gone_when_it_is_over(made: Made) -> None:
    layout = Layout(made.path.parent)
    write_alerts(layout, AS_OF)
    publish(layout, DEFINITIONS, AS_OF)
    over = layout.alerts.read_text()

    async def look(reader: Reader) -> None:
        served = Served(reader, layout, "")
        shown = [await served.page("overview", {}, ())]
        delivery = await served.page("delivery", {}, ())
        for book in (over.replace('"resolved_at": "', '"was": "'), over):
            layout.alerts.write_text(book)
            shown.append(await served.page("overview", {}, ()))
        assert ['id="alerts"' in gzip.decompress(one.body).decode() for one in shown] == [
            False,
            True,
            False,
        ]
        assert shown[0].tag != shown[1].tag
        assert await served.page("delivery", {}, ()) is delivery

    reader = Reader(1)
    try:
        asyncio.run(look(reader))
    finally:
        reader.close()


def test_a_stop_is_no_fault(made: Made, caplog: pytest.LogCaptureFixture) -> None:
    async def look_and_stop() -> None:
        reader = Reader(1)
        served = Served(reader, Layout(made.path.parent), "")
        await served.page("overview", {}, ())
        reader.close()
        publish_again(made.path)
        await served.page("overview", {}, ())  # shown as it was, and not made anew
        with pytest.raises(ReaderClosedError):
            await served.page("overview", {"days": "7"}, ())

    with caplog.at_level("INFO"):
        asyncio.run(look_and_stop())
    assert "page not made ahead" not in caplog.text
