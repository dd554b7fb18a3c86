import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import groupby, islice
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest

from simulator.population import MOVERS, MOVES_TO, PEOPLE, person, since_move
from simulator.traffic import Delivery, history, live

END = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
START = END - timedelta(days=30)
FINAL = {"delivered", "undelivered", "expired", "error"}
ROMANIAN = {f"{network.mcc}-{network.mnc}" for network in MOVES_TO}
TEN_DAYS = 10 * 86_400


class Receipt(NamedTuple):
    uuid: str
    status: str
    sent_at: datetime
    delivered_at: datetime | None
    number: str
    network: str


def fields(delivery: Delivery) -> dict[str, str]:
    """Read a webhook's fields, whatever its spelling; nothing of the program is used for it."""
    if delivery.content_type == "application/json":
        nested: dict[str, Any] = json.loads(delivery.body)
        parties = {role: nested.pop(role) for role in ("receiver", "sender") if role in nested}
        return nested | {f"{r}[{k}]": v for r, party in parties.items() for k, v in party.items()}
    pairs = parse_qsl(delivery.body.decode(errors="replace"), keep_blank_values=True)
    return {name.replace("'", ""): value.strip() for name, value in pairs}


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def receipts(deliveries: list[Delivery]) -> list[Receipt]:
    found = []
    for delivery in deliveries:
        try:
            field = fields(delivery)
        except ValueError:
            continue
        if "receiver[number]" in field:
            found.append(
                Receipt(
                    field["uuid"],
                    field["status"],
                    instant(field["sent_at"]),
                    instant(field["delivered_at"]) if field["delivered_at"] else None,
                    "+" + field["receiver[number]"].removeprefix("+"),
                    f"{field['receiver[mcc]']}-{field['receiver[mnc]']}",
                )
            )
    return found


def replies(deliveries: list[Delivery]) -> list[dict[str, str]]:
    forms = [d for d in deliveries if d.content_type.endswith("urlencoded")]
    return [field for field in map(fields, forms) if "sender[number]" in field]


@pytest.fixture(scope="module")
def month() -> list[Delivery]:
    return list(history(7, START, END, 30_000))


@pytest.fixture(scope="module")
def reported(month: list[Delivery]) -> list[Receipt]:
    return receipts(month)


def delivery_rate(receipts: list[Receipt], network: str, since: datetime, days: int) -> float:
    until = since + timedelta(days=days)
    there = [r for r in receipts if r.network == network and since <= r.sent_at < until]
    delivered = {r.uuid for r in there if r.status == "delivered"}
    return len(delivered) / len({r.uuid for r in there})


def p95(receipts: list[Receipt], network: str, since: datetime, days: int) -> float:
    until = since + timedelta(days=days)
    seconds = sorted(
        (r.delivered_at - r.sent_at).total_seconds()
        for r in receipts
        if r.delivered_at and r.network == network and since <= r.sent_at < until
    )
    return seconds[int(len(seconds) * 0.95)]


def test_same_seed_gives_the_same_bytes() -> None:
    assert list(history(1, START, END, 300)) == list(history(1, START, END, 300))
    assert list(history(1, START, END, 300)) != list(history(2, START, END, 300))


def test_webhooks_come_in_order_of_arrival_and_only_before_the_end(month: list[Delivery]) -> None:
    times = [delivery.at for delivery in month]
    assert times == sorted(times)
    assert times[0] > START
    assert END - timedelta(hours=1) < times[-1] < END


def test_about_as_many_messages_as_asked_for(reported: list[Receipt]) -> None:
    assert len({r.uuid for r in reported}) == pytest.approx(30_000, rel=0.05)


def test_no_messages_give_no_webhooks() -> None:
    assert list(history(1, START, END, 0)) == []


def test_every_status_is_met(reported: list[Receipt]) -> None:
    assert {r.status for r in reported} == FINAL | {"dispatched", "sent"}


def test_some_messages_never_get_a_final_receipt(reported: list[Receipt]) -> None:
    old = {r.uuid for r in reported if r.sent_at < END - timedelta(days=3)}
    final = {r.uuid for r in reported if r.status in FINAL}
    assert 0.005 < len(old - final) / len(old) < 0.03


def test_numbers_are_invented_mobile_numbers_and_repeat(reported: list[Receipt]) -> None:
    messages = {r.uuid: r.number for r in reported if r.network.startswith("226-")}
    assert all(re.fullmatch(r"\+40700\d{6}", number) for number in messages.values())
    assert 0.3 < len(set(messages.values())) / len(messages) < 0.95


def test_networks_have_their_shares(reported: list[Receipt]) -> None:
    counts = Counter({r.uuid: r.network for r in reported}.values())
    shares = {network: count / counts.total() for network, count in counts.items()}
    assert shares["226-01"] == pytest.approx(0.36, abs=0.02)
    assert shares["226-10"] == pytest.approx(0.34, abs=0.02)
    assert shares["226-05"] == pytest.approx(0.24, abs=0.02)
    assert shares["226-03"] == pytest.approx(0.04, abs=0.01)
    assert {"262-01", "208-01", "226-99"} < set(shares)


def test_one_romanian_in_twenty_moves_each_year_and_keeps_the_number() -> None:
    year, before = END.timestamp(), (END - timedelta(days=365)).timestamp()
    moved = []
    for index in range(PEOPLE):
        now, then = person(index, year), person(index, before)
        assert now.number == then.number
        if now.network is not then.network:
            moved.append((then.network, now.network))
    assert len(moved) / PEOPLE == pytest.approx(MOVERS, rel=0.1)
    assert {network for pair in moved for network in pair} == set(MOVES_TO)


def test_a_number_that_moves_is_on_one_network_before_and_on_another_after(
    reported: list[Receipt],
) -> None:
    seen: dict[str, list[str]] = {}
    for receipt in sorted(reported, key=lambda each: each.sent_at):
        if receipt.status == "sent" and receipt.network in ROMANIAN:
            seen.setdefault(receipt.number, []).append(receipt.network)
    stays = [len(list(groupby(networks))) for networks in seen.values()]
    assert max(stays) == 2
    assert 0 < stays.count(2) / len(stays) < 0.01


def test_in_the_days_after_a_move_more_messages_go_astray(reported: list[Receipt]) -> None:
    who = {person(index, 0).number: index for index in range(PEOPLE)}
    final = [each for each in reported if each.status in FINAL and each.network in ROMANIAN]
    new = [
        each for each in final if since_move(who[each.number], each.sent_at.timestamp()) < TEN_DAYS
    ]
    lost, lost_of_new = (
        sum(each.status != "delivered" for each in some) / len(some) for some in (final, new)
    )
    assert lost_of_new > 2 * lost


def test_one_network_has_a_bad_stretch_of_two_days(reported: list[Receipt]) -> None:
    bad, good = datetime(2026, 11, 13, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC)
    assert delivery_rate(reported, "226-01", bad, days=2) < 0.80
    assert delivery_rate(reported, "226-01", good, days=7) > 0.91
    assert delivery_rate(reported, "226-10", bad, days=2) > 0.91
    assert p95(reported, "226-01", bad, days=2) > 1.5 * p95(reported, "226-01", good, days=7)


def test_weekends_and_nights_are_quiet(reported: list[Receipt]) -> None:
    sent = {r.uuid: r.sent_at for r in reported}.values()
    days, hours = Counter(at.weekday() for at in sent), Counter(at.hour for at in sent)
    assert days[1] > 2 * days[5]
    assert hours[9] > 5 * hours[1]


def test_clocks_are_sometimes_wrong(reported: list[Receipt]) -> None:
    wrong = [r for r in reported if r.delivered_at and r.delivered_at < r.sent_at]
    assert 0 < len(wrong) < len(reported) / 500


def test_finals_sometimes_conflict(reported: list[Receipt]) -> None:
    finals = {(r.uuid, r.status) for r in reported if r.status in FINAL}
    assert len(finals) > len({uuid for uuid, _ in finals})


def test_receipts_sometimes_come_out_of_order(reported: list[Receipt]) -> None:
    done: set[str] = set()
    late = 0
    for receipt in reported:
        late += receipt.status == "sent" and receipt.uuid in done
        done |= {receipt.uuid} if receipt.status in FINAL else set()
    assert 0 < late < len(done) / 20


def test_webhooks_are_sometimes_delivered_twice(month: list[Delivery]) -> None:
    bodies = Counter(delivery.body for delivery in month)
    assert 0 < len(month) - len(bodies) < len(month) / 100


def test_some_bodies_cannot_be_decoded() -> None:
    def kind(delivery: Delivery) -> bool:
        return b"receiver" in delivery.body or b"sender" in delivery.body

    assert any(not kind(delivery) for delivery in history(3, START, END, 60_000))


def test_one_in_eight_answers_and_most_name_the_message(
    month: list[Delivery], reported: list[Receipt]
) -> None:
    delivered = {r.uuid for r in reported if r.status == "delivered"}
    named = Counter(reply["replied_to"] for reply in replies(month))
    explicit = sum(count for uuid, count in named.items() if uuid in delivered)
    assert 0.09 < named.total() / len(delivered) < 0.15
    assert explicit > 0.75 * named.total()
    assert named[""] > 0
    assert named["sent"] > 0
    assert set(named) - {"", "sent"} - {r.uuid for r in reported}


def test_replies_speak_romanian_and_some_opt_out(month: list[Delivery]) -> None:
    bodies = {reply["body"] for reply in replies(month)}
    assert {"STOP", "DEZABONARE", "Da, mulțumesc!", "Mulțumesc 😀"} < bodies


def test_spellings_vary(month: list[Delivery]) -> None:
    kinds = Counter(
        "json" if d.content_type == "application/json" else "quoted" if b"['" in d.body else "plain"
        for d in month
    )
    assert kinds["plain"] > 0.8 * kinds.total()
    assert set(kinds) == {"json", "quoted", "plain"}


def test_urls_carry_the_campaign(month: list[Delivery]) -> None:
    urls = {delivery.url for delivery in month}
    assert {"/webhooks/smso", "/webhooks/smso?campaign=spring"} < urls


def test_live_traffic_has_the_rate_asked_for_and_no_end() -> None:
    deliveries = list(islice(live(1, END, messages_per_second=5), 4_000))
    span = (deliveries[-1].at - deliveries[0].at).total_seconds()
    messages = {r.uuid for r in receipts(deliveries)}
    assert len(messages) / span == pytest.approx(5, rel=0.2)
    assert [d.at for d in deliveries] == sorted(d.at for d in deliveries)


def test_live_traffic_does_not_repeat_the_messages_of_the_past() -> None:
    past = {r.uuid for r in receipts(list(history(1, START, END, 200)))}
    present = {r.uuid for r in receipts(list(islice(live(1, END, 5), 400)))}
    assert not past & present
