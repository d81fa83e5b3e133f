"""How a case stands, for whoever asked: with a code, without an account.

A wrong code, a code that was replaced and a case that was forgotten are answered alike, and only
so many tries a minute come from one address: nothing can be found out by trying.
"""

from flask import current_app, request
from werkzeug.wrappers import Response

from portal import clock
from portal.cases import codes, queries, services
from portal.cases.forms import CodeForm, OwnAnswerForm
from portal.cases.models import DONE_BY_UNIT, CallBackMethod, Case, CaseState, Satisfaction
from portal.cases.services import Answer
from portal.cases.views.blueprint import bp
from portal.errors import InvalidInputError
from portal.people.access import public
from portal.web.rates import Rates
from portal.web.templating import render
from portal.web.transaction import writes

WRONG = "没有查到。请核对查询码；如果遗失了，请联系社区换一个新的。"
TOO_MANY = "输错的次数太多，请过一会儿再试，或者直接联系社区。"
_KEPT = "portal_case_codes"
# A slip of the pen is allowed for; sixty bits are not found in so few tries.
_WRONG_A_MINUTE = 10


@bp.get("/code")
@public
def code() -> Response:
    """Ask for the code."""
    return render("cases/code.html", form=CodeForm(formdata=None))


@bp.post("/code")
@public
@writes
def look() -> Response:
    """Show how the case stands to whoever knows its code."""
    form = CodeForm()
    case, status = _opened(form)
    if case is None:
        return render("cases/code.html", form=form, status=status)
    return _shown(case, form.code.data or "")


@bp.post("/code/answer")
@public
@writes
def answer() -> Response:
    """Take the asker's own word: closed, or done again. Afterwards it can be opened again."""
    form = OwnAnswerForm()
    case, status = _opened(form, to_change=True)
    if case is None:
        return render("cases/code.html", form=CodeForm(formdata=None, data={}), status=status)
    if not form.validate():
        return _shown(case, form.code.data or "", form, status=422)
    try:
        _take(case, form)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _shown(case, form.code.data or "", form, status=422)
    return _shown(case, form.code.data or "", is_taken=True)


def _take(case: Case, form: OwnAnswerForm) -> None:
    is_content = form.answer.data != "not"
    words = form.words.data or ""
    if not is_content and not words:
        raise InvalidInputError("请说说哪里没有解决、哪里不满意。", field="words")
    if case.state is CaseState.CLOSED and not is_content:
        services.reopen(case=case, words=words, actor=None)
        return
    satisfaction = Satisfaction(form.answer.data)
    given = Answer(CallBackMethod.CODE, is_content, satisfaction, words)
    if is_content:
        services.close(case=case, answer=given, actor=None)
    else:
        services.redo(case=case, answer=given, actor=None)


def _opened(form: CodeForm | OwnAnswerForm, *, to_change: bool = False) -> tuple[Case | None, int]:
    """Return the case of the code; None, with words beside the field, and the status."""
    hashed = codes.hash_of(form.code.data or "")
    found = queries.find_by_code(hashed, to_change=to_change) if hashed else None
    if found is not None:
        return found, 200
    wait = _tries().wait("case-code", _WRONG_A_MINUTE, request.remote_addr or "")
    form.code.errors = [TOO_MANY if wait else WRONG]
    return None, 429 if wait else 404


def _tries() -> Rates:
    """Return what counts wrong codes in this process, made when the first one comes."""
    kept: Rates | None = current_app.extensions.get(_KEPT)
    if kept is None:
        made = Rates(str(current_app.config["PORTAL_REDIS_URL"]))
        kept = current_app.extensions.setdefault(_KEPT, made)
    return kept


def _shown(
    case: Case,
    code: str,
    form: OwnAnswerForm | None = None,
    *,
    is_taken: bool = False,
    status: int = 200,
) -> Response:
    may_answer = case.state in DONE_BY_UNIT or case.state is CaseState.CLOSED
    if form is None and may_answer:
        form = OwnAnswerForm(formdata=None)
    return render(
        "cases/own.html",
        case=case,
        phase=case.phase(clock.now()),
        steps=queries.steps_of(case.id),
        form=form if may_answer else None,
        code=code,
        is_taken=is_taken,
        status=status,
    )
