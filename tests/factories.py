"""Small worlds for tests: organisations, people with accounts and roles, events.

Every maker flushes; `commit()` makes it visible to requests. Names are invented.
"""

import itertools
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zipfile import ZipFile

from portal import clock
from portal.archives import services as archive_services
from portal.archives.models import ArchiveState, YearArchive
from portal.cases import services as case_services
from portal.cases.models import Case, CaseKind, CaseSource
from portal.cases.services import Details
from portal.database import db
from portal.events.models import Audience, Event, EventKind, EventState
from portal.events.series.models import EventSeries, EventTemplate, Rhythm
from portal.hours.kinds import Source, TrainingState, Unit
from portal.hours.models import HourCertificate, Training
from portal.leaves.models import LeaveKind, LeaveRequest, LeaveState, MakeUp, MakeUpMethod
from portal.lessons.models import (
    PUBLIC,
    Lesson,
    LessonSeries,
    LessonState,
    LessonVersion,
    LessonWriter,
)
from portal.messages.models import Message, MessageKind
from portal.people import services as people_services
from portal.people.models import (
    Account,
    Membership,
    MembershipKind,
    Organisation,
    OrganisationKind,
    Person,
    PersonKey,
    Role,
    RoleGrant,
)
from portal.sites.models import (
    Closure,
    Criterion,
    CriterionKind,
    Level,
    OpeningHours,
    Room,
    Route,
    RouteStop,
    ScoreSheet,
    ScoringScheme,
    Site,
    SiteState,
    SiteTitle,
)
from tests.page import PASSWORD

PATTERN = {
    "title": "{月}月主题党日",
    "kind": "theme_day",
    "audience": "open",
    "capacity": None,
    "starts": 9 * 60,
    "weekday": 4,
    "minutes": 120,
    "closes_before": None,
    "due": [],
    "venue": "",
    "texts": dict.fromkeys(("place", "lecturer", "contact", "summary", "agenda", "note"), ""),
    "agenda": [["集中学习", "", 60]],
}
_numbers = itertools.count(1)
# One hash for all: argon2 is slow on purpose.
_PASSWORD_HASH = people_services.hash_password(PASSWORD)


def organisation(
    name: str,
    parent: Organisation | None = None,
    kind: OrganisationKind | None = None,
    **values: Any,
) -> Organisation:
    code = values.pop("code", f"T{next(_numbers):04d}")
    levels = list(OrganisationKind)
    depth = 0 if parent is None else levels.index(parent.kind) + 1
    made = Organisation(
        code=code,
        name=name,
        short_name=values.pop("short_name", name),
        kind=kind or levels[min(depth, 3)],
        parent_id=parent.id if parent else None,
        path=f"{parent.path if parent else '/'}{code}/",
        **values,
    )
    return _added(made)


def person(
    name: str, branch: Organisation | None = None, *, since: date = date(2020, 1, 1), **values: Any
) -> Person:
    made = _added(_person(name, **values))
    db.session.add(PersonKey(person_id=made.id, key=name.lower()))
    if branch is not None:
        db.session.add(_membership(made, branch, since))
    db.session.flush()
    return made


def _person(name: str, **values: Any) -> Person:
    number = next(_numbers)
    return Person(
        name=name,
        phone=values.pop("phone", f"199{number:08d}"),
        pinyin_key=f"{number:06d}",
        stroke_key=f"{number:06d}",
        **values,
    )


def _membership(who: Person, branch: Organisation, since: date = date(2020, 1, 1)) -> Membership:
    return Membership(
        person_id=who.id,
        organisation_id=branch.id,
        kind=MembershipKind.PRIMARY,
        valid_from=since,
    )


def account(who: Person, username: str, **values: Any) -> Account:
    return _added(_account(who, username, **values))


def _account(who: Person, username: str, **values: Any) -> Account:
    now = clock.now()
    values = {
        "must_change_password": False,
        "password_changed_at": now,
        "confirmed_at": now,
        **values,
    }
    return Account(
        username=username,
        person_id=who.id,
        password_hash=_PASSWORD_HASH,
        created_at=now,
        **values,
    )


def grant(who: Person, role: Role, over: Organisation | None = None, **values: Any) -> RoleGrant:
    return _added(_grant(who, role, over, **values))


def _grant(who: Person, role: Role, over: Organisation | None, **values: Any) -> RoleGrant:
    return RoleGrant(
        person_id=who.id, role=role, organisation_id=over.id if over else None, **values
    )


def _flushed(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.flush()


def event(host: Organisation, by: Person, **values: Any) -> Event:
    now = clock.now()
    starts_at: datetime = values.pop("starts_at", now + timedelta(days=3))
    values = {
        "title": "社区治理主题党课",
        "kind": EventKind.LESSON,
        "state": EventState.PUBLISHED,
        "place": "党群服务中心",
        "audience": Audience.OPEN,
        "ends_at": starts_at + timedelta(hours=2),
        **values,
    }
    return _added(
        Event(
            host_id=host.id,
            created_by_id=by.id,
            starts_at=starts_at,
            created_at=now,
            updated_at=now,
            **values,
        )
    )


def leave(event: Event, who: Person, **values: Any) -> LeaveRequest:
    """A request that waits."""
    values = {"kind": LeaveKind.SICK, "entered_by_id": who.id, "is_after_start": False, **values}
    return _added(
        LeaveRequest(
            event_id=event.id,
            person_id=who.id,
            state=values.pop("state", LeaveState.PENDING),
            requested_at=clock.now(),
            **values,
        )
    )


def archive(organisation: Organisation, who: Person, **values: Any) -> YearArchive:
    """One that is made, with a file in which there is nothing."""
    values = {"state": ArchiveState.READY, "made_at": clock.now(), "digest": "0" * 64, **values}
    made: YearArchive = _added(
        YearArchive(
            organisation_id=organisation.id,
            year=values.pop("year", clock.today().year),
            asked_at=clock.now(),
            asked_by_id=who.id,
            **values,
        )
    )
    with ZipFile(archive_services.path_of(made), "w"):
        pass
    return made


def make_up(event: Event, who: Person, **values: Any) -> MakeUp:
    return _added(
        MakeUp(
            event_id=event.id,
            person_id=who.id,
            method=MakeUpMethod.SELF_STUDY,
            made_on=clock.today(),
            confirmed_by_id=who.id,
            confirmed_at=clock.now(),
            **values,
        )
    )


def training(who: Person, **values: Any) -> Training:
    """Other training that waits to be confirmed."""
    day = clock.today() - timedelta(days=20)
    values = {"source": Source.COURSE, "unit": Unit.DAY, "quantity": 4, **values}
    number = next(_numbers)
    return _added(
        Training(
            person_id=who.id,
            title=values.pop("title", f"基层党员轮训班第 {number} 期"),
            title_key=values.pop("title_key", f"基层党员轮训班第{number}期"),
            organiser="区委组织部",
            starts_on=values.pop("starts_on", day),
            ends_on=values.pop("ends_on", day + timedelta(days=1)),
            state=values.pop("state", TrainingState.WAITING),
            entered_by_id=who.id,
            entered_at=clock.now(),
            **values,
        )
    )


def certificate(who: Person, **values: Any) -> HourCertificate:
    """A certificate of two hours; its code is its number."""
    number = next(_numbers)
    return _added(
        HourCertificate(
            person_id=who.id,
            year=clock.today().year,
            number=f"XS-{number}",
            code=values.pop("code", f"{number:012d}"),
            halves=4,
            name=who.name,
            unit_name="汕头路社区第一党支部",
            lines="[]",
            issued_at=clock.now(),
            issued_by_id=who.id,
            **values,
        )
    )


def event_series(host: Organisation, by: Person, **values: Any) -> EventSeries:
    return _added(
        EventSeries(
            host_id=host.id,
            rhythm=values.pop("rhythm", Rhythm.WEEKLY),
            every=1,
            count=3,
            pattern=values.pop("pattern", PATTERN),
            created_by_id=by.id,
            created_at=clock.now(),
            **values,
        )
    )


def event_template(keeper: Organisation, by: Person, name: str = "主题党日") -> EventTemplate:
    return _added(
        EventTemplate(
            organisation_id=keeper.id,
            name=name,
            pattern=PATTERN,
            created_by_id=by.id,
            created_at=clock.now(),
        )
    )


def case(organisation: Organisation, by: Person, **values: Any) -> Case:
    """A case that has just been taken down, to be accepted by the lead unit."""
    values = {
        "words": f"楼道的灯坏了很久，{next(_numbers)} 号楼没有人管。",
        "kind": CaseKind.QUESTION,
        "source": CaseSource.VISIT,
        "lead": organisation,
        **values,
    }
    details = Details(organisation=organisation, **values)
    return case_services.register(details=details, actor=by).case


def message(to: Person, subject: str = "活动改期", **values: Any) -> Message:
    return _added(
        Message(
            person_id=to.id,
            kind=values.pop("kind", MessageKind.CHANGE),
            subject=subject,
            key=values.pop("key", f"test:{next(_numbers)}"),
            created_at=values.pop("created_at", clock.now()),
            **values,
        )
    )


def lesson(organisation: Organisation, by: Person, **values: Any) -> Lesson:
    """A lesson with one version, published unless `state` says else; the rest goes into it."""
    now = clock.now()
    state = values.pop("state", LessonState.PUBLISHED)
    values = {
        "title": "社区治理主题党课",
        "minutes": 90,
        "lecturer_name": by.name,
        "lecturer_id": by.id,
        "body": "正文",
        **values,
    }
    is_public = state in PUBLIC
    made = _added(
        Lesson(
            title=values["title"],
            state=state,
            preparing=None if is_public else state,
            organisation_id=organisation.id,
            created_by_id=by.id,
            created_at=now,
            updated_at=now,
            published_at=now if is_public else None,
        )
    )
    version = _added(
        LessonVersion(
            lesson_id=made.id,
            number=1,
            state=state,
            created_by_id=by.id,
            created_at=now,
            edited_by_id=by.id,
            edited_at=now,
            submitted_at=now if state is not LessonState.DRAFT else None,
            **values,
        )
    )
    _added(LessonWriter(version_id=version.id, person_id=by.id, first_at=now, last_at=now))
    return made


def series(organisation: Organisation, by: Person, name: str = "主题系列") -> LessonSeries:
    now = clock.now()
    return _added(
        LessonSeries(
            name=name,
            organisation_id=organisation.id,
            created_by_id=by.id,
            created_at=now,
            updated_at=now,
        )
    )


def site(organisation: Organisation, by: Person, **values: Any) -> Site:
    """A site in the register with one room, open on workdays from 9 to 17."""
    now = clock.now()
    title, closes = values.pop("title", None), values.pop("closes", False)
    values = {
        "name": f"示范点{next(_numbers)}",
        "state": SiteState.NAMED,
        "named_on": date(2025, 1, 10),
        "naming_level": Level.DISTRICT,
        "naming_document": "示例〔2025〕1 号",
        "rooms": [Room(name="红色书屋", capacity=40)],
        "opening_hours": [
            OpeningHours(weekday=day, opens_minute=540, closes_minute=1020) for day in range(5)
        ],
        "closures": [Closure(starts_on=date(2030, 1, 1))] if closes else [],
        "titles": [SiteTitle(name=title, title_level=Level.DISTRICT)] if title else [],
        **values,
    }
    return _added(
        Site(
            organisation=organisation,
            created_by_id=by.id,
            created_at=now,
            updated_at=now,
            **values,
        )
    )


def scheme(organisation: Organisation, by: Person, **values: Any) -> ScoringScheme:
    """A scheme that is switched on, of one criterion of ten points."""
    criterion = Criterion(kind=CriterionKind.POINTS, name="党建引领", max_points=10)
    return _added(
        ScoringScheme(
            organisation=organisation,
            opened_by_id=by.id,
            opened_at=clock.now(),
            **{
                "name": "评分办法",
                "document_title": "关于评分的通知",
                "document_number": "示例〔2026〕1 号",
                "document_date": date(2026, 1, 5),
                "publicity_days": 5,
                "criteria": [criterion],
                **values,
            },
        )
    )


def sheet(site: Site, scheme: ScoringScheme, **values: Any) -> ScoreSheet:
    """This year's sheet of a site, not written on yet."""
    now = clock.now()
    return _added(
        ScoreSheet(
            site=site,
            scheme=scheme,
            for_year=clock.today().year,
            created_at=now,
            updated_at=now,
            **values,
        )
    )


def route(organisation: Organisation, by: Person, sites: Sequence[Site], **values: Any) -> Route:
    """A published route through these sites: 30 minutes at each, 10 on foot to the next."""
    now = clock.now()
    stops = [
        RouteStop(site=one, position=number, minutes=30, walk_minutes=10)
        for number, one in enumerate(sites, 1)
    ]
    return _added(
        Route(
            organisation=organisation,
            created_by_id=by.id,
            created_at=now,
            updated_at=now,
            stops=stops,
            **{"name": f"路线{next(_numbers)}", **values},
        )
    )


def commit() -> None:
    """Make everything visible to requests, and forget the objects' state."""
    db.session.commit()


def _added(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


class Street:
    """A sub-district with two communities, and somebody of each role.

    汕头路 (community) has branches 一 and 二; 海口路 has one. `secretary` heads 汕头路,
    `secretary2` 海口路, `branch` branch 一, `recorder` records for branch 一; members a, b of
    branch 一, c of branch 二, d of 海口路. Accounts are named like the attributes.
    """

    def __init__(self) -> None:
        self.street = organisation("珠海路街道党工委", code="ZHL")
        self.shantou = organisation("汕头路社区党委", self.street, code="ZHL-01")
        self.haikou = organisation("海口路社区党委", self.street, code="ZHL-02")
        self.branch_one = organisation("汕头路社区第一党支部", self.shantou, code="ZHL-01-01")
        self.branch_two = organisation("汕头路社区第二党支部", self.shantou, code="ZHL-01-02")
        self.branch_far = organisation("海口路社区第一党支部", self.haikou, code="ZHL-02-01")
        street, shantou, haikou = self.street, self.shantou, self.haikou
        one, two, far = self.branch_one, self.branch_two, self.branch_far
        system, security = Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR
        (
            self.office,
            self.secretary,
            self.secretary2,
            self.branch,
            self.recorder,
            self.keeper,
            self.officer,
            self.visitor,
            self.sysadmin,
            self.secadmin,
            self.auditor,
            self.a,
            self.b,
            self.c,
            self.d,
        ) = _residents(
            ("办公室测试甲", "office", Role.OFFICE, street, one),
            ("书记测试甲", "secretary", Role.COMMUNITY_SECRETARY, shantou, one),
            ("书记测试乙", "secretary2", Role.COMMUNITY_SECRETARY, haikou, far),
            ("支书测试甲", "branch", Role.BRANCH_SECRETARY, one, one),
            ("记录测试甲", "recorder", Role.RECORDER, one, one),
            ("物业测试甲", "keeper", Role.SITE_KEEPER, shantou, one),
            ("部门测试甲", "officer", Role.OFFICER, street, None),
            ("处长测试甲", "visitor", Role.VISITING_CHIEF, street, None),
            ("系统测试甲", "sysadmin", system, None, None),
            ("安全测试甲", "secadmin", security, None, None),
            ("审计测试甲", "auditor", Role.AUDITOR, None, None),
            ("党员测试甲", "a", None, None, one),
            ("党员测试乙", "b", None, None, one),
            ("党员测试丙", "c", None, None, two),
            ("党员测试丁", "d", None, None, far),
        )
        commit()


Resident = tuple[str, str, Role | None, Organisation | None, Organisation | None]


def _residents(*told: Resident) -> list[Person]:
    """Write all of them at once: name, account, role, where, and the branch they belong to."""
    people = [_person(name) for name, *_rest in told]
    _flushed(*people)
    for who, (name, username, role, over, branch) in zip(people, told, strict=True):
        db.session.add_all([PersonKey(person_id=who.id, key=name.lower()), _account(who, username)])
        if branch is not None:
            db.session.add(_membership(who, branch))
        if role is not None:
            db.session.add(_grant(who, role, over))
    db.session.flush()
    return people
