"""The routes of files to keep: public views, and what a card shows.

GET /exports/NAME.csv         a public view as .csv, .parquet or .xlsx, ?from=&to=; always private
GET /cards/PAGE/CARD.csv      the rows of a card of a page, asked as the page is

HEAD of a view tells of it, and makes nothing.

CSV is sent as it is made, the other forms when they are whole.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from litestar import Request, Response, get, head, route
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from eventlog.layout import Layout
from reports import questions
from reports.asked import NAMES
from reports.failures import UnknownViewError
from reports.formats import FORMATS, Format, read_day
from reports.growing import aside, growing
from reports.links import CARDS
from reports.reader import Reader

AnyRequest = Request[Any, Any, Any]

CHUNK_BYTES = 256 * 1024
EXPORT_SECONDS_MAX = 600.0
ASK_AGAIN = "private, no-cache"
MEDIA_TYPES: dict[Format, str] = {
    "csv": "text/csv; header=present",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download_routes(layout: Layout, reader: Reader) -> list[HTTPRouteHandler]:
    """Return the handlers of the files of one data directory."""

    @get("/exports/{file:str}")
    async def download(request: AnyRequest, file: FromPath[str]) -> Stream:
        """Send a public view as a file."""
        bounds = [read_day(name, request.query_params.get(name)) for name in ("from", "to")]
        name, file_format = _named(file)
        headers = _headers(name, file_format, *bounds)
        if file_format == "csv":

            async def make(out: Path) -> None:
                asked = (layout.catalogue, name, out, bounds[0], bounds[1])
                await reader.run(questions.stream_export, *asked, seconds=EXPORT_SECONDS_MAX)

            chunks: AsyncIterator[bytes] | Iterator[bytes] = await growing(layout.exports, make)
        else:
            content = await _made(layout, reader, name, file_format, *bounds)
            headers["Content-Length"] = str(os.fstat(content.fileno()).st_size)
            chunks = _whole(content)
        return Stream(chunks, media_type=MEDIA_TYPES[file_format], headers=headers)

    @head("/exports/{file:str}")
    async def downloadable(request: AnyRequest, file: FromPath[str]) -> Response[None]:
        """Say what would be sent, without making it: how long it is nobody knows."""
        bounds = [read_day(name, request.query_params.get(name)) for name in ("from", "to")]
        name, file_format = _named(file)
        await reader.run(questions.check_export, layout.catalogue, name, bounds[0], bounds[1])
        headers = _headers(name, file_format, *bounds)
        return Response(None, media_type=MEDIA_TYPES[file_format], headers=headers)

    @route(f"{CARDS}/{{slug:str}}/{{file:str}}", http_method=["GET", "HEAD"])
    async def card(
        request: AnyRequest, slug: FromPath[str], file: FromPath[str]
    ) -> Response[bytes]:
        """Send what a card of a page shows."""
        name, ending = _parts(file)
        if ending != "csv":
            raise UnknownViewError("what a card shows is a file that ends in .csv")
        asked = asked_of(request)
        rows = await reader.run(questions.card_rows, layout.catalogue, slug, asked, name)
        headers = {
            "Content-Disposition": f'attachment; filename="{slug}-{name}.csv"',
            "Cache-Control": ASK_AGAIN,
        }
        return Response(rows, media_type=MEDIA_TYPES["csv"], headers=headers)

    return [download, downloadable, card]


def asked_of(request: AnyRequest) -> dict[str, str]:
    """Return what the address asks for; what it leaves out is left out."""
    return {name: request.query_params[name] for name in NAMES if request.query_params.get(name)}


async def _made(
    layout: Layout,
    reader: Reader,
    name: str,
    file_format: Format,
    from_date: date | None,
    to_date: date | None,
) -> BinaryIO:
    """Have a file made to its end; return it, without a name: it is gone when it is closed."""
    with aside(layout.exports) as folder:
        out = folder / f"rows.{file_format}"
        asked = (layout.catalogue, name, file_format, out, from_date, to_date)
        await reader.run(questions.export, *asked, seconds=EXPORT_SECONDS_MAX)
        return out.open("rb")


def _whole(content: BinaryIO) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK_BYTES):
            yield chunk


def _named(file: str) -> tuple[str, Format]:
    """Tell view and format by the name of a file. Raises `UnknownViewError`."""
    name, ending = _parts(file)
    if ending not in FORMATS:
        raise UnknownViewError(f"a file of a view ends in .{', .'.join(FORMATS)}")
    return name, ending


def _headers(
    name: str, file_format: Format, from_date: date | None, to_date: date | None
) -> dict[str, str]:
    period = "".join(
        f"-{word}-{day}" for word, day in (("from", from_date), ("to", to_date)) if day
    )
    return {
        "Content-Disposition": f'attachment; filename="{name}{period}.{file_format}"',
        "Cache-Control": ASK_AGAIN,
    }


def _parts(file: str) -> tuple[str, str]:
    name, _, ending = file.rpartition(".")
    return name, ending
