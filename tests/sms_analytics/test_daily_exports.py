"""Each day's files are written once, whole, and deleted when they are old."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sms_analytics.daily_exports import DailyExports
from sms_analytics.settings import Settings, SettingsError, load
from tests.analytics.make_catalogue import make_catalogue

AS_OF = datetime(2026, 11, 24, 12, tzinfo=UTC)
VIEWS = ("delivery_daily", "networks", "network_performance")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    make_catalogue(tmp_path, AS_OF, count=50, days=5)
    zone = "Europe/Bucharest"
    asked = {"exports__views": VIEWS, "exports__days": 2, "exports__keep_days": 3}
    return load(data=tmp_path, definitions__time_zone=zone, **asked)


def test_the_files_of_a_day_are_written_at_its_time_and_once(settings: Settings) -> None:
    exports, folder = DailyExports(settings), settings.layout.daily_exports
    assert exports.write(datetime(2026, 11, 24, 1, 29, tzinfo=UTC)) == 0
    assert not folder.exists()
    assert exports.write(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)) is None
    assert exports.write(datetime(2026, 11, 24, 9, tzinfo=UTC)) == 0
    assert [path.name for path in folder.iterdir()] == ["2026-11-24"]
    written = folder / "2026-11-24"
    assert {path.name for path in written.iterdir()} == {f"{name}.csv" for name in VIEWS}
    lines = (written / "delivery_daily.csv").read_text().splitlines()[1:]
    assert {line[:10] for line in lines} == {"2026-11-22", "2026-11-23"}


def test_old_days_and_what_was_cut_short_are_deleted(settings: Settings) -> None:
    folder = settings.layout.daily_exports
    for name in ("2026-11-20", "2026-11-21", "2026-11-22", "mine", ".aside-x"):
        (folder / name).mkdir(parents=True)
    DailyExports(settings).write(AS_OF)
    names = {path.name for path in folder.iterdir()}
    assert names == {"2026-11-22", "2026-11-24", "mine"}
    DailyExports(settings).write(AS_OF + timedelta(days=9))
    assert {path.name for path in folder.iterdir()} == {"2026-12-03", "mine"}


def test_a_day_that_fails_leaves_nothing_and_is_tried_again(settings: Settings) -> None:
    layout = settings.layout
    away = layout.catalogue.rename(layout.root / "away")
    with pytest.raises(Exception, match="there is no catalogue"):
        DailyExports(settings).write(AS_OF)
    assert list(layout.daily_exports.iterdir()) == []
    away.rename(layout.catalogue)
    assert DailyExports(settings).write(AS_OF) is None


def test_a_view_that_is_not_there_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"exports.views: no view is called 'nope'; there are:"):
        load(data=tmp_path, exports__views=("nope",))
