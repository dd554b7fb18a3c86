"""The way that every webhook goes, from its body to the published figures, by the real steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from analytics.catalogue import publish
from analytics.definitions import Definitions
from analytics.door import Catalogue
from analytics.projections.engine import Resources
from analytics.projector import project, rebuild
from eventlog.event import encode_record
from eventlog.layout import Layout
from ingest.journal import Journal
from ingest.recorded import recorded
from ingest.sealer import Sealer

RECORDS_MAX = 100_000
SMALL = Resources(memory_bytes_max=512 << 20, threads=1)


@dataclass(frozen=True)
class Call:
    """One webhook as SMSO sends it: when it came, its form, and the campaign that its URL named."""

    ingested_at: datetime
    body: str
    campaign: str | None = None

    @property
    def line(self) -> bytes:
        """Return the call as a recording has it."""
        query = f"?{urlencode({'campaign': self.campaign})}" if self.campaign else ""
        return msgspec.json.encode(
            {
                "ingested_at": self.ingested_at.isoformat(),
                "content_type": "application/x-www-form-urlencoded",
                "url": f"https://example.org/webhooks/smso{query}",
                "body": self.body,
            }
        )

    @classmethod
    def recorded(cls, line: bytes) -> Call:
        """Read a call from a recording."""
        said = msgspec.json.decode(line)
        tags = dict(parse_qsl(urlsplit(said.get("url", "")).query))
        at = datetime.fromisoformat(said["ingested_at"])
        return cls(at, said["body"], tags.get("campaign"))


def take(layout: Layout, lines: Iterable[bytes]) -> None:
    """Decode recorded webhooks, journal them in this order, and seal them."""
    records = [encode_record(recorded(line, datetime.max).record) for line in lines]
    if records:
        with Sealer(layout) as sealer, Journal.open(layout.journal) as journal:
            journal.append_many(records)
            sealer.seal(RECORDS_MAX)


@contextmanager
def published(
    folder: Path,
    batches: Sequence[Sequence[bytes]],
    definitions: Definitions,
    as_of: datetime,
    *,
    rebuilt: bool = False,
) -> Iterator[Catalogue]:
    """Publish what recorded webhooks amount to, projected batch by batch, and open it.

    With several batches it is published after the first, too, so that what one catalogue takes from
    the last is judged. With `rebuilt` the projections are made once more from zero before.
    """
    layout = Layout(folder)
    for number, batch in enumerate(batches, 1):
        take(layout, batch)
        project(layout, definitions, SMALL)
        if number == 1 < len(batches):
            publish(layout, definitions, as_of)
    if rebuilt:
        rebuild(layout, definitions, SMALL)
    publish(layout, definitions, as_of)
    with Catalogue.open(layout.catalogue) as catalogue:
        yield catalogue
