"""One case: the words on top, who, where, until when, its log, and one box for the next step."""

from flask import flash, redirect, session, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import codes, deadlines, policies, queries, services
from portal.cases.forms import ExcludeForm, OpennessForm, StepForm
from portal.cases.models import OVER, Case, CaseState, Move
from portal.cases.views.blueprint import bp, seen
from portal.cases.views.opening import SHOWN_ONCE
from portal.cases.views.steps import offer, shown_fields
from portal.errors import NotFoundError
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.readers import Somebody
from portal.web.templating import render
from portal.web.transaction import writes

# In the order in which they are offered; the first that is possible stands open on the page.
_OFFERED = (
    Move.EXTEND,
    Move.REFUSE_EXTENSION,
    Move.ACCEPT,
    Move.SETTLE,
    Move.CLOSE,
    Move.REDO,
    Move.NO_ANSWER,
    Move.REPORT,
    Move.TAKE_BACK,
    Move.ASK_EXTENSION,
    Move.EXPLAIN,
    Move.RETURN,
    Move.ASSIGN,
    Move.REOPEN,
    Move.SUPPLEMENT,
    Move.VOID,
)
# These are chosen, never the first thing on offer; handing out is only where it was sent back.
_NEVER_FIRST = frozenset({Move.SUPPLEMENT, Move.VOID, Move.REOPEN, Move.REFUSE_EXTENSION})


def moves_for(reader: Somebody, case: Case) -> list[Move]:
    """Return the steps that the reader may take now, the likeliest first."""
    possible = services.possible_moves(case.state, _OFFERED)
    return [
        move
        for move in possible
        if policies.may_move(reader, case, move)
        and (move not in {Move.EXTEND, Move.REFUSE_EXTENSION} or case.asked_days is not None)
        and (move is not Move.ASK_EXTENSION or case.asked_days is None)
        and (move is not Move.RETURN or clock.now() <= case.return_until)
    ]


@bp.get("/<int:case_id>")
@signed_in
def show(case_id: int) -> Response:
    """The case, for those who work on it or stand above; whoever asked sees how it stands."""
    reader = current_reader()
    try:
        case = seen(case_id)
    except NotFoundError:
        return _from_outside(reader, case_id)
    return _page(case)


def _from_outside(reader: Somebody, case_id: int) -> Response:
    """How it stands, for whoever asked, and for members to whom it is open."""
    own = queries.find_asked_by(reader, case_id)
    if own is not None and policies.is_asker(reader, own):
        return render("cases/own.html", case=own, steps=queries.steps_of(own.id), form=None)
    found = queries.find_open_to(reader, case_id)
    if found is None:
        raise NotFoundError(queries.UNKNOWN)
    return render("cases/open.html", case=found, steps=queries.steps_of(found.id))


@bp.post("/<int:case_id>/asker")
@signed_in
@writes
def asker(case_id: int) -> Response:
    """Show who asked, and how to reach them; that it was asked for is noted."""
    case = seen(case_id)
    require(
        policies.may_know_asker(current_reader(), case), "只有承办人和社区可以看诉求人的联系方式。"
    )
    services.note_asker_shown(case=case, actor=current_person())
    return _page(case, shows_asker=True)


@bp.post("/<int:case_id>/code")
@signed_in
@writes
def renew_code(case_id: int) -> Response:
    """Give the asker a new code; the old one opens nothing any more."""
    case = seen(case_id, to_change=True)
    require(policies.may_know_asker(current_reader(), case))
    code = services.renew_code(case=case, actor=current_person())
    session[SHOWN_ONCE] = [case.id, codes.spoken(code)]
    flash("已换新的查询码，原来的不能再用。")
    return redirect(url_for("cases.show", case_id=case.id), code=303)


def _page(case: Case, *, shows_asker: bool = False) -> Response:
    reader = current_reader()
    moves = moves_for(reader, case)
    first = next((move for move in moves if _may_be_first(move, case)), None)
    form = None
    if first is not None:
        form = StepForm(formdata=None)
        offer(form, reader, first)
    kept = session.get(SHOWN_ONCE)
    code = session.pop(SHOWN_ONCE)[1] if kept and kept[0] == case.id else ""
    supervises = policies.may_supervise(reader, case)
    related = queries.related(case, reader)
    return render(
        "cases/show.html",
        case=case,
        phase=case.phase(clock.now()),
        mark=case.mark(clock.now()),
        steps=queries.steps_of(case.id),
        moves=moves,
        first=first,
        form=form,
        fields=shown_fields(first) if first else (),
        statement=case.statement,
        links=related.links,
        similar=related.similar,
        attached=queries.attached(case.id),
        may_edit=policies.may_edit(reader, case),
        may_attach=policies.may_attach(reader, case),
        may_know_asker=policies.may_know_asker(reader, case),
        supervises=supervises,
        exclude_form=ExcludeForm(formdata=None, data={"reason": case.excluded_reason})
        if supervises
        else None,
        openness_form=OpennessForm(formdata=None, data={"openness": case.openness.value})
        if policies.may_open_up(reader, case)
        else None,
        shows_asker=shows_asker,
        code=code,
        uncertain=deadlines.uncertain_years(
            case.opened_at, case.due_at, queries.calendar_since(case.opened_at)
        )
        if case.state not in OVER
        else [],
    )


def _may_be_first(move: Move, case: Case) -> bool:
    if move is Move.ASSIGN:
        return case.state is CaseState.RETURNED
    return move not in _NEVER_FIRST
