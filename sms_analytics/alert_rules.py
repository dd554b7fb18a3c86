"""When an alert begins, when it is over, and who must be told of it. Pure.

findings ──▶ not open, not quiet? ──▶ it begins, with a notice
open, not found any more ──▶ it is over, with a notice
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec

from analytics.alerts import cusum
from analytics.alerts.cusum import Watch
from analytics.alerts.reading import Key, Traffic
from analytics.alerts.usual import History, Hour, history
from sms_analytics import alert_words
from sms_analytics.alert_book import Alert, Book, Finding, Kind, Notice

QUIET = timedelta(hours=1)
NOT_USUAL = timedelta(hours=24)
FIRST_LOOK = timedelta(hours=1)
UNSEEN = timedelta(hours=24)
BUSY_MESSAGES = 20
BUSY_FOR = timedelta(hours=1)
NEAR = 0.5


def settle(
    book: Book,
    kind: Kind,
    findings: Iterable[Finding],
    now: datetime,
    channels: int,
    time_zone: str,
    link: str = "",
) -> Book:
    """Begin an alert for each finding that is new, and end those of this kind that are over.

    One that is open is told what is known now. After its end the same one is quiet for an hour.
    """
    found = {finding.subject: finding for finding in findings}
    alerts: list[Alert] = []
    notices = list(book.notices)

    def tell(alert: Alert, *, is_over: bool) -> None:
        title = alert_words.title(alert, is_over=is_over)
        body = (alert_words.ended if is_over else alert_words.began)(alert, time_zone)
        notices.extend(
            Notice(
                alert_id=alert.alert_id,
                channel=channel,
                is_good=is_over,
                title=title,
                body=f"{body} {link}".rstrip(),
                made_at=now,
                due_at=now,
            )
            for channel in range(channels)
        )

    for alert in book.alerts:
        going_on = found.pop(alert.subject, None) if alert.is_open else None
        if alert.kind != kind or not alert.is_open:
            alerts.append(alert)
        elif going_on:
            alerts.append(_refreshed(alert, going_on))
        else:
            over = msgspec.structs.replace(alert, resolved_at=now)
            alerts.append(over)
            tell(over, is_over=True)
    quiet = {a.subject for a in book.alerts if a.resolved_at and now - a.resolved_at < QUIET}
    for subject in sorted(found.keys() - quiet):
        alert = _begun(found[subject], now)
        alerts.append(alert)
        tell(alert, is_over=False)
    return msgspec.structs.replace(book, alerts=tuple(alerts), notices=tuple(notices))


def _begun(finding: Finding, now: datetime) -> Alert:
    known = msgspec.structs.asdict(finding)
    return Alert(**known, fired_at=now, alert_id=f"{finding.subject}-{now:%Y%m%dT%H%M%SZ}")


def _refreshed(alert: Alert, finding: Finding) -> Alert:
    known = msgspec.structs.asdict(finding)
    del known["began_at"]
    return msgspec.structs.replace(alert, **known)


def watch(book: Book, traffic: Mapping[Key, Traffic]) -> Book:
    """Judge what is ripe and was not judged yet; what is down stays so until messages tell."""
    watches = {}
    for key, known in traffic.items():
        name = "-".join(key)
        begun = Watch(judged_upto=known.ripe_upto - FIRST_LOOK)
        past = history(hour for hour in known.hours if _is_usual(hour, key, book.alerts))
        state = _judged(book.watches.get(name, begun), known, past)
        is_known = past.suffices and known.ripe_upto - state.judged_upto < UNSEEN
        if state.is_down or is_known:
            watches[name] = state
    return msgspec.structs.replace(book, watches=watches)


def _judged(state: Watch, known: Traffic, past: History) -> Watch:
    if not past.suffices:
        return state
    for bucket in sorted(known.buckets, key=lambda each: each.starts_at):
        if bucket.starts_at >= state.judged_upto:
            usual = past.usual(bucket.hour_of_day, known.known_share)
            state = cusum.step(state, bucket, usual)
    return state


def _is_usual(hour: Hour, key: Key, alerts: Iterable[Alert]) -> bool:
    """Tell whether an hour is one to compare with: not of the first day of an alert."""
    return not any(
        alert.kind == "delivery"
        and alert.mcc in (None, key[0])
        and alert.mnc in (None, key[1])
        and hour.starts_at + timedelta(hours=1) > alert.began_at
        and hour.starts_at
        < min(alert.resolved_at or alert.began_at + NOT_USUAL, alert.began_at + NOT_USUAL)
        for alert in alerts
    )


def fallen(book: Book, traffic: Mapping[Key, Traffic]) -> list[Finding]:
    """Return what has fallen: some networks, or all of them as one.

    All have where every one that has traffic, of two at least, is down or half way there. What is
    open goes on by itself; while that of all is, no other network has one of its own.
    """
    down = {key: book.watches[name] for key in traffic if _is_down(book, name := "-".join(key))}
    watched = [key for key, known in traffic.items() if key in down or _is_busy(book, key, known)]
    near = [key for key in watched if key in down or _share(book, key) >= NEAR]
    everywhere = len(watched) > 1 and near == watched and len(down) > 0
    own = [_of_network(key, traffic[key].name, watch) for key, watch in down.items()]
    whole = _of_all(list(down.values())) if down else None
    if whole and (everywhere or whole.subject in book.open):
        return [whole, *(finding for finding in own if finding.subject in book.open)]
    return own


def _is_down(book: Book, name: str) -> bool:
    return name in book.watches and book.watches[name].is_down


def _share(book: Book, key: Key) -> float:
    return book.watches["-".join(key)].share


def _is_busy(book: Book, key: Key, known: Traffic) -> bool:
    """Tell whether a network is watched and had messages to judge in the last hour."""
    since = known.ripe_upto - BUSY_FOR
    messages = sum(bucket.messages for bucket in known.buckets if bucket.starts_at >= since)
    return "-".join(key) in book.watches and messages >= BUSY_MESSAGES


def _of_network(key: Key, name: str, watch: Watch) -> Finding:
    return Finding(
        kind="delivery",
        mcc=key[0],
        mnc=key[1],
        network=name,
        began_at=watch.since or watch.judged_upto,
        messages=watch.messages,
        delivered=watch.delivered,
        usual_rate=watch.usual_rate,
    )


def _of_all(watches: list[Watch]) -> Finding:
    messages = sum(watch.messages for watch in watches)
    return Finding(
        kind="delivery",
        began_at=min(watch.since or watch.judged_upto for watch in watches),
        messages=messages,
        delivered=sum(watch.delivered for watch in watches),
        usual_rate=sum(watch.expected for watch in watches) / messages,
    )
