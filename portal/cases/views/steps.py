"""One step of a case: a page with a form for each, and what it does."""

from collections.abc import Sequence

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.cases import policies, queries, services
from portal.cases.forms import StepForm
from portal.cases.models import CallBackMethod, Case, Move
from portal.cases.states import after
from portal.cases.views.blueprint import bp, seen
from portal.errors import InvalidInputError, NotFoundError
from portal.people.access import current_person, current_reader, require, signed_in
from portal.people.models import Organisation, Person
from portal.people.readers import Somebody
from portal.web.templating import render
from portal.web.transaction import writes

_ASKED = ("method", "is_solved", "satisfaction", "words")
# What each step asks for, in the order in which it is asked.
_FIELDS: dict[Move, tuple[str, ...]] = {
    Move.ASSIGN: ("lead", "lead_person", "words"),
    Move.ACCEPT: ("contacted", "words"),
    Move.RETURN: ("words",),
    Move.TAKE_BACK: ("words", "contacted"),
    Move.REPORT: ("words", "contacted"),
    Move.ASK_EXTENSION: ("days", "words"),
    Move.EXTEND: ("words",),
    Move.REFUSE_EXTENSION: ("words",),
    Move.SETTLE: ("words", "contacted"),
    Move.EXPLAIN: ("words",),
    Move.NO_ANSWER: ("method", "words"),
    Move.CLOSE: _ASKED,
    Move.REDO: _ASKED,
    Move.REOPEN: ("words",),
    Move.VOID: ("words",),
    Move.SUPPLEMENT: ("words",),
}
# What is to be written into the one box of words.
_LABELS: dict[Move, str] = {
    Move.ASSIGN: "交办要求",
    Move.ACCEPT: "打算怎么办",
    Move.RETURN: "退单理由",
    Move.TAKE_BACK: "带回后怎么研究、由谁负责",
    Move.REPORT: "进展",
    Move.ASK_EXTENSION: "延期理由",
    Move.EXTEND: "批复意见",
    Move.REFUSE_EXTENSION: "不同意的理由",
    Move.SETTLE: "采取的措施和结果",
    Move.EXPLAIN: "为什么办不了，依据是什么",
    Move.NO_ANSWER: "什么时候打的、什么情况",
    Move.CLOSE: "诉求人的原话",
    Move.REDO: "诉求人哪里不满意（原话）",
    Move.REOPEN: "为什么重新打开",
    Move.VOID: "为什么作废",
    Move.SUPPLEMENT: "补充内容",
}


# Without words these say nothing; the services refuse them.
_NEED_WORDS = frozenset(_LABELS) - {
    Move.ASSIGN,
    Move.ACCEPT,
    Move.EXTEND,
    Move.NO_ANSWER,
    Move.CLOSE,
}


def shown_fields(move: Move) -> tuple[str, ...]:
    """Return the fields that a step asks for."""
    return _FIELDS[move]


def offer(form: StepForm, reader: Somebody, move: Move) -> None:
    """Prepare the form for a step: what its box of words is called, whom it can name."""
    form.words.label.text = _LABELS[move]
    form.words.flags.required = move in _NEED_WORDS
    leads: Sequence[Organisation] = ()
    people: Sequence[queries.InCharge] = ()
    if move is Move.ASSIGN:
        leads = queries.possible_leads(reader)
        people = queries.possible_people(leads)
    form.offer_leads(leads, people, "仍由原单位办")


@bp.route("/<int:case_id>/steps/<word>", methods=["GET", "POST"])
@signed_in
@writes
def step(case_id: int, word: str) -> Response:
    """Take one step; moving a card of the board is this form too."""
    if word not in {move.value for move in _FIELDS}:
        raise NotFoundError("没有这一步。")
    move = Move(word)
    reader = current_reader()
    form = StepForm()
    case = seen(case_id, to_change=form.is_submitted())
    require(policies.may_move(reader, case, move), _refusal(case, move, reader))
    after(case.state, move)
    offer(form, reader, move)
    if form.validate_on_submit():
        try:
            if _act(move, case, form, current_person()):
                flash(f"{case.number}：已{move.label}。")
                return redirect(url_for("cases.show", case_id=case.id), code=303)
        except InvalidInputError as error:
            form.add_refusal(error)
    return render(
        "cases/step.html",
        case=case,
        move=move,
        form=form,
        fields=_FIELDS[move],
        status=422 if form.is_submitted() else 200,
    )


def _refusal(case: Case, move: Move, reader: Somebody) -> str:
    if move in {Move.EXTEND, Move.REFUSE_EXTENSION} and case.asked_by_id == reader.id:
        return "自己申请的延期由别人批复。"
    return f"这一步（{move.label}）不由您来办。"


def _act(move: Move, case: Case, form: StepForm, actor: Person) -> bool:
    """Do it; return False where something that must be said was not."""
    text, has_contacted = form.text, bool(form.contacted.data)
    match move:
        case Move.ASSIGN:
            services.assign(
                case=case,
                lead=form.chosen_lead or case.lead,
                lead_person_id=form.chosen_person,
                words=text,
                actor=actor,
            )
        case Move.ACCEPT:
            services.accept(case=case, words=text, has_contacted=has_contacted, actor=actor)
        case Move.RETURN:
            services.give_back(case=case, words=text, actor=actor)
        case Move.TAKE_BACK:
            services.take_back(case=case, words=text, has_contacted=has_contacted, actor=actor)
        case Move.REPORT:
            services.report(case=case, words=text, has_contacted=has_contacted, actor=actor)
        case Move.ASK_EXTENSION:
            services.ask_extension(case=case, days=form.days.data, words=text, actor=actor)
        case Move.SETTLE:
            services.settle(case=case, words=text, has_contacted=has_contacted, actor=actor)
        case Move.NO_ANSWER:
            method = CallBackMethod(form.method.data)
            services.no_answer(case=case, method=method, words=text, actor=actor)
        case Move.CLOSE | Move.REDO:
            answer = form.answer()
            if answer is None:
                return False
            if move is Move.CLOSE:
                services.close(case=case, answer=answer, actor=actor)
            else:
                services.redo(case=case, answer=answer, actor=actor)
        case _:
            _PLAIN[move](case=case, words=text, actor=actor)
    return True


_PLAIN = {
    Move.EXTEND: services.extend,
    Move.REFUSE_EXTENSION: services.refuse_extension,
    Move.EXPLAIN: services.explain,
    Move.REOPEN: services.reopen,
    Move.VOID: services.void,
    Move.SUPPLEMENT: services.supplement,
}
