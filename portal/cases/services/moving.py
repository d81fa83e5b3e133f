"""The steps of a case, each with who, when and words; the state machine says which are legal."""

from collections.abc import Collection
from dataclasses import dataclass

from portal import clock
from portal.cases import deadlines, queries
from portal.cases.models import (
    CallBackMethod,
    Case,
    CaseState,
    Course,
    LimitKey,
    Move,
    Satisfaction,
)
from portal.cases.services import telling
from portal.cases.services.writing import note, required, set_deadline, step
from portal.cases.states import after
from portal.errors import ConflictError, InvalidInputError
from portal.people.models import Organisation, Person


@dataclass(frozen=True)
class Answer:
    """What the asker says when called back, and how; `words` as they were said."""

    method: CallBackMethod
    is_solved: bool
    satisfaction: Satisfaction
    words: str = ""


def assign(
    *,
    case: Case,
    lead: Organisation,
    lead_person_id: int | None,
    words: str,
    actor: Person,
) -> None:
    """Give the case to a unit; the deadline stays, the days for sending it back begin anew."""
    after(case.state, Move.ASSIGN)
    case.lead, case.lead_person_id = lead, lead_person_id
    case.assigned_at = clock.now()
    _drop_asked(case)
    limit = queries.limits_for(case.organisation)[LimitKey.RETURN]
    calendar = queries.calendar_since(case.assigned_at)
    case.return_until = deadlines.end_of(case.assigned_at, limit.amount, limit.counting, calendar)
    step(case, Move.ASSIGN, actor=actor, words=words, unit_id=lead.id)
    telling.tell_lead(case, actor=actor)


def accept(*, case: Case, words: str, has_contacted: bool, actor: Person) -> None:
    """Take the case on."""
    after(case.state, Move.ACCEPT)
    case.accepted_at = clock.now()
    _note_contact(case, has_contacted)
    step(case, Move.ACCEPT, actor=actor, words=words)


def give_back(*, case: Case, words: str, actor: Person) -> None:
    """Send the case back with a reason, while the days for that last; else ConflictError."""
    after(case.state, Move.RETURN)
    reason = required(words, "请写明退单的理由，例如：不属于本单位职责，建议转给哪里。")
    if clock.now() > case.return_until:
        limit = queries.limits_for(case.organisation)[LimitKey.RETURN]
        raise ConflictError(f"接件已经超过 {limit.words}，不能再退单；办不了请写明说明情况。")
    _drop_asked(case)
    step(case, Move.RETURN, actor=actor, words=reason, unit_id=case.lead_id)
    telling.tell_supervisors(case, "被退单，请重新交办", actor=actor, more=f"理由：{reason}")


def take_back(*, case: Case, words: str, has_contacted: bool, actor: Person) -> None:
    """Take it back to be studied: it cannot be settled on the spot; what is planned is written."""
    after(case.state, Move.TAKE_BACK)
    plan = required(words, "请写下带回后打算怎么研究、由谁负责。")
    case.course = Course.TAKEN_BACK
    case.accepted_at = case.accepted_at or clock.now()
    _note_contact(case, has_contacted)
    step(case, Move.TAKE_BACK, actor=actor, words=plan)


def report(*, case: Case, words: str, has_contacted: bool, actor: Person) -> None:
    """Write down how far it is."""
    after(case.state, Move.REPORT)
    told = required(words, "请写下进展。")
    _note_contact(case, has_contacted)
    step(case, Move.REPORT, actor=actor, words=told)


def supplement(*, case: Case, words: str, actor: Person) -> None:
    """Add to what was said; the words themselves stay as they are."""
    after(case.state, Move.SUPPLEMENT)
    step(case, Move.SUPPLEMENT, actor=actor, words=required(words, "请写下要补充的内容。"))


def ask_extension(*, case: Case, days: int | None, words: str, actor: Person) -> None:
    """Ask for more working days, with a reason; one request at a time, within the limit in all."""
    after(case.state, Move.ASK_EXTENSION)
    if case.asked_days is not None:
        raise ConflictError("已经有一份延期申请在等批复。")
    reason = required(words, "请写明为什么需要延期。")
    limit = queries.limits_for(case.organisation)[LimitKey.EXTENSION]
    left = limit.amount - case.granted_days
    if days is None or not 1 <= days <= left:
        sentence = (
            f"延期合计最多 {limit.words}，还可以申请 1 到 {left} 个工作日。"
            if left > 0
            else f"延期合计最多 {limit.words}，已经用完。"
        )
        raise InvalidInputError(sentence, field="days")
    case.asked_days, case.asked_by_id = days, actor.id
    step(case, Move.ASK_EXTENSION, actor=actor, words=reason, days=days)
    telling.tell_supervisors(case, f"申请延期 {days} 个工作日", actor=actor, more=f"理由：{reason}")


def extend(*, case: Case, words: str, actor: Person) -> None:
    """Grant the extension that was asked for: the only stop of the clock."""
    days = _asked(case, Move.EXTEND)
    limits = queries.limits_for(case.organisation)
    counted = deadlines.extended(
        case.due_at,
        days,
        yellow_days=limits[LimitKey.YELLOW].amount,
        calendar=queries.calendar_since(case.opened_at),
    )
    case.due_at, case.yellow_at, case.red_at = counted.due_at, counted.yellow_at, counted.red_at
    case.granted_days += days
    _drop_asked(case)
    step(case, Move.EXTEND, actor=actor, words=words, days=days, due_at=case.due_at)
    telling.tell_lead(case, actor=actor, what=f"同意延期 {days} 个工作日")


def refuse_extension(*, case: Case, words: str, actor: Person) -> None:
    """Say no to the extension, and why; the deadline stays."""
    days = _asked(case, Move.REFUSE_EXTENSION)
    reason = required(words, "请写明为什么不同意延期。")
    _drop_asked(case)
    step(case, Move.REFUSE_EXTENSION, actor=actor, words=reason, days=days)
    telling.tell_lead(case, actor=actor, what="没有同意延期")


def settle(
    *,
    case: Case,
    words: str,
    actor: Person,
    course: Course | None = None,
    has_contacted: bool = False,
    tells: bool = True,
) -> None:
    """Say what was done (办结). The asker still has to confirm: nothing is closed by this."""
    after(case.state, Move.SETTLE)
    outcome = required(words, "请写明采取了什么措施、结果怎样。")
    case.course = course or case.course
    case.accepted_at = case.accepted_at or clock.now()
    _note_contact(case, has_contacted)
    _finish(case, Move.SETTLE, outcome, actor)
    if tells:
        telling.tell_asker(case, "已经办结，请您确认", actor=actor)
        telling.tell_supervisors(case, "已办结，请回访", actor=actor)


def explain(*, case: Case, words: str, actor: Person) -> None:
    """Say that it cannot be done, and why (客观不能解决); the asker is called back all the same."""
    after(case.state, Move.EXPLAIN)
    outcome = required(words, "请写明为什么办不了，依据是什么，向诉求人说明了什么。")
    _finish(case, Move.EXPLAIN, outcome, actor)
    telling.tell_asker(case, "有了说明，请您看看", actor=actor)
    telling.tell_supervisors(case, "已说明情况，请回访", actor=actor)


def no_answer(*, case: Case, method: CallBackMethod, words: str, actor: Person) -> None:
    """Note that the asker was not reached; nothing is taken for an answer."""
    after(case.state, Move.NO_ANSWER)
    step(case, Move.NO_ANSWER, actor=actor, words=words, method=method)


def close(*, case: Case, answer: Answer, actor: Person | None, tells: bool = True) -> None:
    """Close the case (销号) with what the asker answered; `actor` None is the asker by the code.

    Who is not content is not closed but done again (`redo`).
    """
    after(case.state, Move.CLOSE)
    if answer.satisfaction is Satisfaction.NOT:
        raise InvalidInputError("诉求人不满意的，请选“退回重办”，不能销号。", field="satisfaction")
    if not answer.is_solved and case.state is CaseState.SETTLED:
        raise InvalidInputError("诉求人说没有解决的，请选“退回重办”，不能销号。", field="is_solved")
    _note_answer(case, answer, actor)
    case.closed_at = case.called_back_at
    step(case, Move.CLOSE, actor=actor, words=answer.words, **_told(answer))
    if tells:
        telling.tell_lead(case, actor=actor, what="已回访销号")


def redo(*, case: Case, answer: Answer, actor: Person | None) -> None:
    """Do it again, as the asker is not content; the deadline begins anew."""
    after(case.state, Move.REDO)
    if answer.is_solved and answer.satisfaction is not Satisfaction.NOT:
        raise InvalidInputError(
            "诉求人说已经解决、也满意的，请选“回访销号”，不用退回重办。", field="satisfaction"
        )
    words = required(answer.words, "请写下诉求人哪里不满意，照原话记。")
    _note_answer(case, answer, actor)
    _begin_again(case)
    step(case, Move.REDO, actor=actor, words=words, due_at=case.due_at, **_told(answer))
    telling.tell_lead(case, actor=actor, what="诉求人不满意，请重办")


def reopen(*, case: Case, words: str, actor: Person | None) -> None:
    """Open a closed case again: that is normal, and stands in the log."""
    after(case.state, Move.REOPEN)
    reason = required(words, "请写明为什么重新打开。")
    case.closed_at = None
    _begin_again(case)
    step(case, Move.REOPEN, actor=actor, words=reason, due_at=case.due_at)
    telling.tell_lead(case, actor=actor, what="重新打开，请继续办理")


def void(*, case: Case, words: str, actor: Person) -> None:
    """Put away what was taken down by mistake; it stays readable, and out of the figures."""
    after(case.state, Move.VOID)
    reason = required(words, "请写明为什么作废，例如：与 2026-00012 重复登记。")
    case.closed_at = clock.now()
    _drop_asked(case)
    step(case, Move.VOID, actor=actor, words=reason)


def exclude(*, case: Case, reason: str, actor: Person) -> None:
    """Leave the case out of the rates with a reason, or count it again with none."""
    case.excluded_reason = reason
    words = f"不计入统计：{reason}" if reason else "重新计入统计"
    note(case, Move.SUPPLEMENT, actor=actor, words=words)


def possible_moves(state: CaseState, moves: Collection[Move]) -> list[Move]:
    """Return those of the moves that the state allows."""
    found = []
    for move in moves:
        try:
            after(state, move)
        except ConflictError:
            continue
        found.append(move)
    return found


def _finish(case: Case, move: Move, outcome: str, actor: Person) -> None:
    now = clock.now()
    limit = queries.limits_for(case.organisation)[LimitKey.CALL_BACK]
    case.settled_at, case.settled_by_id, case.outcome = now, actor.id, outcome
    case.unanswered_at = deadlines.end_of(
        now, limit.amount, limit.counting, queries.calendar_since(now)
    )
    # What an earlier call-back said was about an earlier outcome.
    case.called_back_at = case.called_back_by_id = case.call_back_method = None
    case.is_solved = case.satisfaction = None
    _drop_asked(case)
    step(case, move, actor=actor, words=outcome)


def _begin_again(case: Case) -> None:
    case.rework_count += 1
    case.assigned_at = clock.now()
    case.granted_days = 0
    case.settled_at = case.settled_by_id = case.unanswered_at = None
    set_deadline(case)


def _asked(case: Case, move: Move) -> int:
    after(case.state, move)
    if case.asked_days is None:
        raise ConflictError("没有等批复的延期申请，可能刚刚批过了。")
    return case.asked_days


def _drop_asked(case: Case) -> None:
    case.asked_days = case.asked_by_id = None


def _note_contact(case: Case, has_contacted: bool) -> None:
    if has_contacted and case.contacted_at is None:
        case.contacted_at = clock.now()


def _note_answer(case: Case, answer: Answer, actor: Person | None) -> None:
    case.called_back_at = clock.now()
    case.called_back_by_id = actor.id if actor else None
    case.call_back_method = answer.method
    case.is_solved, case.satisfaction = answer.is_solved, answer.satisfaction


def _told(answer: Answer) -> dict[str, object]:
    return {
        "method": answer.method,
        "is_solved": answer.is_solved,
        "satisfaction": answer.satisfaction,
    }
