"""Alerts in words, as they are sent and listed. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from analytics.alerts.reading import IN_TIME
from sms_analytics.alert_book import Alert, Finding


def title(finding: Finding, *, is_over: bool = False) -> str:
    """Say in a few words what is wrong, or that it is over."""
    if finding.kind == "silence":
        return "Webhooks come again" if is_over else "No webhook comes"
    if finding.kind == "job":
        return f"Job {finding.job} {'is well again' if is_over else 'fails'}"
    where = f"on {finding.network}" if finding.network else "on all networks"
    return f"Delivery {where} {'is back' if is_over else 'has fallen'}"


def began(finding: Finding, time_zone: str) -> str:
    """Say what is known of a finding, in a sentence or two."""
    since = _moment(finding.began_at, time_zone)
    if finding.kind == "silence":
        longest = _span(finding.usual_silence_seconds or 0)
        return f"The last came on {since}. The longest silence at this time of day was {longest}."
    if finding.kind == "job":
        return (
            f"It failed twice in a row, first on {since}: {finding.error}. It is tried again at its"
            " time; the server's log says more."
        )
    rate = (finding.delivered or 0) / max(1, finding.messages or 0)
    return (
        f"Of {finding.messages:,} messages sent since {since}, {_percent(rate)} were delivered"
        f" within {_span(IN_TIME.total_seconds())}; usual at this time of day is"
        f" {_percent(finding.usual_rate or 0)}."
    )


def ended(alert: Alert, time_zone: str) -> str:
    """Say that an alert is over."""
    assert alert.resolved_at is not None
    lasted = _span((alert.resolved_at - alert.began_at).total_seconds())
    return f"It had begun on {_moment(alert.began_at, time_zone)} and is over after {lasted}."


def line(alert: Alert, time_zone: str) -> str:
    """Tell an alert in one line."""
    state = "open" if alert.is_open else ended(alert, time_zone).removesuffix(".")
    fired = _moment(alert.fired_at, time_zone)
    return f"{fired}  {title(alert)}: {began(alert, time_zone)} [{state}]"


def _moment(instant: datetime, time_zone: str) -> str:
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{local.day} {local:%b %H:%M}"


def _percent(rate: float) -> str:
    return f"{rate * 100:.1f} %"


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 120:
        return f"{minutes} minutes" if minutes != 1 else "1 minute"
    return f"{minutes / 60:.1f} hours".replace(".0 ", " ")
