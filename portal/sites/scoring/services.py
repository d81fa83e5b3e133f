"""Switching scoring on and off, and filling in a sheet: site, community, office, the public."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.edit_history import check_version
from portal.people.models import Organisation, Person
from portal.sites.details import EARLIEST, LONGEST_LINE, LONGEST_NAME, LONGEST_REASON
from portal.sites.models import (
    Criterion,
    CriterionKind,
    ScoreEntry,
    ScoreSheet,
    ScoringScheme,
    SheetStage,
    Site,
    SiteState,
)
from portal.sites.scoring import rules
from portal.sites.scoring.rules import LONGEST_EVIDENCE, Line

LONGEST_NUMBER = 60
MOST_DAYS = 60
KEPT_OUT = "前置条件未满足或有一票否决情形，不予认定。"


@dataclass(frozen=True, kw_only=True)
class Approval:
    """The document that allows to score at all, and for how long results are made public."""

    name: str
    document_title: str
    document_number: str
    document_date: date
    publicity_days: int


@dataclass(frozen=True)
class Answer:
    """Points for one criterion (of a gate: 1 met or found, 0 not), and what shows it."""

    points: int
    evidence: str = ""


def switch_on(
    *, organisation: Organisation, approval: Approval, criteria: list[Line], actor: Person
) -> ScoringScheme:
    """Switch scoring on for one part of the tree; raise ConflictError where it is on already."""
    _check_approval(approval)
    scheme = ScoringScheme(
        **approval.__dict__,
        organisation=organisation,
        opened_by_id=actor.id,
        opened_at=clock.now(),
        criteria=[],
    )
    try:
        with db.session.begin_nested():
            db.session.add(scheme)
    except IntegrityError as error:
        raise ConflictError("评分已经开启，一次只有一套办法有效；请先停用现在这一套。") from error
    _keep(scheme, criteria, None)
    db.session.flush()
    audit.record(
        "scoring.opened",
        scheme,
        actor=actor,
        name=approval.name,
        document=f"{approval.document_title} {approval.document_number}",
        organisation=organisation.name,
    )
    return scheme


def _check_approval(approval: Approval) -> None:
    limits = {
        "name": ("办法名称", LONGEST_NAME),
        "document_title": ("依据文件", LONGEST_LINE),
        "document_number": ("文号", LONGEST_NUMBER),
    }
    for field, (label, longest) in limits.items():
        typed = getattr(approval, field)
        if not typed.strip():
            raise InvalidInputError(f"请填写{label}；没有批准文件不能开启评分。", field=field)
        if len(typed) > longest:
            raise InvalidInputError(f"{label}最多 {longest} 个字。", field=field)
    if not EARLIEST <= approval.document_date <= clock.today():
        raise InvalidInputError("文件日期不能晚于今天，年份也请核对。", field="document_date")
    if not 1 <= approval.publicity_days <= MOST_DAYS:
        raise InvalidInputError(f"公示在 1 到 {MOST_DAYS} 天之间。", field="publicity_days")


def _keep(scheme: ScoringScheme, lines: list[Line], parent: Criterion | None) -> None:
    for line in lines:
        criterion = Criterion(
            parent_id=parent.id if parent else None,
            kind=line.kind,
            name=line.name,
            max_points=line.points,
            position=len(scheme.criteria),
        )
        scheme.criteria.append(criterion)
        db.session.flush()
        _keep(scheme, line.below, criterion)


def switch_off(*, scheme: ScoringScheme, actor: Person) -> None:
    """Switch scoring off; sheets stay to be read and go no further."""
    if scheme.closed_on is not None:
        raise ConflictError("这套评分办法已经停用。")
    scheme.closed_on = clock.today()
    db.session.flush()
    audit.record("scoring.closed", scheme, actor=actor, name=scheme.name)


# ------------------------------------------------------------------ a sheet


def begin(*, site: Site, scheme: ScoringScheme, actor: Person) -> ScoreSheet:
    """Open this year's sheet of a site, or return the one that is open."""
    if site.state is SiteState.DELISTED:
        raise ConflictError("已摘牌的点位不评分。")
    year = clock.today().year
    same = (
        ScoreSheet.site_id == site.id,
        ScoreSheet.scheme_id == scheme.id,
        ScoreSheet.for_year == year,
    )
    known = db.session.scalar(select(ScoreSheet).where(*same))
    if known is not None:
        return known
    sheet = ScoreSheet(
        site_id=site.id,
        scheme_id=scheme.id,
        for_year=year,
        stage=SheetStage.SELF,
        created_at=clock.now(),
        updated_at=clock.now(),
        entries=[],
    )
    db.session.add(sheet)
    db.session.flush()
    audit.record("scoring.begun", sheet, actor=actor, name=site.name, year=year)
    return sheet


def write(
    *,
    sheet: ScoreSheet,
    answers: Mapping[int, Answer],
    is_done: bool,
    version: int | None,
    actor: Person,
) -> None:
    """Keep what the present hand writes; when `is_done`, hand the sheet on.

    Raise InvalidInputError naming the criterion (`points-7`), ChangedMeanwhileError for a form
    of an older version. Whoever departs from the hand before says why.
    """
    check_version(sheet, version)
    _check_open(sheet)
    stage = sheet.stage
    if stage not in rules.WRITING:
        raise ConflictError(f"这张表{stage.label}，不能再改分。")
    criteria = rules.leaves(sheet.scheme.criteria)
    before = answers_of(sheet, _stage_before(stage))
    for criterion in criteria:
        answer = answers.get(criterion.id)
        _check_answer(criterion, answer, before.get(criterion.id), is_done=is_done)
    known = {entry.criterion_id: entry for entry in sheet.entries if entry.stage is stage}
    for criterion in criteria:
        answer = answers.get(criterion.id)
        if answer is None:
            continue
        entry = known.get(criterion.id)
        if entry is None:
            entry = ScoreEntry(criterion_id=criterion.id, stage=stage)
            sheet.entries.append(entry)
        entry.points, entry.evidence, entry.by_id = answer.points, answer.evidence, actor.id
    if is_done:
        _hand_on(sheet)
    sheet.updated_at = clock.now()
    db.session.flush()
    audit.record(
        "scoring.handed_on" if is_done else "scoring.written",
        sheet,
        actor=actor,
        version=sheet.version,
        changes=[stage.label],
    )


def _hand_on(sheet: ScoreSheet) -> None:
    stage = sheet.stage
    if stage is SheetStage.OFFICE:
        given = {key: one.points for key, one in answers_of(sheet, stage).items()}
        if rules.closed_gates(sheet.scheme.criteria, given):
            sheet.stage = SheetStage.SETTLED
            sheet.result, sheet.settled_on = (
                "前置条件未满足或有一票否决情形，不予认定。",
                clock.today(),
            )
            return
        sheet.publicity_from = clock.today()
        sheet.publicity_until = clock.today() + timedelta(days=sheet.scheme.publicity_days)
    sheet.stage = rules.next_stage(stage)


def settle(*, sheet: ScoreSheet, result: str, actor: Person) -> None:
    """Say in a sentence what came of it, once the days of publicity are over."""
    _check_open(sheet)
    if sheet.stage is not SheetStage.PUBLICITY or sheet.publicity_until is None:
        raise ConflictError("还没有公示，不能作出结论。")
    if clock.today() <= sheet.publicity_until:
        raise ConflictError(f"公示到 {sheet.publicity_until.isoformat()}，期满以后才能作出结论。")
    if not result.strip():
        raise InvalidInputError("请写明结论。", field="result")
    if len(result) > LONGEST_REASON:
        raise InvalidInputError(f"结论最多 {LONGEST_REASON} 个字。", field="result")
    sheet.stage, sheet.result, sheet.settled_on = SheetStage.SETTLED, result, clock.today()
    db.session.flush()
    audit.record("scoring.settled", sheet, actor=actor, reason=result)


def _check_open(sheet: ScoreSheet) -> None:
    if sheet.scheme.closed_on is not None:
        raise ConflictError("这套评分办法已经停用，评分表只供查阅。")


def _stage_before(stage: SheetStage) -> SheetStage | None:
    at = rules.WRITING.index(stage)
    return rules.WRITING[at - 1] if at else None


def answers_of(sheet: ScoreSheet, stage: SheetStage | None) -> dict[int, Answer]:
    """Return what one hand wrote, by criterion."""
    return {
        entry.criterion_id: Answer(entry.points, entry.evidence)
        for entry in sheet.entries
        if entry.stage is stage
    }


def _check_answer(
    criterion: rules.Scored, answer: Answer | None, before: Answer | None, *, is_done: bool
) -> None:
    field = f"points-{criterion.id}"
    if answer is None:
        if is_done:
            raise InvalidInputError("还没有填写。", field=field)
        return
    most = criterion.max_points if criterion.kind is CriterionKind.POINTS else 1
    if not 0 <= answer.points <= most:
        raise InvalidInputError(f"要在 0 到 {most} 之间。", field=field)
    evidence = f"evidence-{criterion.id}"
    if len(answer.evidence) > LONGEST_EVIDENCE:
        raise InvalidInputError(f"依据最多 {LONGEST_EVIDENCE} 个字。", field=evidence)
    if not is_done or answer.evidence:
        return
    if before is None and (answer.points or criterion.kind is not CriterionKind.POINTS):
        raise InvalidInputError("请写明依据。", field=evidence)
    if before is not None and before.points != answer.points:
        raise InvalidInputError("与上一环节不同，请写明理由。", field=evidence)
