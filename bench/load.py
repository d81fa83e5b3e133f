"""A small HTTP/1.1 load generator: keep-alive connections, prepared requests, exact counts.

It sends each prepared request once, in order, over `connections` at a time, or goes round
for `seconds`. Raw sockets on asyncio, because the generator shares two cores with what it
measures: a general client would spend more on a request than the server does.
"""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

MAX_REQUESTS = 200_000


@dataclass
class Result:
    """What a run saw: statuses, seconds, and the latency of each request in milliseconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    seconds: float = 0.0
    bytes_received: int = 0

    @property
    def per_second(self) -> float:
        """Requests answered a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, share: int) -> float:
        """The latency that `share` per cent of the requests stayed below, milliseconds."""
        if len(self.latencies) < 2:
            return self.latencies[0] if self.latencies else 0.0
        return statistics.quantiles(self.latencies, n=100)[share - 1]


def request(
    method: str,
    path: str,
    *,
    cookie: str = "",
    body: str = "",
    kind: str = "application/x-www-form-urlencoded",
    headers: str = "",
) -> bytes:
    """Prepare the bytes of one request to the local server."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Accept-Encoding: gzip"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if body:
        lines.append(f"Content-Type: {kind}")
        lines.append(f"Content-Length: {len(body.encode())}")
    elif method == "POST":
        lines.append("Content-Length: 0")
    if headers:
        lines.append(headers)
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def whole_answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one answer; return its status and its bytes, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    body = b""
    at = lowered.find(b"content-length:")
    if at >= 0:
        body = await reader.readexactly(int(lowered[at + 15 : lowered.index(b"\r\n", at)]))
    elif b"transfer-encoding: chunked" in lowered:
        while size := int((await reader.readline()).strip() or b"0", 16):
            body += (await reader.readexactly(size + 2))[:size]
        await reader.readline()
    return int(head[9:12]), head + body


async def _worker(port: int, requests: Iterator[bytes], until: float, result: Result) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for prepared in requests:
            started = time.perf_counter()
            if started >= until:
                return
            try:
                writer.write(prepared)
                status, answer = await whole_answer(reader)
            except (ConnectionError, asyncio.IncompleteReadError):
                # The server closed an idle or used-up connection: open another, try again.
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(prepared)
                status, answer = await whole_answer(reader)
            result.latencies.append((time.perf_counter() - started) * 1000)
            result.statuses[status] += 1
            result.bytes_received += len(answer)
    finally:
        writer.close()


async def _run(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Result:
    result = Result()
    started = time.perf_counter()
    until = started + seconds
    await asyncio.gather(*(_worker(port, requests, until, result) for _ in range(connections)))
    result.seconds = time.perf_counter() - started
    return result


def send_all(port: int, requests: Iterable[bytes], *, connections: int) -> Result:
    """Send every request once; at most 120 seconds."""
    return asyncio.run(_run(port, iter(requests), connections, 120.0))


def go_round(port: int, requests: list[bytes], *, connections: int, seconds: float) -> Result:
    """Send the requests round and round for `seconds` (bounded in count too)."""
    bounded = itertools.islice(itertools.cycle(requests), MAX_REQUESTS)
    return asyncio.run(_run(port, bounded, connections, seconds))
