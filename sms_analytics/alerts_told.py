"""The commands of the alerts: list them, and try whether those who are to be told can be."""

from __future__ import annotations

from collections.abc import Iterator

from sms_analytics import alert_book, alert_words, notifying
from sms_analytics.failures import AlertsError
from sms_analytics.settings import Settings

TITLE = "A test of the alerts"
BODY = "Whoever reads this will be told when something is wrong."


def listed(settings: Settings, *, also_over: bool) -> list[str]:
    """Return a line for each open alert, or for each that is remembered."""
    book = alert_book.read(settings.layout.alerts)
    time_zone = settings.definitions.time_zone
    return [
        alert_words.line(alert, time_zone) for alert in book.alerts if alert.is_open or also_over
    ]


def send_tests(settings: Settings) -> Iterator[str]:
    """Send a test to each address, and yield how that went. Raises `AlertsError` at the end."""
    urls = settings.alerts.urls
    if not urls:
        raise AlertsError("nobody is told of alerts: alerts.urls has no address")
    failed = []
    for channel, url in enumerate(urls):
        name = notifying.named(urls, channel)
        if notifying.send(url, TITLE, BODY, is_good=True):
            yield f"{name}: sent"
        else:
            failed.append(name)
    if failed:
        raise AlertsError(f"not sent, or no address that is understood: {', '.join(failed)}")
