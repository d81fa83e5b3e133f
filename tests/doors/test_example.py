"""The example in another language does what it says, against a live portal."""

import json
import os
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from portal import clock
from portal.database import db
from portal.doors.models import PassKind
from tests.doors.conftest import Doors
from tests.faults.cables import Cut, cut
from tests.instances import left_out
from tests.live import serving

ROOT = Path(__file__).resolve().parents[2]
# The machine's, or the one that the set-up has brought for npm (deploy/install.py).
NODE = shutil.which("node") or shutil.which("node", path=str(ROOT / "build/node/bin"))


def run(queue: Path, address: str, token: str, event_id: int, lines: list[str], **more: str):
    assert NODE is not None
    return subprocess.run(
        [NODE, str(ROOT / "examples/check-in.mjs")],
        input="\n".join(lines),
        env={
            "PATH": os.environ["PATH"],
            "PORTAL": address,
            "TOKEN": token,
            "EVENT": str(event_id),
            "QUEUE": str(queue),
            "FIRST_PAUSE": "1",
            **more,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_door_in_javascript_loses_nothing_and_counts_nobody_twice(
    doors: Doors, tmp_path: Path
) -> None:
    if NODE is None:
        left_out("node", "there is no node on this machine")
    event = doors.lesson(starts_at=clock.now() + timedelta(minutes=10))
    doors.open(event)
    token = doors.token(db.session.merge(event))
    badge = doors.give_pass(doors.a, PassKind.BADGE)
    queue = tmp_path / "check-ins.json"
    lines = [badge.lower(), str(doors.b.id), "P0NONSENSE"]
    away = run(queue, "http://127.0.0.1:9", token, event.id, lines, PATIENCE="2")
    assert away.returncode == 1
    assert [sorted(one) for one in json.loads(queue.read_text())] == [
        ["at", "client_id", "method", "pass"],
        ["at", "client_id", "method", "person_id"],
        ["at", "client_id", "method", "pass"],
    ]
    # The roster is heard; of the first answer nothing, of the second a half.
    cuts = iter([Cut("answer", 1.0), Cut("answer", 0.0), Cut("answer", 0.9)])
    with serving(doors.app) as live, cut(live.port, cuts) as cable:
        back = run(queue, f"http://127.0.0.1:{cable.port}", token, event.id, [badge])
        refused = run(tmp_path / "none.json", live.address, "door_wrong", event.id, [badge])
    assert back.returncode == 0, back.stderr
    assert next(cuts, None) is None
    assert "党员测试甲" in back.stdout
    outcomes = [line.split()[1] for line in back.stdout.splitlines() if "-" in line.split()[0]]
    assert outcomes == ["recorded", "recorded", "bad_pass", "already"]
    assert json.loads(queue.read_text()) == []
    assert len(doors.scans) == 4
    assert doors.numbers(event).present == 2
    assert (refused.returncode, "401" in refused.stderr) == (1, True)


@pytest.mark.parametrize("word", ["client_id", "Retry-After", "pass_hashes"])
def test_the_example_shows_what_matters(word: str) -> None:
    assert word in (ROOT / "examples/check-in.mjs").read_text(encoding="utf-8")
