"""A report is files that need nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from analytics.catalogue import publish
from analytics.door import Catalogue
from eventlog.layout import Layout
from reports import assets
from reports.build import write_report
from reports.nouns import OVERVIEW, PAGES
from reports.period import Period
from tests.reports.catalogues import (
    AS_OF,
    DEFINITIONS,
    MONTH,
    TODAY,
    Made,
    hostile,
    receipt,
    sparse,
)
from tests.reports.catalogues import made as add


def test_reports_share_one_copy_of_what_they_need(made: Made, tmp_path: Path) -> None:
    with Catalogue.open(made.path) as catalogue:
        month = write_report(catalogue, MONTH, tmp_path)
        write_report(catalogue, TODAY, tmp_path)
    assert month.name == "overview-2026-10-26-to-2026-11-24.html"
    assert (tmp_path / "index.html").read_text().count("overview-2026") == 2
    needed = re.findall(r'(?:href|src)="(assets/[^"]+)"', month.read_text())
    assert len(needed) == 3
    assert all((tmp_path / name).is_file() for name in needed)
    assert len(list((tmp_path / "assets").iterdir())) == len(assets.SHARED)


def test_pages_lie_beside_each_other_and_lead_to_each_other(made: Made, tmp_path: Path) -> None:
    with Catalogue.open(made.path) as catalogue:
        overview = write_report(catalogue, MONTH, tmp_path)
    for page in (overview, tmp_path / "index.html"):
        named = re.findall(r'<a [^>]*href="(?!data:)([^"#]+)"', page.read_text())
        assert len(named) >= len(PAGES)
        assert all((tmp_path / name).is_file() for name in named)
    assert any("network-226-10" in path.name for path in tmp_path.iterdir())


def test_only_what_changed_is_written_again(made: Made, tmp_path: Path) -> None:
    with Catalogue.open(made.path) as catalogue:
        overview = write_report(catalogue, MONTH, tmp_path)
        before = {path: path.stat().st_ino for path in tmp_path.glob("*-to-*.html")}
        overview.write_text("<p>of another version</p>")
        write_report(catalogue, MONTH, tmp_path)
    changed = [path for path, inode in before.items() if path.stat().st_ino != inode]
    assert changed == [overview]
    assert "of another version" not in overview.read_text()


def test_single_file_has_everything_inside(made: Made, tmp_path: Path) -> None:
    with Catalogue.open(made.path) as catalogue:
        path = write_report(catalogue, MONTH, tmp_path / "month.html", single_file=True)
    assert [entry.name for entry in tmp_path.iterdir()] == ["month.html"]
    html = path.read_text()
    assert not re.search(r'<(?:script|link)[^>]+(?:src|href)="(?!data:)', html)
    assert html.count("</script>") == html.count("<script")
    assert all(f'data-page="{slug}"' in html for slug in PAGES if slug != OVERVIEW)
    assert 'data-page="network-226-10"' in html
    assert 'href="#network-226-10"' in html


def test_hostile_names_stay_text_in_a_single_file(tmp_path: Path) -> None:
    out = tmp_path / "hostile.html"
    with Catalogue.open(hostile(tmp_path).path) as catalogue:
        html = write_report(catalogue, MONTH, out, single_file=True).read_text()
    assert "&lt;img" in html
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")
    assert html.count("</template>") == html.count("<template")
    assert html.rstrip().endswith("-->")
    assert [path.name for path in tmp_path.iterdir() if "img" in path.name] == []


def test_a_new_catalogue_changes_only_pages_with_other_figures(tmp_path: Path) -> None:
    path = sparse(tmp_path).path
    out = tmp_path / "out"
    earlier = MONTH.previous()
    periods = (MONTH, earlier)
    write(path, periods, out)
    before = inodes(out)
    publish(Layout(path.parent), DEFINITIONS, AS_OF + timedelta(minutes=1))
    write(path, periods, out)
    assert inodes(out) == before
    assert "last written as of 24 Nov 2026 11:31" in (out / "index.html").read_text()
    add(tmp_path, [receipt(10)])
    write(path, periods, out)
    changed = {name for name, inode in inodes(out).items() if inode != before[name]}
    assert f"overview-{MONTH.from_date}-to-{MONTH.to_date}.html" in changed
    assert not [name for name in changed if str(earlier.to_date) in name]


def write(path: Path, periods: tuple[Period, ...], out: Path) -> None:
    with Catalogue.open(path) as catalogue:
        for period in periods:
            write_report(catalogue, period, out)


def inodes(folder: Path) -> dict[str, int]:
    return {page.name: page.stat().st_ino for page in folder.glob("*-to-*.html")}


def test_licences_go_with_what_they_license() -> None:
    assert "MIT" in assets.content("plotly-LICENSE.txt").decode()
    assert "SIL Open Font License" in assets.content("inter-LICENSE.txt").decode()


def test_name_changes_with_the_content() -> None:
    assert assets.fingerprint(assets.STYLE) in assets.file_name(assets.STYLE)
    assert assets.fingerprint(assets.PLOTLY) in assets.file_name(assets.PLOTLY)
