"""Posts webhooks over HTTP, each at its time, and tries again when told to, as a provider would."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

import httpx

from simulator.story import WEBHOOK_PATH
from simulator.traffic import Delivery, live

CONNECTIONS = 16
TIMEOUT_SECONDS = 10
TRIES_MAX = 30
RETRY_SECONDS = 1.0
RETRY_SECONDS_MAX = 30.0
UNREACHABLE = "unreachable"
GIVEN_UP = "given up"

Tally = Counter[int | str]
"""How often each HTTP status was the answer, and how often there was none."""


class Sender:
    """Posts to one webhook address until told to stop."""

    def __init__(self, client: httpx.AsyncClient, address: str, stop: asyncio.Event) -> None:
        self.tally = Tally()
        self._client = client
        self._address = address.rstrip("/")
        self._stop = stop
        self._free = asyncio.Semaphore(CONNECTIONS)

    async def send(self, deliveries: Iterable[Delivery]) -> None:
        """Post each delivery at its time, or at once when that has passed."""
        async with asyncio.TaskGroup() as posting:
            for delivery in deliveries:
                await self._pause((delivery.at - datetime.now(UTC)).total_seconds())
                await self._free.acquire()
                if self._stop.is_set():
                    self._free.release()
                    return
                posting.create_task(self._post(delivery))

    async def _post(self, delivery: Delivery) -> None:
        try:
            for _ in range(TRIES_MAX):
                wait = await self._try(delivery)
                if wait is None:
                    return
                await self._pause(wait)
                if self._stop.is_set():
                    break
            self.tally[GIVEN_UP] += 1
        finally:
            self._free.release()

    async def _try(self, delivery: Delivery) -> float | None:
        """Post once; return the seconds to wait before trying again, None if it is settled."""
        url = self._address + delivery.url.removeprefix(WEBHOOK_PATH)
        headers = {"Content-Type": delivery.content_type}
        try:
            answer = await self._client.post(url, content=delivery.body, headers=headers)
        except httpx.TransportError:
            self.tally[UNREACHABLE] += 1
            return RETRY_SECONDS
        self.tally[answer.status_code] += 1
        return _retry_after(answer) if answer.status_code == 503 else None

    async def _pause(self, seconds: float) -> None:
        """Wait that long, or until told to stop."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return


def _retry_after(answer: httpx.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), RETRY_SECONDS_MAX) if text.isdecimal() else RETRY_SECONDS


async def send(deliveries: Iterable[Delivery], address: str, stop: asyncio.Event) -> Tally:
    """Post the deliveries to a webhook address (`http://…/webhooks/smso`, or with a token).

    Returns the tally of answers when all are settled, or soon after `stop` is set.
    """
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
        sender = Sender(client, address, stop)
        await sender.send(deliveries)
        return sender.tally


def run_live(address: str, seed: int, messages_per_second: float, stop: threading.Event) -> Tally:
    """Send live traffic to a webhook address until `stop` is set; return the tally of answers."""
    return asyncio.run(_run_live(address, seed, messages_per_second, stop))


async def _run_live(
    address: str, seed: int, messages_per_second: float, stop: threading.Event
) -> Tally:
    stopped = asyncio.Event()
    watch = asyncio.create_task(_relay(stop, stopped))
    try:
        deliveries = live(seed, datetime.now(UTC), messages_per_second)
        return await send(deliveries, address, stopped)
    finally:
        stop.set()
        await watch


async def _relay(stop: threading.Event, stopped: asyncio.Event) -> None:
    await asyncio.to_thread(stop.wait)
    stopped.set()
