"""How much slower the search page gets with a hundred times the data.

`python -m bench.search_growth` fills two databases, a sub-district's first month and five years
of a district (QUALITY.md, growth), asks both the same things in turns, and prints how many times
longer the large one takes: the median of many turns, in one process, a page each time.
`--postgresql URL_SMALL URL_LARGE` measures on two empty PostgreSQL databases instead.
"""

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert, select, update

from portal import clock, create_app
from portal.cli import MIGRATIONS
from portal.database import db, write_transaction
from portal.events.models import Audience, Event, EventDueOrganisation, EventKind, EventState
from portal.people.models import (
    Account,
    LoginSession,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    PersonKey,
    Role,
    RoleGrant,
)
from portal.people.naming import phone_keys, search_keys, stroke_key
from portal.people.queries import token_hash
from portal.search.models import SearchEntry
from portal.search.places import kind_token, place, rank_of
from portal.search.tokens import tokens_of

TURNS = 15
GOAL = 1.5
_THEMES = (
    *("社区治理", "楼院议事", "红色物业", "为老服务", "垃圾分类", "消防安全", "电动车充电"),
    *("加装电梯", "停车管理", "邻里互助", "志愿服务", "普查登记", "海岸线净滩", "助餐食堂"),
    *("红色书屋", "文明实践", "营商环境", "青年创业", "法律援助", "健康义诊"),
)
_FORMS = (
    *("主题党课", "专题研讨", "现场参观", "支部党员大会"),
    *("主题党日", "入户走访", "便民集市", "实地调研"),
)
_PLACES = (
    *("汕头路", "海口路", "辛家庄", "澳门路", "香港路"),
    *("珠海路", "燕儿岛路", "漳州路", "南京路", "宁夏路"),
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "建国伟芳秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂玉"
_SUMMARY = "围绕{theme}，先听介绍，再到现场看，最后一起讨论。请带好党员徽章，准时到场。"


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    communities: int
    branches: int
    people: int
    events: int


FIRST_MONTH = Size(communities=4, branches=7, people=400, events=2_600)
FIVE_YEARS = Size(communities=40, branches=30, people=40_000, events=260_000)

# What is looked for: common words and rare ones, characters, pinyin, initials, two words, names.
ASKED = (
    "党课",
    "红色物业",
    "徽章",
    "dangke",
    "hswy",
    "hongsewuye",
    "汕头路 党课",
    "汕头路第3党支部",
    "第77场",
    "王",
    "王建国",
    "wangjianguo",
    "wjg",
    "火星人",
    "党课 集市",
)


def build(url: str, folder: Path, size: Size) -> Flask:
    """Return the portal on this database, filled unless it was before."""
    app = create_app(
        PORTAL_ENV="test", PORTAL_DATABASE_URL=url, PORTAL_SECRET_KEY="bench", TESTING=True
    )
    app.instance_path = str(folder)
    with app.app_context():
        upgrade(directory=str(MIGRATIONS))
        db.session.remove()
        is_empty = db.session.scalar(select(Person.id).limit(1)) is None
        with write_transaction():
            if is_empty:
                _fill(size)
            # Ahead, so that no request has to write that it was seen.
            seen = {"created_at": clock.now(), "last_seen_at": clock.now() + timedelta(minutes=20)}
            db.session.execute(update(LoginSession).values(seen))
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            is_sqlite = db.engine.dialect.name == "sqlite"
            connection.exec_driver_sql("ANALYZE" if is_sqlite else "VACUUM ANALYZE")
        db.session.remove()
    return app


def _fill(size: Size) -> None:
    chance = random.Random(size.events)
    street, communities, branches = _tree(size)
    people = _people(size, branches, chance)
    _events(size, communities, branches, people[0], chance)
    now = clock.now()
    readers = {"office": people[0], "secretary": people[1], "member": people[2]}
    db.session.execute(
        insert(RoleGrant),
        [
            {"person_id": people[0], "role": Role.OFFICE, "organisation_id": street},
            {
                "person_id": people[1],
                "role": Role.COMMUNITY_SECRETARY,
                "organisation_id": communities[0][0],
            },
        ],
    )
    for name, person_id in readers.items():
        account = Account(
            username=name,
            person_id=person_id,
            password_hash="none",
            password_changed_at=now,
            must_change_password=False,
            confirmed_at=now,
            created_at=now,
        )
        db.session.add(account)
        db.session.flush()
        db.session.add(
            LoginSession(
                account_id=account.id,
                token_hash=token_hash(name),
                created_at=now,
                last_seen_at=now,
                address="127.0.0.1",
            )
        )


Node = tuple[int, str, str]


def _tree(size: Size) -> tuple[int, list[Node], list[Node]]:
    street = _organisation("珠海路街道党工委", "/S/", OrganisationKind.SUB_DISTRICT, None)
    communities, branches = [], []
    for at in range(size.communities):
        name = f"{_PLACES[at % len(_PLACES)]}{at // len(_PLACES) or ''}社区"
        path = f"/S/C{at}/"
        number = _organisation(f"{name}党委", path, OrganisationKind.COMMUNITY, street)
        communities.append((number, name, path))
        for branch in range(1, size.branches + 1):
            below = f"{path}B{at}-{branch}/"
            named = f"{name.removesuffix('社区')}第{branch}党支部"
            made = _organisation(named, below, OrganisationKind.BRANCH, number)
            branches.append((made, named, below))
    return street, communities, branches


def _organisation(name: str, path: str, kind: OrganisationKind, parent: int | None) -> int:
    made = Organisation(
        code=path.strip("/").split("/")[-1],
        name=name,
        short_name=name,
        kind=kind,
        parent_id=parent,
        path=path,
    )
    db.session.add(made)
    db.session.flush()
    db.session.execute(
        insert(SearchEntry).values(
            id=place("organisation", made.id, 100 - path.count("/")),
            kind="organisation",
            object_id=made.id,
            tokens=" ".join(
                [kind_token("organisation"), *tokens_of(titles=[name, name, made.code])]
            ),
        )
    )
    return made.id


def _people(size: Size, branches: Sequence[Node], chance: random.Random) -> list[int]:
    names = [
        chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2))))
        for _ in range(size.people)
    ]
    db.session.execute(
        insert(Person),
        [
            {
                "name": name,
                "phone": f"199{number:08d}",
                "pinyin_key": _keys(name)[-1],
                "stroke_key": stroke_key(name),
            }
            for number, name in enumerate(names)
        ],
    )
    people = list(db.session.scalars(select(Person.id).order_by(Person.id)))
    db.session.execute(
        insert(Membership),
        [
            {"person_id": person_id, "organisation_id": branches[at % len(branches)][0]}
            for at, person_id in enumerate(people)
        ],
    )
    db.session.execute(
        insert(PersonKey),
        [
            {"person_id": person_id, "key": key}
            for at, (person_id, name) in enumerate(zip(people, names, strict=True))
            for key in (*_keys(name), *phone_keys(f"199{at:08d}"))
        ],
    )
    return people


@cache
def _keys(name: str) -> tuple[str, ...]:
    return search_keys(name)


@cache
def _tokens(*texts: str) -> frozenset[str]:
    return frozenset(tokens_of(titles=texts[:1], body=texts[1:]))


@cache
def _other_titles(*texts: str) -> frozenset[str]:
    return frozenset(tokens_of(titles=["", *texts]))


def _events(
    size: Size,
    communities: Sequence[Node],
    branches: Sequence[Node],
    author: int,
    chance: random.Random,
) -> None:
    now = clock.now()
    months = 60 if size is FIVE_YEARS else 1
    first = now - timedelta(days=30 * months)
    step = timedelta(days=30 * months + 20) / size.events
    events, entries, due = [], [], []
    for number in range(1, size.events + 1):
        theme, form = chance.choice(_THEMES), chance.choice(_FORMS)
        is_of_branch = number % 3 == 0
        host, host_name, _ = chance.choice(branches if is_of_branch else communities)
        title = f"{form}：{theme}"
        lately = f"第{number % 97}场"
        starts_at = first + step * number
        kind = list(EventKind)[number % 8]
        summary = _SUMMARY.format(theme=theme)
        events.append(
            {
                "id": number,
                "title": f"{title} {lately}",
                "kind": kind,
                "state": EventState.PUBLISHED,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(hours=2),
                "place": f"{host_name}活动室",
                "host_id": host,
                "audience": Audience.DUE if is_of_branch else Audience.OPEN,
                "summary": summary,
                "created_by_id": author,
                "created_at": now,
                "updated_at": now,
            }
        )
        if is_of_branch:
            due.append({"event_id": number, "organisation_id": host})
        found = (
            _tokens(title, summary)
            | _tokens(lately)
            | _other_titles(kind.label, f"{host_name}活动室", host_name)
        )
        entries.append(
            {
                "id": place("event", number, rank_of(starts_at)),
                "kind": "event",
                "object_id": number,
                "tokens": " ".join([kind_token("event"), *sorted(found)]),
            }
        )
        if len(events) == 5_000 or number == size.events:
            db.session.execute(insert(Event), events)
            db.session.execute(insert(SearchEntry), entries)
            if due:
                db.session.execute(insert(EventDueOrganisation), due)
            events, entries, due = [], [], []


def client_of(app: Flask, token: str) -> FlaskClient:
    """Return a client that is signed in as one of the readers."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client


def seconds(client: FlaskClient, address: str, clocked: Callable[[], float]) -> float:
    """Return how long a page took by this clock."""
    began = clocked()
    response = client.get(address)
    took = clocked() - began
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code}")
    return took


def compare(small: Flask, large: Flask, clocked: Callable[[], float]) -> list[dict[str, Any]]:
    """Ask both portals in turns; return a row for each question and reader."""
    rows = []
    for reader in ("office", "secretary", "member"):
        clients = [client_of(app, reader) for app in (small, large)]
        for typed in ASKED:
            address = f"/search?q={typed}"
            times: list[list[float]] = [[], []]
            for turn in range(TURNS + 3):
                for at, client in enumerate(clients):
                    took = seconds(client, address, clocked)
                    if turn >= 3:
                        times[at].append(took)
            few, many = (statistics.median(one) * 1000 for one in times)
            rows.append(
                {"reader": reader, "typed": typed, "small": few, "large": many, "x": many / few}
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
        urls = asked.postgresql or [f"sqlite:///{folder}/{name}.sqlite" for name in "sl"]
        began = time.perf_counter()
        small = build(urls[0], folder, FIRST_MONTH)
        large = build(urls[1], folder, FIVE_YEARS)
        print(f"filled in {time.perf_counter() - began:.0f} s")
        gc.collect()
        # SQLite works in this process: its processor time is not disturbed by others.
        rows = compare(small, large, time.perf_counter if asked.postgresql else time.process_time)
    for row in rows:
        over = "  over the goal" if row["x"] > GOAL else ""
        print(
            f"{row['reader']:<10}{row['small']:8.2f} ms{row['large']:9.2f} ms"
            f"{row['x']:7.2f} x  {row['typed']}{over}"
        )
    print(f"largest: {max(row['x'] for row in rows):.2f} x (goal {GOAL})")


if __name__ == "__main__":
    main()
