"""One small dated step about somebody: a form, done at once or shown again with the reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people import policies, queries
from portal.people.access import current_reader
from portal.people.models import Organisation, Person, Tree
from portal.people.person_forms import StepForm
from portal.web.forms import Form
from portal.web.templating import render


@dataclass(frozen=True)
class Step:
    """What the page of a step says about the person, and its button."""

    heading: str
    lead: str
    button: str
    suggestions: Sequence[str] = ()


def shown(person: Person, form: StepForm, step: Step, *, status: int = 200) -> Response:
    """Show the form of a step."""
    return render("people/step.html", person=person, form=form, step=step, status=status)


def taken(person: Person, form: StepForm, step: Step, act: Callable[[], str]) -> Response:
    """Act and lead to the person with the sentence that `act` returns, or show the form again."""
    said: list[str] = []
    if not done(form, lambda: said.append(act())):
        return shown(person, form, step, status=422)
    flash(said[0])
    return to_person(person)


def done(form: Form, act: Callable[[], object]) -> bool:
    """Validate, then act; what the service refuses is put beside its field."""
    if not form.validate():
        return False
    try:
        act()
    except InvalidInputError as error:
        form.add_refusal(error)
        return False
    return True


def to_person(person: Person) -> Response:
    """Lead to the person's page."""
    return redirect(url_for("people.show", person_id=person.id))


def kept_organisations() -> list[Organisation]:
    """Return the party organisations whose people the reader keeps, in tree order."""
    within = policies.scope(current_reader(), policies.SECRETARIES)
    return [one for one in queries.organisations(within) if one.tree is Tree.PARTY]


def chosen(organisations: Sequence[Organisation], typed: str | None) -> Organisation:
    """Return the organisation that a select named; its own check has let only these through."""
    return next(one for one in organisations if str(one.id) == typed)
