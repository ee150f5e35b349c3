"""How a running service holds out under many clients.

    qa serve --port 8000 &
    python benchmarks/soak.py http://127.0.0.1:8000 [--clients 64] [--seconds 120]

Each client asks one question after another: those of `tests/croydon.jsonl`, follow-ups with
their history, some within a range of dates, and now and then for the documents or for something
senseless. A client that is told to wait does so. The service has to run on this machine, so that
its memory can be seen. Exit status 1 if anything was answered as it should not be.
"""

import argparse
import asyncio
import json
import random
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psutil

QUESTIONS = Path(__file__).parents[1] / "tests" / "croydon.jsonl"
LONGEST_WAIT = 2.0
"""Seconds that a client waits at most when it is told to come back later."""


class Request(NamedTuple):
    """Something to ask for, and the status of a good reply."""

    method: str
    path: str
    body: dict[str, Any] | None
    status: int


@dataclass
class Seen:
    """What all clients together have met."""

    seconds: list[float] = field(default_factory=list)
    waits: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """How many requests were made."""
        return len(self.seconds) + self.waits.total() + self.errors.total()


def draw(chance: random.Random, questions: list[dict[str, Any]]) -> Request:
    """Draw a request: nine of ten are questions."""
    asked = chance.choice(questions)
    body: dict[str, Any] = {"question": asked["question"], "history": asked.get("history", [])}
    kind = chance.random()
    if kind < 0.80:
        return Request("POST", "/ask", body, 200)
    if kind < 0.90:
        return Request("POST", "/ask", {**body, "since": "2017-01-01", "top_k": 3}, 200)
    if kind < 0.95:
        return Request("GET", "/documents", None, 200)
    return Request("POST", "/ask", {"question": ""}, 422)


async def ask(client: httpx.AsyncClient, wanted: Request, seen: Seen) -> float:
    """Send one request, note how it ends, and return the seconds to wait before another."""
    begun = time.perf_counter()
    try:
        reply = await client.request(wanted.method, wanted.path, json=wanted.body)
    except httpx.HTTPError as error:
        seen.errors[type(error).__name__] += 1
        return 0.1
    if reply.status_code in (429, 503):
        seen.waits[reply.status_code] += 1
        return min(float(reply.headers.get("retry-after", 1)), LONGEST_WAIT)
    if reply.status_code != wanted.status:
        seen.errors[f"status {reply.status_code} to {wanted.method} {wanted.path}"] += 1
        return 0.1
    seen.seconds.append(time.perf_counter() - begun)
    return 0.0


async def soak(address: str, clients: int, seconds: float, server: psutil.Process) -> Seen:
    """Let the clients loose; return what they met, printing the server's memory on the way."""
    questions = [json.loads(each) for each in QUESTIONS.read_text("utf-8").splitlines()]
    seen = Seen()
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=clients)

    async def loop(number: int) -> None:
        chance = random.Random(number)
        while time.monotonic() < until:
            pause = await ask(client, draw(chance, questions), seen)
            await asyncio.sleep(min(pause, max(until - time.monotonic(), 0)))

    async def watch() -> None:
        for name in ("start", "middle"):
            print_memory(name, server)
            await asyncio.sleep(seconds / 2)

    async with httpx.AsyncClient(
        base_url=address, timeout=120, limits=limits, trust_env=False
    ) as client:
        await client.post("/ask", json={"question": questions[0]["question"]})  # it warms up
        await asyncio.gather(watch(), *(loop(each) for each in range(clients)))
    print_memory("end", server)
    return seen


def print_memory(when: str, server: psutil.Process) -> None:
    """Print the server's resident memory."""
    print(f"memory, {when}: {server.memory_info().rss / 1e6:.0f} MB", flush=True)


def server_at(address: str) -> psutil.Process:
    """Return the process that listens at an address of this machine."""
    port = httpx.URL(address).port
    for each in psutil.net_connections("tcp"):
        if each.status == psutil.CONN_LISTEN and each.laddr.port == port and each.pid is not None:
            return psutil.Process(each.pid)
    raise SystemExit(f"no process of yours listens at {address}; start one: qa serve --port {port}")


def main() -> None:
    """Soak, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=120)
    given = parser.parse_args()
    server = server_at(given.address)
    begun = time.perf_counter()
    seen = asyncio.run(soak(given.address, given.clients, given.seconds, server))
    took = time.perf_counter() - begun
    print(f"{given.clients} clients, {took:.0f} s: {seen.requests} requests")
    print(f"{seen.requests / took:.1f} requests a second")
    print(f"told to wait: {seen.waits[429]} with 429, {seen.waits[503]} with 503")
    if len(seen.seconds) > 1:
        hundredths = statistics.quantiles(seen.seconds, n=100, method="inclusive")
        marks = ", ".join(f"p{each} {hundredths[each - 1] * 1000:.0f} ms" for each in (50, 95, 99))
        print(f"answered: {len(seen.seconds)}, {marks}")
    print(f"errors: {seen.errors.total()}")
    for name, times in seen.errors.most_common():
        print(f"  {times} times {name}")
    sys.exit(1 if seen.errors or not seen.seconds else 0)


if __name__ == "__main__":
    main()
