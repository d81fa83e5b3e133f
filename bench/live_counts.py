"""Live counts on 100 open screens: polling against server-sent events, on one small server.

`python -m bench.live_counts` prints what docs/decisions/0007-live-counts.md quotes. Polling is
the portal as it is. Events are a bare application that holds one response open for each
screen and asks the same one question every second and a half for it: the least that such a
server can do. Both run under gunicorn with 2 workers of 8 threads.
"""

import asyncio
import itertools
import os
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response
from sqlalchemy import create_engine, text

from bench import limit_tables, load, servers
from bench.world import World, build

SCREENS = 100
EVERY_SECONDS = 1.5
SECONDS = 15.0

app = Flask(__name__)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.get("/events")
def events() -> Response:
    """One screen's stream, held open."""
    engine = create_engine(os.environ["LIMIT_DATABASE_URL"])

    def told() -> Iterator[str]:
        while True:
            with engine.connect() as connection:
                revision = connection.scalar(text("SELECT count(*) FROM limit_row"))
            yield f"data: {revision}\n\n"
            time.sleep(EVERY_SECONDS)

    return Response(told(), mimetype="text/event-stream")


async def _listen(port: int, path: str, until: float) -> bool:
    """Open a stream; return whether anything came before the time was up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(load.request("GET", path))
    try:
        async with asyncio.timeout(until):
            head = await reader.readuntil(b"data: ")
            await asyncio.sleep(until)
            return bool(head)
    except TimeoutError:
        return "head" in locals()
    finally:
        writer.close()


def streams(folder: Path) -> tuple[int, float, float]:
    """Return how many of the screens hear anything, and how long a page takes without and with."""
    url = f"sqlite:///{folder}/limit.sqlite"
    limit_tables.prepare(url)
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "bench.live_counts:app"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8"]
    command += ["--worker-class", "gthread", "--worker-tmp-dir", "/dev/shm"]

    async def run() -> tuple[int, float]:
        listening = [asyncio.create_task(_listen(port, "/events", SECONDS)) for _ in range(SCREENS)]
        await asyncio.sleep(2)
        pages = [await asyncio.to_thread(_page_time, port) for _ in range(5)]
        return sum(await asyncio.gather(*listening)), max(pages)

    with servers.serving(command, {"LIMIT_DATABASE_URL": url}, port):
        alone = _page_time(port)
        heard, beside = asyncio.run(run())
    return heard, alone, beside


def _page_time(port: int) -> float:
    """Return the seconds that a small page takes; at most two are waited."""
    started = time.perf_counter()
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
    except OSError:
        return 2.0
    return time.perf_counter() - started


def polling(folder: Path) -> dict[str, float]:
    """Return rates and latencies of the portal: quiet polls, changed ones, a page beside them."""
    url = f"sqlite:///{folder}/portal.sqlite"
    os.environ["PORTAL_INSTANCE_PATH"] = str(folder)  # both sides seal cookies with one key
    world = build(url)
    with servers.portal(folder, url) as port:
        quiet, changed = _polls(world, port)
        page = [
            load.request("GET", f"/events/{world.rolls[0]}/attendance", cookie=host.cookie)
            for host in world.hosts
        ]
        rates = {
            "quiet polls a second": load.go_round(
                port, quiet, connections=16, seconds=8
            ).per_second,
            "changed polls a second": load.go_round(
                port, changed, connections=16, seconds=8
            ).per_second,
            "roll pages a second": load.go_round(port, page, connections=16, seconds=8).per_second,
            "roll page alone, p95 ms": load.go_round(
                port, page, connections=2, seconds=8
            ).percentile(95),
        }
        rates |= asyncio.run(_screens(port, quiet, page))
    return rates


def _polls(world: World, port: int) -> tuple[list[bytes], list[bytes]]:
    """Return polls that know the present revision, and polls that know none."""
    quiet: list[bytes] = []
    changed: list[bytes] = []
    for host, roll in zip(world.hosts, itertools.cycle(world.rolls)):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/events/{roll}/attendance", headers={"Cookie": host.cookie}
        )
        html = urllib.request.urlopen(request).read().decode()
        found = re.search(r'hx-get="([^"]+/live\?revision=\d+)"', html)
        assert found, (roll, html[html.find("<h1") :][:300])
        for path, polls in ((found[1], quiet), (found[1].rpartition("=")[0] + "=-1", changed)):
            polls.append(load.request("GET", path, cookie=host.cookie, headers="HX-Request: true"))
    return quiet, changed


async def _screens(port: int, quiet: list[bytes], page: list[bytes]) -> dict[str, float]:
    """Let 100 screens ask as often as they do while two hosts read the roll page."""
    until = time.perf_counter() + SECONDS
    polled, read = load.Result(), load.Result()

    async def screen(number: int) -> None:
        await asyncio.sleep(number * EVERY_SECONDS / SCREENS)
        own = itertools.repeat(quiet[number % len(quiet)], 1)
        while time.perf_counter() < until:
            started = time.perf_counter()
            await load._worker(port, own, until, polled)
            own = itertools.repeat(quiet[number % len(quiet)], 1)
            await asyncio.sleep(max(0.0, EVERY_SECONDS - (time.perf_counter() - started)))

    readers = [load._worker(port, itertools.cycle(page), until, read) for _ in range(2)]
    await asyncio.gather(*(screen(number) for number in range(SCREENS)), *readers)
    return {
        "polls of 100 screens, a second": len(polled.latencies) / SECONDS,
        "polls of 100 screens, p95 ms": polled.percentile(95),
        "polls of 100 screens, p99 ms": polled.percentile(99),
        "polls that failed": float(
            sum(number for status, number in polled.statuses.items() if status >= 400)
        ),
        "roll page beside them, p95 ms": read.percentile(95),
    }


def main() -> None:
    """Measure both and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        heard, alone, beside = streams(folder)
        print(f"server-sent events: {heard} of {SCREENS} screens heard anything in {SECONDS:.0f} s")
        print(
            f"a small page: {alone * 1000:.1f} ms alone, {beside * 1000:.0f} ms beside the streams"
        )
        for what, figure in polling(folder).items():
            print(f"polling: {what}: {figure:.1f}")


if __name__ == "__main__":
    main()
