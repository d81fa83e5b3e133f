"""Signing up many from a list: pasted, typed in turn (接龙), or in a file."""

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.events.invitation_files import lines_of
from portal.events.models import Event
from portal.events.queries import event_seen_by
from portal.people.access import allowed, current_person, current_reader
from portal.people.imports.reading import read_sheets
from portal.people.models import Person
from portal.people.name_matching import Roster, Verdict, match
from portal.people.pasted_lists import written_in
from portal.people.policies import HOSTS, scope
from portal.people.readers import Somebody
from portal.signups import policies, queries, services
from portal.signups.forms import LONGEST_LIST, MOST_AT_ONCE, WrittenForm
from portal.signups.views.adding import report_page
from portal.signups.views.asking_others import Asked, asked_of, sign_up_entered_or_ask
from portal.signups.views.blueprint import bp
from portal.signups.written import Answers, Line, answered
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/list")
@allowed(policies.may_sign_up_others)
def written(event_id: int) -> Response:
    """Ask for a list."""
    event = event_seen_by(current_reader(), event_id)
    return _asking(event, WrittenForm(formdata=None))


@bp.post("/list")
@allowed(policies.may_sign_up_others)
def read_list(event_id: int) -> Response:
    """Read a list and show whom it means; nobody is signed up by that."""
    reader = current_reader()
    event = event_seen_by(reader, event_id)
    form = WrittenForm()
    if not form.validate():
        return _asking(event, form, status=422)
    try:
        text = _text_of(form)
        answers = _answers(text, reader, given=False)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _asking(event, form, status=422)
    return _preview(event, text, answers)


@bp.post("/list/confirm")
@allowed(policies.may_sign_up_others)
@writes
def add_written(event_id: int) -> Response:
    """Sign up whom the lines were said to mean; the list is read again, so nobody else can be."""
    actor = current_person()
    event = event_seen_by(actor, event_id)
    form = WrittenForm()
    if not form.validate():
        return _asking(event, form, status=422)
    text = form.names.data or ""
    try:
        answers = _answers(text, actor, given=True)
    except InvalidInputError as error:
        form.add_refusal(error)
        return _asking(event, form, status=422)
    together = bool(form.together.data)
    if not answers.people and not answers.guests:
        refusal = "还没有选中任何人，请先勾选。"
        return _preview(event, text, answers, refusal=refusal, together=together)
    try:
        report = sign_up_entered_or_ask(
            event=event,
            whom_to_ask=lambda: _asked(event, answers),
            enter=lambda: _people(event, answers, actor),
            actor=actor,
            together=together,
            where=url_for("signups.add_written", event_id=event.id),
            back=url_for("signups.written", event_id=event.id),
        )
    except InvalidInputError as error:
        return _preview(event, text, answers, refusal=error.message, together=together)
    if isinstance(report, Response):
        return report
    return report_page(event, report, answers.left())


def _text_of(form: WrittenForm) -> str:
    """Return what was pasted, or the names of the file, one a line with phone and unit."""
    if form.file.data:
        try:
            lines = lines_of(read_sheets(form.file.data.read()))
        except InvalidInputError as error:
            raise InvalidInputError(error.message, field="file") from error
        if not lines:
            raise InvalidInputError("文件里没有读到姓名。请检查有没有“姓名”一列。", field="file")
        text = "\n".join("，".join(filter(None, line[1:])) for line in lines)
        if len(text) > LONGEST_LIST:
            raise InvalidInputError("文件里的名单太长，请分几次上传。", field="file")
        return text
    if not (form.names.data or "").strip():
        raise InvalidInputError("请粘贴名单，或者选择一个文件。", field="names")
    return form.names.data or ""


def _answers(text: str, reader: Somebody, *, given: bool) -> Answers:
    """Match a list with the people within the reader's scope; raise InvalidInputError."""
    entries = written_in(text)
    if len(entries) > MOST_AT_ONCE:
        raise InvalidInputError(
            f"一次最多 {MOST_AT_ONCE} 行，这里有 {len(entries)} 行，请分几次。", field="names"
        )
    found = match(entries, Roster(queries.roster_within(scope(reader, HOSTS))))
    if all(one.verdict is Verdict.REMARK for one in found):
        raise InvalidInputError("没有读到姓名。请一行写一个姓名，或者粘贴接龙。", field="names")
    return answered(found, request.form if given else None)


def _people(event: Event, answers: Answers, actor: Person) -> tuple[list[Person], dict[int, str]]:
    """Return who is chosen and the guests, in the order of the list, and their keys by id."""
    keys = {person_id: f"p{person_id}" for person_id in answers.people}
    for line in answers.guests:
        guest = services.enter_guest(
            event=event, name=line.match.written.name, phone=line.phone, actor=actor
        )
        keys.setdefault(guest.id, _guest_key(line))
    order = {person_id: place for place, person_id in enumerate(keys)}
    people = sorted(queries.chosen_people(list(keys)), key=lambda person: order[person.id])
    return people, keys


def _asked(event: Event, answers: Answers) -> list[Asked]:
    """Return whom to ask: those chosen, and the guests, who are nobody's record yet."""
    people = queries.chosen_people(answers.people)
    guests = [Asked(_guest_key(line), line.match.written.name, "来宾") for line in answers.guests]
    return [*asked_of(event, people), *guests]


def _guest_key(line: Line) -> str:
    return f"g{line.number}"


def _asking(event: Event, form: WrittenForm, *, status: int = 200) -> Response:
    return render(
        "signups/written.html",
        status=status,
        event=event,
        form=form,
        is_host=policies.may_manage(current_reader(), event),
    )


def _preview(
    event: Event, text: str, answers: Answers, *, refusal: str = "", together: bool = False
) -> Response:
    offered = {one.id for line in answers.lines for one in line.match.people}
    return render(
        "signups/written_preview.html",
        status=422 if refusal else 200,
        event=event,
        text=text,
        answers=answers,
        refusal=refusal,
        together=together,
        live=queries.live_signups(event.id, offered) if offered else {},
        takes_guests=policies.takes_guests(event),
    )
