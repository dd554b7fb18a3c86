"""Send a notice to one of the addresses of the setting, by apprise: mail, chats, webhooks.

Addresses are secrets: nothing here says more of one than its place and its scheme, and what the
libraries log of their failures, which may quote it, is not shown.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence

from pydantic import SecretStr

SILENCED = ("apprise", "urllib3")
NAME = "sms-analytics"


def named(urls: Sequence[SecretStr], channel: int) -> str:
    """Name an address without its secrets: 1 (mailto)."""
    return f"{channel + 1} ({urls[channel].get_secret_value().partition(':')[0][:20]})"


def send(url: SecretStr, title: str, body: str, *, is_good: bool) -> bool:
    """Send one notice; return whether it arrived, as far as its service tells."""
    for library in SILENCED:
        logging.getLogger(library).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # it imports what Python drops
        from apprise import Apprise, AppriseAsset, NotifyType

        asset = AppriseAsset(app_id=NAME, app_desc=NAME, app_url="", async_mode=False)
        sender = Apprise(asset=asset)
        if not sender.add(url.get_secret_value()):
            return False
        kind = NotifyType.SUCCESS if is_good else NotifyType.FAILURE
        return bool(sender.notify(body=body, title=title, notify_type=kind, body_format="text"))
