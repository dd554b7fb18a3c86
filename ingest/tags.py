"""What the webhook's URL says that its fields cannot: campaign and other tags. Pure.

SMSO lets a URL be set per message, so `/webhooks/smso/spring?sender=shop` marks that message's
webhooks with `{"campaign": "spring", "sender": "shop"}`. The path's campaign goes before one in
the query; of a repeated key the first counts. Beyond the limits, values are cut and further keys
left out: a tag is a label, and never a reason to refuse a webhook. One that holds a token is left
out too, wherever in the URL it stands: a token must not get into the log of events.
"""

from __future__ import annotations

from ingest.fields import urlencoded
from ingest.tokens import holds_token

TAGS_MAX = 8
TAG_LENGTH_MAX = 64


def tags_of(query: bytes, campaign: str | None = None) -> dict[str, str]:
    """Return the tags of a URL's query and of the campaign in its path.

    A key longer than `TAG_LENGTH_MAX` characters is left out, a longer value is cut.
    """
    tags: dict[str, str] = {}
    pairs = [("campaign", campaign or ""), *urlencoded(query)] if query or campaign else []
    for key, value in pairs:
        if holds_token(key) or holds_token(value):
            continue
        if len(tags) < TAGS_MAX and value and 1 <= len(key) <= TAG_LENGTH_MAX:
            tags.setdefault(key, value[:TAG_LENGTH_MAX])
    return tags
