"""How much slower pages of cases get with a hundred times the cases and statements.

`python -m bench.cases_growth` fills two databases: a first month (1,000 cases and 10,000
statements; what was asked in the last days is open) and five years (100,000 and 1,000,000; one
case in twenty is open). It asks both the same pages in turns as an office, a secretary and a
member, and prints how many times longer the large one takes, by processor time. `--folder` keeps
the databases; `--postgresql SMALL LARGE` names two empty ones there, timed by the clock.
"""

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import insert, select

from bench.search_growth import GOAL, Size, build, client_of, seconds
from portal import clock
from portal.cases.models import (
    AskerSight,
    Case,
    CaseKind,
    CaseLevel,
    CaseOpening,
    CaseSource,
    CaseState,
    CaseStep,
    Counting,
    Move,
    Openness,
    Satisfaction,
)
from portal.cases.queries import SEARCH_KIND
from portal.database import db, write_transaction
from portal.events.models import Event
from portal.people.models import Organisation, OrganisationKind, Person
from portal.records.models import MeetingRecord, RecordKind, RecordState, Statement, StatementKind
from portal.records.queries.statements import SEARCH_KIND as SAID_KIND
from portal.search.models import SearchEntry
from portal.search.places import kind_token, place, rank_of
from portal.search.tokens import MARK, tokens_of

STATEMENTS_A_CASE, STATEMENTS_A_RECORD = 10, 40
TURNS = 9
_AT_ONCE = 5_000
_MATTERS = (
    *("路灯不亮", "下水道堵了", "电动车乱停", "楼道堆物", "健身器材松动", "噪声扰民"),
    *("加装电梯", "助餐点太远", "停车位不够", "树枝压电线", "书屋新书太少", "外墙渗水"),
)
_WHERE = ("三号楼", "北门", "活动室", "小广场", "车棚", "菜市场口")
PAGES = (
    "/cases/",
    "/cases/?show=all",
    "/cases/?show=closed",
    "/cases/?show=red",
    "/cases/?show=all&q=路灯",
    "/cases/?show=all&q=第7号 电梯",
    "/cases/?show=public",
    "/cases/board",
    "/cases/waiting",
    "/cases/calendar",
    f"/search?kind={SEARCH_KIND}&q=路灯",
    f"/search?kind={SEARCH_KIND}&q=火星人",
    f"/search?kind={SAID_KIND}&q=停车位",
    "/search?q=路灯",
)


class Term(NamedTuple):
    """So many cases within so many days, of which the last ones are open."""

    cases: int
    days: int
    open_share: float


# A case is over after one to eight days: in a month that is 85 of 100.
FIRST_MONTH = Term(1_000, 30, 0.15)
FIVE_YEARS = Term(100_000, 5 * 365, 0.05)
READERS = {"office": PAGES, "secretary": PAGES, "member": PAGES[:1] + PAGES[6:7] + PAGES[10:12]}


def filled(url: str, folder: Path, term: Term) -> Flask:
    """Return the portal on this database with these cases and ten times the statements."""
    records = max(1, term.cases * STATEMENTS_A_CASE // STATEMENTS_A_RECORD)
    app = build(url, folder, Size(communities=10, branches=10, people=2_000, events=records))
    with app.app_context():
        if db.session.scalar(select(Case.id).limit(1)) is None:
            db.session.rollback()
            with write_transaction():
                _fill(term, records)
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                is_sqlite = db.engine.dialect.name == "sqlite"
                connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")
        db.session.remove()
    return app


def _fill(term: Term, records: int) -> None:
    chance = random.Random(term.cases)
    branches = list(
        db.session.scalars(
            select(Organisation.id)
            .where(Organisation.kind == OrganisationKind.BRANCH)
            .order_by(Organisation.id)
        )
    )
    people = list(db.session.scalars(select(Person.id).order_by(Person.id).limit(2_000)))
    events = list(db.session.scalars(select(Event.id).order_by(Event.id).limit(records)))
    now = clock.now()
    first = now - timedelta(days=term.days)
    _cases(term, branches, people, (first, now), chance)
    _statements(term.cases * STATEMENTS_A_CASE, events, branches, people, first, chance)


def _cases(
    term: Term,
    branches: list[int],
    people: list[int],
    span: tuple[datetime, datetime],
    chance: random.Random,
) -> None:
    (first, now), number = span, term.cases
    rows: dict[Any, list[dict[str, Any]]] = {
        Case: [],
        CaseStep: [],
        CaseOpening: [],
        SearchEntry: [],
    }
    for case_id in range(1, number + 1):
        is_open = case_id > number * (1 - term.open_share)
        opened_at = first + (now - first) * case_id / number
        due_at = opened_at + timedelta(days=7)
        closed_at = (
            None if is_open else min(now, opened_at + timedelta(days=chance.randrange(1, 9)))
        )
        words = f"{chance.choice(_WHERE)}{chance.choice(_MATTERS)}，第{case_id % 97}号院等人来看。"
        where, branch = chance.choice(_WHERE), chance.choice(branches)
        opener = people[case_id % 50 + 3]
        state = (
            chance.choice((CaseState.REGISTERED, CaseState.WORKING, CaseState.SETTLED))
            if is_open
            else CaseState.CLOSED
        )
        rows[Case].append(
            {
                "id": case_id,
                "source": CaseSource.VISIT,
                "kind": list(CaseKind)[case_id % 6],
                "words": words,
                "place": where,
                "level": CaseLevel.COMMUNITY,
                "organisation_id": branch,
                "lead_id": branch,
                "asker_sight": AskerSight.ANONYMOUS,
                "state": state,
                "opened_at": opened_at,
                "opened_by_id": opener,
                "assigned_at": opened_at,
                "return_until": opened_at + timedelta(days=2),
                "respond_until": opened_at + timedelta(days=1),
                "due_amount": 5,
                "due_counting": Counting.WORKING_DAYS,
                "due_at": due_at,
                "first_due_at": due_at,
                "yellow_at": due_at - timedelta(days=1),
                "red_at": due_at + timedelta(hours=8),
                "settled_at": closed_at,
                "closed_at": closed_at,
                "called_back_at": closed_at,
                "is_solved": closed_at is not None or None,
                "satisfaction": Satisfaction.SATISFIED if closed_at else None,
                "updated_at": opened_at,
            }
        )
        rows[CaseStep].append(
            {
                "case_id": case_id,
                "move": Move.REGISTER,
                "state": CaseState.REGISTERED,
                "at": opened_at,
                "actor_id": people[3],
            }
        )
        if case_id % 100 == 0:
            rows[CaseOpening].append(
                {
                    "case_id": case_id,
                    "openness": Openness.MEMBERS,
                    "decided_by_id": people[1],
                    "decided_at": opened_at,
                }
            )
        marks = [f"o{branch}", f"p{opener}"]
        marks += ["open"] * is_open + ["all"] * (case_id % 100 == 0)
        rows[SearchEntry].append(_entry(SEARCH_KIND, case_id, opened_at, words, where, marks))
        if case_id % _AT_ONCE == 0 or case_id == number:
            _write(rows)


def _statements(
    number: int,
    events: list[int],
    branches: list[int],
    people: list[int],
    first: datetime,
    chance: random.Random,
) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {MeetingRecord: [], Statement: [], SearchEntry: []}
    for statement_id in range(1, number + 1):
        record_id, position = divmod(statement_id - 1, STATEMENTS_A_RECORD)
        at = first + timedelta(minutes=2 * statement_id)
        branch = branches[record_id % len(branches)]
        if position == 0:
            rows[MeetingRecord].append(
                {
                    "id": record_id + 1,
                    "event_id": events[record_id],
                    "kind": RecordKind.SEMINAR,
                    "organisation_id": branch,
                    "state": RecordState.DRAFT,
                    "title": f"第{record_id}次座谈会",
                    "starts_at": at,
                    "ends_at": at + timedelta(hours=2),
                    "created_by_id": people[3],
                    "updated_by_id": people[3],
                    "created_at": at,
                    "updated_at": at,
                }
            )
        matter = f"{chance.choice(_WHERE)}{chance.choice(_MATTERS)}"
        text = f"我想问{matter}的事，第{statement_id % 89}次说了。"
        rows[Statement].append(
            {
                "id": statement_id,
                "record_id": record_id + 1,
                "event_id": events[record_id],
                "organisation_id": branch,
                "position": position + 1,
                "client_id": str(statement_id),
                "speaker_name": "来人",
                "kind": StatementKind.QUESTION,
                "text": text,
                "written_at": at,
                "written_by_id": people[3],
            }
        )
        rows[SearchEntry].append(_entry(SAID_KIND, statement_id, at, "来人", text))
        if statement_id % _AT_ONCE == 0 or statement_id == number:
            _write(rows)


def _entry(
    kind: str, object_id: int, at: datetime, title: str, body: str, marks: Sequence[str] = ()
) -> dict[str, Any]:
    tokens = tokens_of(titles=[title], body=[body])
    own = [MARK + mark for mark in sorted(marks)]
    return {
        "id": place(kind, object_id, rank_of(at)),
        "kind": kind,
        "object_id": object_id,
        "tokens": " ".join([kind_token(kind), *sorted(set(tokens)), *own]),
    }


def _write(rows: dict[Any, list[dict[str, Any]]]) -> None:
    for table, told in rows.items():
        if told:
            db.session.execute(insert(table), told)
            told.clear()


def compare(small: Flask, large: Flask, clocked: Callable[[], float]) -> list[dict[str, Any]]:
    """Ask both portals in turns; return a row for each page and reader."""
    rows = []
    for reader, pages in READERS.items():
        clients = [client_of(app, reader) for app in (small, large)]
        for address in pages:
            times: list[list[float]] = [[], []]
            for turn in range(TURNS + 2):
                for at, client in enumerate(clients):
                    took = seconds(client, address, clocked)
                    if turn >= 2:
                        times[at].append(took)
            few, many = (statistics.median(one) * 1000 for one in times)
            rows.append(
                {"reader": reader, "page": address, "small": few, "large": many, "x": many / few}
            )
    return rows


def main() -> None:
    """Build, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", nargs=2, metavar=("SMALL", "LARGE"))
    parser.add_argument("--folder", type=Path, help="keep the databases here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = asked.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        urls = asked.postgresql or [f"sqlite:///{folder}/{name}.sqlite" for name in "sl"]
        small = filled(urls[0], folder, FIRST_MONTH)
        large = filled(urls[1], folder, FIVE_YEARS)
        print(f"filled in {time.perf_counter() - began:.0f} s")
        gc.collect()
        # SQLite works in this process: its processor time is not disturbed by others.
        rows = compare(small, large, time.perf_counter if asked.postgresql else time.process_time)
    for row in rows:
        over = "  over the goal" if row["x"] > GOAL else ""
        print(
            f"{row['reader']:<10}{row['small']:8.2f} ms{row['large']:9.2f} ms"
            f"{row['x']:7.2f} x  {row['page']}{over}"
        )
    print(f"largest: {max(row['x'] for row in rows):.2f} x (goal {GOAL})")


if __name__ == "__main__":
    main()
