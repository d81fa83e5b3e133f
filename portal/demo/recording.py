"""What was said and decided in the demo: a seminar and a congress, both confirmed; a draft."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from portal import clock
from portal.attendance.models import Roll
from portal.database import db
from portal.demo import organisations as places
from portal.demo.people import GUESTS
from portal.demo.world import World
from portal.events import queries as events
from portal.events.models import Event, EventKind
from portal.people.models import Person
from portal.records import queries, services
from portal.records.models import (
    MeetingRecord,
    Progress,
    RecordKind,
    StatementKind,
    VoteBasis,
    VoteMethod,
)
from portal.records.services import Ballot, Said

_BRANCH = "ZHL-01-01"
Kind = StatementKind
# Who speaks is counted along those who came; two of the last are not on any roll.
_AT_THE_BAR: tuple[tuple[int, StatementKind, str], ...] = (
    (
        0,
        Kind.DIFFICULTY,
        "外摆桌椅每天要收两次，员工晚上十一点还在搬，能不能有个固定的位置和时间。",
    ),
    (1, Kind.QUESTION, "夜间经营到几点算扰民？楼上投诉一次我们就停一晚，标准到底是多少分贝？"),
    (0, Kind.SUGGESTION, "把几家的垃圾清运并到一趟车，晚上十二点以后再来，街面就干净了。"),
    (2, Kind.NEED, "旺季缺人，想跟附近学校签短期用工，不知道找哪个部门备案。"),
    (3, Kind.QUESTION, "去年的消防改造补贴我们交了材料，现在批到哪一步了？"),
    (1, Kind.POLICY, "小微企业的房租减免，租的是个人的房子能不能享受？"),
    (4, Kind.DIFFICULTY, "停车位晚上七点就满了，客人绕两圈就走了，一晚上要少三成生意。"),
    (2, Kind.SUGGESTION, "旅游旺季能不能把公交末班车往后延半个小时。"),
    (5, Kind.NEED, "想要一块统一的导览牌，外地客人从海边上来找不到我们这条街。"),
    (3, Kind.SUGGESTION, "几家一起搞夜市品牌，街道牵个头，我们愿意出钱出人。"),
)
_NOT_ON_THE_ROLL = (
    (
        "岳长林",
        "街区物业值班经理",
        Kind.DIFFICULTY,
        "夜里电瓶车都往店门口充电，我们管不住，怕出事。",
    ),
    ("尚文秀", "沿街住户", Kind.SUGGESTION, "周末让开到十二点，平时十点收，我们楼上的也能接受。"),
)
_OWNERS = {guest.name for key, guest in GUESTS.items() if key.startswith("owner-")}
# Templates: name, agenda, what is reported, how it ends.
_FIRST_TOPIC = (
    "第一议题学习",
    "1. 第一议题学习\n2. 交流发言",
    "学习内容：\n领学人：\n联系实际：",
    "贯彻措施：\n责任人和时限：",
)
_CO_GOVERNANCE = (
    "社区共治议事会",
    "1. 上次议定事项的落实\n2. 本次议题",
    "上次议定事项落实情况：\n本次议题由谁提出：",
    "议定：\n谁来办、何时办好：\n下次会上回复：",
)
_QUESTIONS = (
    ("外摆的时间和范围怎么定", "餐饮业户"),
    ("夜间用工有什么难处", "酒吧、文创企业"),
    ("停车和公交够不够", "沿街业户"),
)
_BROUGHT = "来的业户都说，坐下来听完再走，比发一张表管用。下次带着答复来，先把外摆的时间定下来。"
_IN_THE_BOOKROOM = (
    (0, Kind.QUESTION, "加装电梯一楼不同意，社区能不能先把几种补偿办法摆出来？"),
    (1, Kind.SUGGESTION, "物业费公示栏换成每月一张明细，贴在单元门里面。"),
    (2, Kind.NEED, "孩子放学到大人下班中间两个小时，想借书屋写作业。"),
)


def write_records(world: World, now: datetime) -> None:
    """Record the entrepreneurs' seminar, a congress of the branch, and begin one that is a draft."""
    office, secretary = world.persons["office"], world.persons["secretary"]
    _keep_templates(world, office, secretary)
    seminar = _past("听取企业家声音座谈会", now)
    if seminar is not None:
        record = _begun(seminar, RecordKind.SEMINAR, office)
        _prepare(seminar, office)
        _take_down(record, _AT_THE_BAR, office)
        _finish_seminar(record, office, secretary)
    congress = _congress(world, now)
    if congress is not None:
        _hold_congress(congress, world.host_of(_BRANCH), secretary)
    bookroom = _past("红色书屋研讨：党建引领社会治理创新", now)
    if bookroom is not None:
        record = _begun(bookroom, RecordKind.SEMINAR, secretary)
        _take_down(record, _IN_THE_BOOKROOM, secretary)


def _keep_templates(world: World, office: Person, secretary: Person) -> None:
    for code, actor, (name, agenda, reported, conclusion) in (
        (places.OFFICE, office, _FIRST_TOPIC),
        (places.SHANTOU, secretary, _CO_GOVERNANCE),
    ):
        parts = {
            "agenda": agenda,
            "reported": reported,
            "discussion": "",
            "conclusion": conclusion,
        }
        services.keep_template(
            template=None,
            organisation=world.organisations[code],
            name=name,
            parts=parts,
            actor=actor,
        )


def _past(title: str, now: datetime) -> Event | None:
    found = db.session.scalar(
        select(Event.id).where(Event.title == title, Event.ends_at < now).limit(1)
    )
    return events.event(found) if found is not None else None


def _congress(world: World, now: datetime) -> Event | None:
    found = db.session.scalar(
        select(Event.id)
        .join(Roll, Roll.event_id == Event.id)
        .where(
            Event.host_id == world.organisations[_BRANCH].id,
            Event.kind == EventKind.MEETING,
            Event.ends_at < now,
            Roll.confirmed_at.is_not(None),
        )
        .order_by(Event.starts_at.desc())
        .limit(1)
    )
    return events.event(found) if found is not None else None


def _begun(event: Event, kind: RecordKind, actor: Person) -> MeetingRecord:
    with clock.stopped_at(event.starts_at + timedelta(minutes=5)):
        made = services.begin(
            event=event, kind=kind, organisation=event.host, late_reason="", actor=actor
        )
    return queries.record(made.id)


def _prepare(event: Event, actor: Person) -> None:
    with clock.stopped_at(event.starts_at - timedelta(days=1)):
        services.prepare(event=event, lines=_QUESTIONS, actor=actor)


def _take_down(
    record: MeetingRecord, said: Sequence[tuple[int, StatementKind, str]], actor: Person
) -> None:
    here = [one for one in queries.speakers(record) if one.is_here and one.name != actor.name]
    # At the seminar with entrepreneurs it is they who speak; the offices listen.
    here = [one for one in here if one.name in _OWNERS] or here
    lines = [(here[place % len(here)].name, "", kind, words) for place, kind, words in said if here]
    if record.event.title.startswith("听取"):
        lines += _NOT_ON_THE_ROLL
    for number, (name, post, kind, words) in enumerate(lines):
        at = record.starts_at + timedelta(minutes=40 + 6 * number)
        with clock.stopped_at(min(at, record.ends_at)):
            made = services.take_down(
                record=record,
                said=Said(f"demo-{record.id}-{number}", name, post, kind, words),
                actor=actor,
            )
        if number < len(lines) - 2:
            with clock.stopped_at(min(at + timedelta(minutes=1), record.ends_at)):
                services.read_back(statement=queries.statement(made.id), actor=actor)


def _finish_seminar(record: MeetingRecord, actor: Person, host: Person) -> None:
    """Let it be confirmed by two, the host's secretary and whoever took it down, and summed up."""
    with clock.stopped_at(record.ends_at + timedelta(hours=3)):
        first = queries.statements_of(record)[1]
        services.supplement(
            statement=queries.statement(first.id),
            text="会后核对：说的是“连续两次投诉停一晚”，不是一次。",
            actor=actor,
        )
        _write(
            record,
            actor,
            chair=host.name,
            reported="走访情人坝休闲风情一条街的六家业户，看外摆、垃圾清运和停车。",
            conclusion="十二条意见建议逐条带回，属于街道的一周内答复，属于部门的由街道牵头对接。",
        )
        _confirm(record, services.confirm_as_recorder, actor)
    with clock.stopped_at(record.ends_at + timedelta(hours=20)):
        _confirm(record, services.confirm_as_host, host)
        begun = services.first_words(record.event, host)
        services.sum_up(event=record.event, text=f"{begun}\n{_BROUGHT}", seen="", actor=host)


def _hold_congress(event: Event, branch: Person, secretary: Person) -> None:
    record = _begun(event, RecordKind.BRANCH_CONGRESS, secretary)
    listed = queries.listed(record)
    with clock.stopped_at(event.ends_at - timedelta(minutes=10)):
        services.enter_vote(
            record=record,
            ballot=Ballot(
                matter="关于楼道自治公约的决定",
                basis=VoteBasis.RESOLUTION,
                method=VoteMethod.HANDS,
                present=listed.present,
                votes_for=max(listed.present - 1, 0),
                abstained=min(listed.present, 1),
            ),
            actor=secretary,
        )
        made = services.resolve(
            record=record,
            text="楼道自治公约印发到每个单元，党员带头签名",
            owner="组织委员",
            due_on=clock.local(event.starts_at).date() + timedelta(days=30),
            actor=secretary,
        )
        services.resolve(
            record=record,
            text="为行动不便的老党员送学上门，每月一次",
            owner="各党小组长",
            due_on=None,
            actor=secretary,
        )
    with clock.stopped_at(event.ends_at + timedelta(hours=20)):
        _write(
            record,
            secretary,
            chair=branch.name,
            reported="通报上次大会决议落实情况：楼院微更新完成两处，第三处待施工。",
            discussion="党员围绕楼道自治公约逐条发言，建议把堆物清理期限写明。",
            conclusion="会议表决通过楼道自治公约，由组织委员负责印发。",
        )
        _confirm(record, services.confirm_as_recorder, secretary)
    with clock.stopped_at(event.ends_at + timedelta(hours=26)):
        _confirm(record, services.confirm_as_host, branch)
        services.report(
            resolution=queries.resolution(record, made.id),
            progress=Progress.UNDER_WAY,
            note="已印好，本周分发。",
            actor=secretary,
        )
        services.add(
            record=record,
            text="第三处楼院微更新改在下月施工，因材料未到。",
            actor=secretary,
        )


def _write(record: MeetingRecord, actor: Person, **written: str) -> None:
    """Write these parts, as the form would: what was not touched stays."""
    seen = services.seen(record)
    services.save(record=record, typed=written, seen=seen, actor=actor)


def _confirm(record: MeetingRecord, how: object, actor: Person) -> None:
    how(  # type: ignore[operator]
        record=record, version=record.version, statements=record.statements, actor=actor
    )
