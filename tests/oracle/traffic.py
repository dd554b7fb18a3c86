"""Draws what SMSO may send: few people, many webhooks, in hostile orders and by hostile clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from hypothesis import strategies as st

from analytics.definitions import Definitions
from tests.oracle.pipeline import Call

# Days on which clocks change or networks do, and one on which nothing happens.
ANCHORS = [
    datetime(2026, 3, 29, 0, 59, 58, tzinfo=UTC),  # Europe/Bucharest skips the hour from 03:00
    datetime(2025, 10, 26, 0, 30, tzinfo=UTC),  # and has the one from 03:00 twice
    datetime(2025, 9, 30, 20, 59, 58, tzinfo=UTC),  # 226-03 changes its name at midnight there
    datetime(2026, 11, 2, 18, 29, 58, tzinfo=UTC),  # midnight in Asia/Kolkata
    datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC),
]
ZONES = [
    "UTC",
    "Europe/Bucharest",
    "Asia/Kolkata",
    "America/St_Johns",
    "Asia/Kathmandu",
    "America/New_York",
    "Pacific/Kiritimati",
    "Australia/Adelaide",
]
NETWORKS = [
    *(("226", mnc) for mnc in ("01", "1", "10", "03", "3", "003", "05", "99", "099")),
    *(("334", mnc) for mnc in ("3", "003", "020", "20")),
    *(("310", mnc) for mnc in ("26", "026", "410")),
    ("999", "01"),
    ("999", "1"),
    ("100", "7"),
]
STATUSES = ["sent", "accepted", "undelivered", "expired", "error", *["delivered"] * 5]
NUMBERS = ["+40722334455", "+40722000001", "+40733000002"]
IDS = [f"0000000{n}-aaaa-4bbb-8ccc-000000000000" for n in range(8)]
BODIES = ["da", "STOP", " Oprește ", "nu mai vreau", "stop!", "DEZABONAȚI", "ştop", "Stop\n", "1+1"]
CAMPAIGNS = [None, None, "spring", "autumn sale"]

OFFSETS = st.sampled_from(
    [
        *(0, 0, 1, 2, 3_599, 3_600, 86_399, 86_400, 259_200, 604_799, 604_800, 691_200),
        *(-1, -3_600, -86_400),
    ]
)
LATENCIES = (
    st.integers(0, 7_200)
    | st.sampled_from(
        [
            *(0, 1, 2, 4, 5, 5, 6, 10, 11, 29, 30, 31, 59, 60, 61, 299, 300, 301),
            *(2_699, 2_700, 86_400, 172_800, 259_199, 259_200, -1, -600),
        ]
    )
    | st.integers(0, 7_200)
)
LAGS = st.sampled_from([0, 1, 5, 60, 86_400, 300_000, -1, -90_000]) | st.integers(0, 600)
WAITS = st.sampled_from([0, 1, 30, 3_600, 7_200, 7_201, 259_199, 259_200, 259_201, -1, -400]) | (
    st.integers(0, 90_000)
)
FRACTIONS_MICROSECONDS = st.sampled_from([0] * 9 + [1, 250_000, 999_999])
EDGES_MICROSECONDS = st.sampled_from([-1, 0, 0, 1])


@dataclass(frozen=True)
class Scene:
    """Webhooks as they are journaled, in batches, and by what they are to be judged."""

    batches: list[list[Call]]
    definitions: Definitions
    as_of: datetime
    rebuilt: bool

    @property
    def calls(self) -> list[Call]:
        return [call for batch in self.batches for call in batch]


def form(whose: str, number: str, network: tuple[str, str], fields: dict[str, str]) -> str:
    """Return a body as SMSO spells it."""
    party = {"number": number, "mcc": network[0], "mnc": network[1]}
    return urlencode(fields | {f"{whose}['{name}']": text for name, text in party.items()})


def text(moment: datetime) -> str:
    """Return an instant as SMSO spells it, with a fraction of its second if it has one."""
    return moment.replace(tzinfo=None).isoformat(sep=" ")


@dataclass(frozen=True)
class _Sent:
    """A message as SMSO knows it, which its webhooks may contradict."""

    message_id: str
    number: str
    network: tuple[str, str]
    sent_at: datetime
    delivered_at: datetime


@st.composite
def _sent(draw: st.DrawFn, message_id: str, anchor: datetime) -> _Sent:
    sent_at = anchor + timedelta(
        seconds=draw(OFFSETS) + draw(st.integers(0, 5)), microseconds=draw(FRACTIONS_MICROSECONDS)
    )
    return _Sent(
        message_id,
        number=draw(st.sampled_from(NUMBERS)),
        network=draw(st.sampled_from(NETWORKS)),
        sent_at=sent_at,
        delivered_at=sent_at
        + timedelta(seconds=draw(LATENCIES), microseconds=draw(FRACTIONS_MICROSECONDS)),
    )


@st.composite
def _receipt(draw: st.DrawFn, message: _Sent) -> Call:
    """Draw one receipt, now and then one that tells another story than the others."""
    odd = draw(st.integers(0, 9))
    if odd == 0:
        message = replace(
            message,
            network=draw(st.sampled_from(NETWORKS)),
            sent_at=message.sent_at + timedelta(seconds=draw(OFFSETS)),
            number=draw(st.sampled_from(NUMBERS)),
        )
    status = draw(st.sampled_from(STATUSES))
    has_time = status == "delivered" if odd > 1 else draw(st.booleans())
    return Call(
        message.delivered_at + timedelta(seconds=draw(LAGS), microseconds=draw(EDGES_MICROSECONDS)),
        form(
            "receiver",
            message.number,
            message.network,
            {
                "uuid": message.message_id,
                "status": status,
                "sent_at": text(message.sent_at),
                "delivered_at": text(message.delivered_at) if has_time else "",
            },
        ),
        draw(st.sampled_from(CAMPAIGNS)),
    )


@st.composite
def _answer(draw: st.DrawFn, sent: list[_Sent]) -> Call:
    about = draw(st.sampled_from(sent))
    since = draw(st.sampled_from([about.sent_at, about.delivered_at]))
    received_at = since + timedelta(seconds=draw(WAITS), microseconds=draw(FRACTIONS_MICROSECONDS))
    replied_to = st.sampled_from(["", "", about.message_id, about.message_id, "sent", IDS[0]])
    number = about.number if draw(st.integers(0, 4)) else draw(st.sampled_from(NUMBERS))
    # Of two replies at one instant nobody can say which was first: both come from one network.
    second = received_at.second
    return Call(
        received_at + timedelta(seconds=draw(LAGS)),
        form(
            "sender",
            number,
            NETWORKS[second % len(NETWORKS)],
            {
                "body": draw(st.sampled_from(BODIES)),
                "replied_to": draw(replied_to),
                "received_at": text(received_at),
            },
        ),
        CAMPAIGNS[second % len(CAMPAIGNS)],
    )


@st.composite
def _unreadable(draw: st.DrawFn, anchor: datetime) -> Call:
    at = anchor + timedelta(seconds=draw(OFFSETS))
    fields = {"uuid": "x", "status": "sent", "sent_at": text(at)}
    return Call(at, form("receiver", NUMBERS[0], ("22", "01"), fields))


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """Draw a log of a few messages, and everything that its figures depend on."""
    anchor = draw(st.sampled_from(ANCHORS))
    sent = [draw(_sent(each, anchor)) for each in IDS[: draw(st.integers(1, len(IDS)))]]
    calls = [draw(_receipt(each)) for each in sent for _ in range(draw(st.integers(0, 4)))]
    calls += draw(st.lists(_answer(sent), max_size=8))
    calls += draw(st.lists(_unreadable(anchor), max_size=1))
    calls += draw(st.lists(st.sampled_from(calls), max_size=4)) if calls else []
    calls = draw(st.permutations(calls))
    cuts = sorted(draw(st.lists(st.integers(0, len(calls)), max_size=2)))
    horizon, window = draw(st.sampled_from([(72, 72), (1, 1), (72, 2), (24, 72)]))
    hours = draw(st.sampled_from([0, horizon, window, 200]))
    since = draw(
        st.sampled_from([moment for each in sent for moment in (each.sent_at, each.delivered_at)])
    )
    seconds = draw(st.sampled_from([0, 0, 5, 60, 300]))
    return Scene(
        [calls[low:high] for low, high in zip([0, *cuts], [*cuts, len(calls)], strict=True)],
        Definitions(
            time_zone=draw(st.sampled_from(ZONES)),
            horizon_hours=horizon,
            reply_window_hours=window,
            conversation_gap_hours=draw(st.sampled_from([24, 24, 1, 72, 200])),
        ),
        since + timedelta(hours=hours, seconds=seconds, microseconds=draw(EDGES_MICROSECONDS)),
        rebuilt=draw(st.booleans()),
    )
