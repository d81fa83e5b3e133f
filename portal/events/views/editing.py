"""Writing about an event: new, edit, copy, and throwing a draft away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ConflictError, InvalidInputError, NotFoundError, PortalError
from portal.events import agenda_rows, moves, policies, services
from portal.events import details as written
from portal.events.details import LABELS, Details
from portal.events.filters import day_typed
from portal.events.forms import EventForm, values
from portal.events.models import Audience, Event, EventState
from portal.events.series import patterns
from portal.events.series import queries as forms_kept
from portal.events.series.models import EventTemplate
from portal.events.series.policies import may_use
from portal.events.states import Move, after
from portal.events.venues import VenueTakenError
from portal.events.views import loading, places
from portal.events.views.blueprint import bp, hosted
from portal.messages.services import Told
from portal.people import queries as people
from portal.people.access import allowed, current_person, current_reader, require, signed_in
from portal.people.models import Organisation, OrganisationKind
from portal.people.policies import HOSTS, scope
from portal.sites.uses.queries import sites_to_use
from portal.web import merging
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

MORNING, NOON = time(9), time(11)
# Buttons that only look: at the room, at the week of the units.
_LOOKS = frozenset({"look", "load"})
_SMALL = (OrganisationKind.BRANCH, OrganisationKind.GROUP)


@dataclass(frozen=True)
class Difference:
    """What two people wrote into one field: what stands there now, and what was typed."""

    label: str
    now: str
    typed: str
    was_taken: bool


@bp.route("/new", methods=["GET", "POST"])
@allowed(policies.may_create)
@writes
def new() -> Response:
    """Write about a new event; it is a draft until it is published, at once if so wished."""
    actor = current_person()
    choices = _own_part()
    day = day_typed(request.args.get("date"))
    template = _asked_template()
    form = EventForm(
        data={
            "host": choices[0].id,
            "audience": Audience.OPEN.value,
            "starts_at": day and clock.from_local(datetime.combine(day, MORNING)),
            "ends_at": day and clock.from_local(datetime.combine(day, NOON)),
            **(from_template(template, choices, day) if template else {}),
        }
    )
    sites = sites_to_use()
    form.offer(choices, choices, sites)
    if request.form.get("then") in _LOOKS:
        return _page("events/new.html", form, choices, status=200)
    if form.validate_on_submit():
        try:
            event = services.create(details=form.details(choices, choices, sites), actor=actor)
            if template is not None:
                agenda_rows.replace([event.id], patterns.read(template.pattern).agenda)
            is_draft = event.state is EventState.DRAFT
            return _kept(event, "已存为草稿，只有主办方看得到。" if is_draft else "已发布。")
        except InvalidInputError as error:
            form.add_refusal(error)
        except VenueTakenError as error:
            return _page("events/new.html", form, choices, taken=error)
    return _page("events/new.html", form, choices)


def _asked_template() -> EventTemplate | None:
    """Return the template that the address asks to begin from; nonsense asks for none."""
    number = asked_number("template")
    if number is None:
        return None
    found = forms_kept.template(number)
    require(may_use(current_reader(), found), "这个模板不对您开放。")
    return found


def from_template(
    template: EventTemplate, choices: Sequence[Organisation], day: date | None
) -> dict[str, Any]:
    """Return the data of the form: the template on its next weekday, or on the day asked for."""
    pattern = patterns.read(template.pattern)
    on = datetime.combine(day, MORNING) if day else pattern.next_day(clock.now())
    moments = pattern.moments(on)
    own = {organisation.id for organisation in choices}
    return {
        **pattern.texts,
        **moments,
        "title": patterns.title_on(pattern.title, moments["starts_at"]),
        "kind": pattern.kind.value,
        "audience": pattern.audience.value,
        "capacity": pattern.capacity,
        "venue": pattern.venue,
        "host": template.organisation_id if template.organisation_id in own else choices[0].id,
        "due": [number for number in pattern.due if number in own],
    }


@bp.route("/<int:event_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(event_id: int) -> Response:
    """Change what is written; whoever comes second is told what changed meanwhile."""
    try:
        event = hosted(event_id, to_change=request.method == "POST")
        if event.part_of_id is not None:
            return _to_session(event)
        after(event.state, Move.EDIT)
    except (NotFoundError, ConflictError) as error:
        if request.method == "POST" and policies.may_create(current_reader()):
            return _as_new(error)
        raise
    hosts = _own_part(event.host)
    due = _own_part(*(row.organisation for row in event.due_organisations))
    before = written.of(event)
    now = written.words(before)
    form = EventForm(data={**values(before), "version": event.version, "seen": merging.seen(now)})
    sites = sites_to_use(*([event.site_id] if event.site_id else []))
    form.offer(hosts, due, sites)
    if request.form.get("then") in _LOOKS:
        return _page("events/edit.html", form, due, event=event, status=200)
    if not form.validate_on_submit():
        return _page("events/edit.html", form, due, event=event)
    typed = form.details(hosts, due, sites)
    differences = _differences(form, event, before, typed)
    if differences:
        form.take({"version": event.version, "seen": merging.seen(now)})
        return _page("events/edit.html", form, due, event=event, differences=differences)
    try:
        told = services.edit(event=event, details=typed, actor=current_person())
        return _kept(event, f"已保存。{said(told)}")
    except InvalidInputError as error:
        form.add_refusal(error)
    except VenueTakenError as error:
        return _page("events/edit.html", form, due, event=event, taken=error)
    return _page("events/edit.html", form, due, event=event)


def _to_session(event: Event) -> Response:
    """A session is changed on the pages of the whole."""
    address = url_for("events.edit_session", event_id=event.part_of_id, session_id=event.id)
    return redirect(address, 303)


def _as_new(error: PortalError) -> Response:
    """Offer what was typed as a new draft: the event has gone or been settled meanwhile."""
    choices = _own_part()
    form = EventForm(data={"host": choices[0].id, "audience": Audience.OPEN.value})
    form.offer(choices, choices, sites_to_use())
    form.form_errors.append(f"{error.message}您填写的内容都在下面，需要时可以存为新的草稿。")
    status = 404 if isinstance(error, NotFoundError) else 409
    return _page("events/new.html", form, choices, status=status)


def _differences(
    form: EventForm, event: Event, before: Details, typed: Details
) -> list[Difference]:
    """Return where somebody else wrote while this form was open; take over what was untouched."""
    if not form.version.data or form.version.data == str(event.version):
        return []
    now, mine = written.words(before), written.words(typed)
    carried = form.seen.data or ""
    theirs = merging.changed_since(carried, now) if carried else set(now)
    touched = merging.changed_since(carried, mine) if carried else set(now)
    names = [name for name in LABELS if name in theirs and now[name] != mine[name]]
    taken = [name for name in names if name not in touched]
    form.take({name: values(before)[name] for name in taken})
    return [Difference(LABELS[name], now[name], mine[name], name in taken) for name in names]


def _page(
    template: str,
    form: EventForm,
    due: Sequence[Organisation],
    *,
    event: Event | None = None,
    differences: Sequence[Difference] = (),
    taken: VenueTakenError | None = None,
    status: int | None = None,
) -> Response:
    if taken is not None:
        form.venue.errors = [taken.message]
        status = 409
    return render(
        template,
        form=form,
        due_groups=_groups(due),
        event=event,
        report=places.of_form(
            form,
            sites_to_use(*([event.site_id] if event and event.site_id else [])),
            event_id=event.id if event else None,
        ),
        differences=differences,
        load=loading.load_of_form(form, due, event),
        load_was_asked=loading.was_asked(),
        status=status or (409 if differences else 422 if form.is_submitted() else 200),
    )


def _kept(event: Event, sentence: str) -> Response:
    """Publish if that was the button; go where the next step is."""
    wants_published = request.form.get("then") == "publish"
    if wants_published and event.state is EventState.DRAFT and _is_to_be_warned(event):
        flash("已存为草稿，还没有发布：请先看看下面的提醒。")
        return redirect(url_for("events.show", event_id=event.id))
    if wants_published and event.state is not EventState.PUBLISHED:
        told = moves.publish(event=event, actor=current_person())
        sentence = f"{published_sentence(event)}{said(told)}"
    flash(sentence)
    if event.audience is Audience.INVITED and request.endpoint == "events.new":
        return redirect(url_for("events.invitations", event_id=event.id))
    return redirect(url_for("events.show", event_id=event.id))


def said(told: Told) -> str:
    """Return how many were told, as the end of what is said to the host."""
    return f"{told.words}。" if told.words else ""


def _is_to_be_warned(event: Event) -> bool:
    """Return whether something else is at the place, and the host has not been told of it."""
    return places.SEEN not in request.form and bool(places.of_event(event).clashes)


def published_sentence(event: Event) -> str:
    """Return what is said after publishing; an event that has begun is entered late."""
    if event.starts_at <= clock.now():
        return "已发布。开始时间已过，按补录处理，不再接受自己报名。"
    return "已发布，面向的人现在都能看到。"


def _own_part(*besides: Organisation) -> list[Organisation]:
    """Return the reader's part of the tree, the highest first, and what stands there already."""
    own = list(people.organisations(scope(current_reader(), HOSTS)))
    known = {organisation.id for organisation in own}
    own += [organisation for organisation in besides if organisation.id not in known]
    if not own:
        raise ConflictError("您所在的组织已经撤销，不能再作为主办组织。请联系系统管理员。")
    return own


def _groups(organisations: Sequence[Organisation]) -> list[list[Organisation]]:
    """Return the tree cut at its communities: each group begins with the one above the others."""
    groups: list[list[Organisation]] = []
    for organisation in organisations:
        above = [group for group in groups if organisation.is_within(group[0])]
        if above and organisation.kind in _SMALL:
            above[-1].append(organisation)
        else:
            groups.append([organisation])
    return groups


@bp.post("/<int:event_id>/copy")
@signed_in
@writes
def copy(event_id: int) -> Response:
    """Make a draft like it at its next date, and open it to be checked and published."""
    made = services.copy(event=hosted(event_id), actor=current_person())
    flash("已复制成一份草稿，日期排在下一次。请核对时间和主讲人，再发布。")
    return redirect(url_for("events.edit", event_id=made.id))


@bp.post("/<int:event_id>/discard")
@signed_in
@writes
def discard(event_id: int) -> Response:
    """Throw a draft away."""
    event = hosted(event_id, to_change=True)
    services.discard(event=event, actor=current_person())
    flash(f"草稿“{event.title}”已删除。")
    return redirect(url_for("events.index"))
