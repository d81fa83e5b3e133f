"""Entering votes and resolutions; telling how far these have come."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.models import Person
from portal.records import queries
from portal.records.models import (
    MeetingRecord,
    Progress,
    Resolution,
    ResolutionStep,
    Vote,
    VoteBasis,
    VoteMethod,
)
from portal.records.services.writing import hold, unconfirm
from portal.records.voting import judge


@dataclass(frozen=True)
class Ballot:
    """The numbers of a vote as they were counted in the room."""

    matter: str
    basis: VoteBasis
    method: VoteMethod
    present: int
    votes_for: int
    votes_against: int = 0
    abstained: int = 0
    invalid: int = 0
    without_vote: int = 0
    left_out: int = 0
    left_out_basis: str = ""
    # For a committee, how many belong to it; else the roll says.
    listed: int | None = None


def enter_vote(*, record: MeetingRecord, ballot: Ballot, actor: Person) -> Vote:
    """Enter a vote; the roll says how many should attend, what follows is worked out.

    Raises InvalidInputError, beside the number that does not fit: more present than due, more
    votes than people present, somebody left out of the denominator without the paper for it.
    """
    hold(record)
    listed = queries.listed(record).people if ballot.listed is None else ballot.listed
    _check(ballot, listed)
    vote = Vote(
        record_id=record.id,
        matter=ballot.matter,
        basis=ballot.basis,
        method=ballot.method,
        listed=listed,
        without_vote=ballot.without_vote,
        left_out=ballot.left_out,
        left_out_basis=ballot.left_out_basis,
        present=ballot.present,
        votes_for=ballot.votes_for,
        votes_against=ballot.votes_against,
        abstained=ballot.abstained,
        invalid=ballot.invalid,
        entered_by_id=actor.id,
        entered_at=clock.now(),
    )
    db.session.add(vote)
    unconfirm(record)
    db.session.flush()
    verdict = judge(vote)
    audit.record(
        "vote.entered",
        vote,
        actor=actor,
        record=record.id,
        due=verdict.due,
        present=vote.present,
        votes_for=vote.votes_for,
        carried=verdict.has_carried,
    )
    return vote


def _check(ballot: Ballot, listed: int) -> None:
    due = listed - ballot.without_vote - ballot.left_out
    if ballot.left_out and not ballot.left_out_basis:
        raise InvalidInputError(
            "不计入应到会的人数要有上级党组织批准，请写明批准的依据。", field="left_out_basis"
        )
    if due < 0:
        raise InvalidInputError(f"不计入的人数超过了应到的 {listed} 人。", field="left_out")
    if ballot.present > due:
        raise InvalidInputError(f"到会有表决权的人数不能超过应到会的 {due} 人。", field="present")
    counted = ballot.votes_for + ballot.votes_against + ballot.abstained + ballot.invalid
    if counted > ballot.present:
        raise InvalidInputError(
            f"各种票合计 {counted}，超过了到会的 {ballot.present} 人，请再核对。", field="votes_for"
        )


def remove_vote(*, record: MeetingRecord, vote: Vote, actor: Person) -> None:
    """Strike out a vote of a draft that was entered by mistake; the audit keeps its numbers."""
    hold(record)
    audit.record(
        "vote.removed",
        vote,
        actor=actor,
        record=record.id,
        matter=vote.matter,
        votes_for=vote.votes_for,
        votes_against=vote.votes_against,
    )
    db.session.delete(vote)
    unconfirm(record)
    db.session.flush()


def resolve(
    *, record: MeetingRecord, text: str, owner: str, due_on: date | None, actor: Person
) -> Resolution:
    """Enter what was resolved, who sees to it, until when."""
    hold(record)
    if not text:
        raise InvalidInputError("请写明议定了什么。", field="text")
    if not owner:
        raise InvalidInputError("请写明由谁落实：没有人负责的决议不会有结果。", field="owner")
    if due_on is not None and due_on < clock.local(record.starts_at).date():
        raise InvalidInputError("完成日期早于会议当天。", field="due_on")
    made = Resolution(
        record_id=record.id,
        text=text,
        owner=owner,
        due_on=due_on,
        progress=Progress.OPEN,
        entered_by_id=actor.id,
        entered_at=clock.now(),
    )
    db.session.add(made)
    unconfirm(record)
    db.session.flush()
    audit.record("resolution.entered", made, actor=actor, record=record.id, owner=owner)
    return made


def remove_resolution(*, record: MeetingRecord, resolution: Resolution, actor: Person) -> None:
    """Strike out a resolution of a draft that was entered by mistake."""
    hold(record)
    audit.record(
        "resolution.removed", resolution, actor=actor, record=record.id, text=resolution.text
    )
    db.session.execute(delete(ResolutionStep).where(ResolutionStep.resolution_id == resolution.id))
    db.session.delete(resolution)
    unconfirm(record)
    db.session.flush()


def report(
    *, resolution: Resolution, progress: Progress, note: str, actor: Person
) -> ResolutionStep:
    """Tell how far a resolution has come, before and after the record is confirmed.

    Raises InvalidInputError when it is dropped without a reason, or nothing is said at all.
    """
    if progress is Progress.DROPPED and not note:
        raise InvalidInputError("不再落实的，请写明原因。", field="note")
    if progress is resolution.progress and not note:
        raise InvalidInputError("请写明进展，或者改一下状态。", field="note")
    step = ResolutionStep(
        resolution_id=resolution.id,
        progress=progress,
        note=note,
        written_by_id=actor.id,
        written_at=clock.now(),
    )
    resolution.progress = progress
    db.session.add(step)
    db.session.flush()
    audit.record(
        "resolution.reported",
        step,
        actor=actor,
        record=resolution.record_id,
        progress=progress.value,
    )
    return step
