"""What the page at the door makes of its roster, tried without a page (static/door-people.js)."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.doors import passes
from tests.instances import left_out

ROOT = Path(__file__).resolve().parents[2]
# The machine's, or the one that the set-up has brought for npm (deploy/install.py).
NODE = shutil.which("node") or shutil.which("node", path=str(ROOT / "build/node/bin"))
Ask = Callable[[str], Any]


@pytest.fixture(scope="module")
def ask() -> Ask:
    """Evaluate an expression about the roster of door_people.js."""
    if NODE is None:
        left_out("node", "there is no node on this machine")
    source, roster = (
        (ROOT / path).read_text(encoding="utf-8")
        for path in ("static/door-people.js", "tests/doors/door_people.js")
    )

    def evaluated(expression: str) -> Any:
        script = f"{source}\n{roster}\nconsole.log(JSON.stringify({expression}));"
        done = subprocess.run(
            [str(NODE), "-"], input=script, capture_output=True, text=True, timeout=60, check=True
        )
        return json.loads(done.stdout)

    return evaluated


def test_people_are_found_as_on_the_roll(ask: Ask) -> None:
    typed = {
        "小静": ["李小静"],
        "LXJ": ["李小静"],
        "xj": ["李小静"],
        "j": [],
        "欧阳娜": ["欧阳·娜"],
        "421": ["李小静", "欧阳·娜"],
        "0421": ["李小静"],
        "": ["李小静", "欧阳·娜", "王伟", "客人", "免某"],
    }
    told = ask(
        f"{json.dumps(list(typed))}.map((typed) => names(DoorPeople.found(people, typed, '')))"
    )
    assert dict(zip(typed, told, strict=True)) == typed


def test_the_numbers_add_up(ask: Ask) -> None:
    told = ask("DoorPeople.counts(people)")
    assert told == {"due": 3, "present": 1, "leave": 1, "absent": 1, "others": 1}


def test_a_pass_is_read_as_the_portal_reads_it(ask: Ask) -> None:
    text = passes.written("0123456789", passes._FIRST_DAY, "key")
    spoken = passes.grouped(text).lower().replace("0", "o").replace("1", "l")
    shown = [text, spoken, text.replace("0", "-0"), text[:-1], text + "0", "李小静", "X" + text[1:]]
    told = ask(f"{json.dumps(shown)}.map(DoorPeople.passText)")
    assert told == [text, text, text, "", "", "", ""]


def test_what_is_not_yet_sent_lies_over_the_roster(ask: Ask) -> None:
    here = ["王伟", "客人"]
    sent = '[{ client_id: "w", person_id: 3, at: "2026-11-30T01:00:00Z" }]'
    told = ask(
        '[come([]), come([tick(1, "a")]), come([tick(1, "a"), back("a", 1)]),'
        ' come([tick(1, "a"), back("a", 1), tick(1, "b")]),'
        f' come([back("w", 3)], {sent}), come([back("w", 3), tick(3, "x")], {sent})]'
    )
    assert told == [here, ["李小静", *here], here, ["李小静", *here], ["客人"], here]


def test_the_host_is_told_of_refusals_and_of_what_contradicts_the_roll(ask: Ask) -> None:
    told = ask("told()")
    assert told[:3] == [None, True, 1]
    assert "病假" in told[3]
    assert "没有计入" in told[4]
    assert "另一台设备" in told[5]


def test_who_was_noted_as_leaving_has_left_until_that_is_taken_back(ask: Ask) -> None:
    sent = '[{ client_id: "w", person_id: 3, at: "2026-11-30T03:00:00Z", direction: "out" }]'
    told = ask(
        '[gone([]), gone([out(3, "w")]), gone([out(3, "w"), back("w", 3)]),'
        f' gone([], {sent}), gone([back("w", 3)], {sent}), come([back("w", 3)], {sent}),'
        ' come([tick(1, "a"), out(1, "b"), back("b", 1)]), come([out(1, "b")])]'
    )
    here = ["王伟", "客人"]
    assert told == [
        *([], ["王伟"], []),
        # What was sent is in the roster when that is read anew; taken back, nobody has left.
        *([], [], here),
        *(["李小静", *here], ["李小静", *here]),
    ]
