"""What watching costs: check-ins a second with 100 live counters open, against none.

`python -m bench.watchers` lets devices check people in, one by one over 8 connections, on a
portal of 2 workers; in every other round 100 screens ask for the numbers of that very roll as
often as the page does. The goal: at most 10% slower (QUALITY.md, capability F).
"""

import argparse
import asyncio
import os
import re
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench import doors, load, servers
from bench.world import Visitor, World, build

SCREENS = 100
EVERY_SECONDS = 1.5
CONNECTIONS = 8
PEOPLE = 1_200
# At most 10% slower.
GOAL = 0.9
_REVISION = re.compile(rb"live\?revision=(\d+)")


async def _screen(
    port: int,
    event_id: int,
    visitor: Visitor,
    delay: float,
    done: asyncio.Event,
    seen: Counter[int],
) -> None:
    """Ask until the burst is over, each time with the revision that was told last."""
    revision = "-1"
    await asyncio.sleep(delay)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while not done.is_set():
        started = time.perf_counter()
        asked = load.request(
            "GET",
            f"/events/{event_id}/attendance/live?revision={revision}",
            cookie=visitor.cookie,
            headers="HX-Request: true",
        ).replace(b"Accept-Encoding: gzip", b"Accept-Encoding: identity")
        try:
            writer.write(asked)
            status, answer = await load.whole_answer(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        seen[status] += 1
        if found := _REVISION.search(answer):
            revision = found[1].decode()
        rest = EVERY_SECONDS - (time.perf_counter() - started)
        if rest > 0:
            await asyncio.sleep(rest)
    writer.close()


async def _round(
    port: int, world: World, part: int, screens: int
) -> tuple[load.Result, Counter[int]]:
    door = world.doors[part]
    checkins = iter([doors.check_in(door, [one]) for one in world.people[:PEOPLE]])
    done, seen = asyncio.Event(), Counter[int]()
    watching = [
        asyncio.create_task(
            _screen(
                port,
                door.event_id,
                world.hosts[number % len(world.hosts)],
                number * EVERY_SECONDS / screens,
                done,
                seen,
            )
        )
        for number in range(screens)
    ]
    if screens:
        await asyncio.sleep(EVERY_SECONDS)  # all of them have begun
    result = await load._run(port, checkins, CONNECTIONS, 120.0)
    done.set()
    await asyncio.gather(*watching)
    return result, seen


def main() -> None:
    """Measure in turns and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    rounds = min(parser.parse_args().rounds, doors.EVENTS // 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PORTAL_INSTANCE_PATH"] = str(folder)  # both sides seal cookies with one key
        url = f"sqlite:///{folder}/portal.sqlite"
        world = build(url)
        alone: list[float] = []
        watched: list[float] = []
        with servers.portal(folder, url) as port:
            for number in range(rounds):
                for screens, rates in ((0, alone), (SCREENS, watched)):
                    part = 2 * number + bool(screens)
                    result, seen = asyncio.run(_round(port, world, part, screens))
                    rates.append(result.per_second)
                    print(
                        f"{screens:3} screens: {result.per_second:7.1f} check-ins a second,"
                        f" p95 {result.percentile(95):6.1f} ms, answers {dict(result.statuses)},"
                        f" polls {dict(seen)}",
                        flush=True,
                    )
    ratio = statistics.median(watched) / statistics.median(alone)
    verdict = "kept" if ratio >= GOAL else "NOT kept"
    print(
        f"with {SCREENS} screens {ratio:.0%} of the check-ins a second without;"
        f" the goal, {GOAL:.0%}, is {verdict}"
    )


if __name__ == "__main__":
    main()
