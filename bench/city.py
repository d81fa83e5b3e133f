"""The city's worst ten minutes on two nodes (QUALITY.md): `python -m bench.city --minutes 10`.

One PostgreSQL, one Redis, two portals on ports of their own. Doors send what has gathered, a batch
at a time, when it is due, whether or not a node is done with those before: 249,000 check-ins in
ten minutes, 1,240 a second at the peak, a sixth of the time (DOMAIN part 4). The batches of one
roll go to the nodes in turns. Every twentieth batch is sent once more, to the other node, as by a
door that did not hear the answer. Then the database is asked whether everybody is there once.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from bench import servers
from bench.__main__ import database
from bench.burst import PEOPLE_A_ROLL, Line, Scene, Seen, build, due_at, recorded
from bench.doors import Door, check_in

PEOPLE, PEAK = 249_000, 1_240
NODES = 2
AGAIN_EVERY = 20
_CONNECTIONS = 32
REDIS_URL = os.environ.get("PORTAL_TEST_REDIS_URL", "redis://127.0.0.1:6379/0")


def rolls_for(minutes: float, batch: int) -> int:
    """Return how many rolls it takes until all who come in that time have come."""
    batches = len(list(due_at(minutes, PEOPLE / batch, PEAK / batch)))
    return max(NODES, math.ceil(batches / (PEOPLE_A_ROLL // batch)))


async def _settled(line: Line, door: Door, people: list[int], seen: Seen, since: float) -> None:
    """Send a batch; each of it must be answered as recorded, now or before."""
    body = await line.ask(check_in(door, people), seen, since)
    results = json.loads(body.split(b"\r\n\r\n", 1)[1])["results"]
    outcomes = {one["outcome"] for one in results}
    if outcomes != {"recorded"} or len(results) != len(people):
        raise SystemExit(f"not recorded: {outcomes}")


async def _warm(lines: list[Line], scene: Scene) -> None:
    """Open the connections, and let every worker answer something."""
    for line in lines:
        await line.open(_CONNECTIONS)
        for door in scene.doors[:_CONNECTIONS]:
            await line.ask(check_in(door, []), Seen(), 0)


async def run(
    ports: list[int], scene: Scene, minutes: float, batch: int
) -> tuple[Seen, Seen, Counter[int], float]:
    """Let them come; return what the doors saw, first and again, who came where, how long."""
    first, again, came = Seen(), Seen(), Counter[int]()
    lines = [Line(port) for port in ports]
    await _warm(lines, scene)
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number, due in enumerate(due_at(minutes, PEOPLE / batch, PEAK / batch)):
            turn, at = divmod(number, len(scene.doors))
            door = scene.doors[at]
            people = scene.expected[door.event_id][turn * batch : (turn + 1) * batch]
            came[door.event_id] += len(people)
            await asyncio.sleep(max(0.0, started + due - time.perf_counter()))
            sent = (door, people)
            node = number % NODES if len(scene.doors) % NODES else (number + turn) % NODES
            group.create_task(_settled(lines[node], *sent, first, started + due))
            if number % AGAIN_EVERY == 0:
                other = lines[(node + 1) % NODES]
                group.create_task(_settled(other, *sent, again, started + due))
    return first, again, came, time.perf_counter() - started


def main() -> None:
    """Let the city come and say how it went."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=0.5, help="10 is the whole burst")
    parser.add_argument("--batch", type=int, default=20, help="how many a door sends at once")
    options = parser.parse_args()
    if not 1 <= options.batch <= PEOPLE_A_ROLL:
        parser.error(f"a batch has 1 to {PEOPLE_A_ROLL} people")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["PORTAL_INSTANCE_PATH"] = str(folder)
        url = stack.enter_context(database("postgresql", folder, "city"))
        scene = build(url, rolls=rolls_for(options.minutes, options.batch))
        ports = [
            stack.enter_context(servers.portal(folder, url, PORTAL_REDIS_URL=REDIS_URL))
            for _ in range(NODES)
        ]
        first, again, came, seconds = asyncio.run(run(ports, scene, options.minutes, options.batch))
        there, marks, scans = recorded(url)
    print(first.said("batches"))
    print(again.said("sent again"))
    number = sum(came.values())
    is_once = there == came and marks == scans == number
    print(
        f"{number} check-ins at {len(scene.doors)} rolls on {NODES} nodes in {seconds:.1f} s:"
        f" {'each is there once' if is_once else 'NOT so'}"
    )
    late = seconds - options.minutes * 60
    p99 = statistics.quantiles(first.waits, n=100)[98]
    print(f"peak {PEAK} a second; done {late:.1f} s after the last was due; p99 {p99:.0f} ms")
    if not is_once or set(first.statuses) | set(again.statuses) != {200}:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
