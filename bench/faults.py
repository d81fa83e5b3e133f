"""kill -9 at random moments of a burst of check-ins: `python -m bench.faults --runs 20`.

Each run is one of the two of tests/faults, on a portal of its own: a worker killed three
times, or the whole server killed and started again on the same port. Every check-in that was
answered must be there once; the run fails otherwise.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from tests.doors.conftest import Doors
from tests.faults import bursts
from tests.instances import make_app, migrate

PEOPLE = 200


def main() -> None:
    """Run, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for number in range(given.runs):
        chance = random.Random(given.seed + number)
        fault = (bursts.survive_dying_workers, bursts.survive_a_dying_server)[number % 2]
        with tempfile.TemporaryDirectory() as folder:
            app = make_app(Path(folder))
            migrate(app)
            with app.app_context():
                burst = bursts.prepared(Doors(app), PEOPLE)
                started = time.perf_counter()
                fault(app, burst, chance)
                seconds = time.perf_counter() - started
        print(
            f"{number + 1:3} {fault.__name__}: {PEOPLE} recorded once in {seconds:.1f} s,"
            f" sent again {sum(burst.retries.values())} times {dict(burst.retries)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
