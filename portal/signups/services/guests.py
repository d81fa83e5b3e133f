"""People from outside the roster, entered before the event by whoever answers for them."""

from portal import clock
from portal.errors import InvalidInputError
from portal.events.models import Event
from portal.people.models import Participation, Person
from portal.people.naming import name_fault, written_name
from portal.people.policies import HOSTS, scope
from portal.people.services.persons import Facts, create_person
from portal.signups import policies, queries


def enter_guest(*, event: Event, name: str, phone: str, actor: Person) -> Person:
    """Enter a guest of the actor's own organisation, or return who gave name and phone before.

    Raises InvalidInputError for a name that is none, where the event is not open to all, and
    for an actor who runs events nowhere.
    """
    if not policies.takes_guests(event):
        raise InvalidInputError(f"本次活动面向{event.audience.label}，不能登记来宾。")
    name = written_name(name).name
    fault = name_fault(name)
    if fault is not None:
        raise InvalidInputError(f"“{name}”不能登记为来宾：{fault}。")
    organisations = scope(actor, HOSTS)
    if not organisations:
        raise InvalidInputError("只有组织活动的人可以登记来宾。")
    host = next(
        grant.organisation
        for grant in actor.grants
        if grant.organisation is not None and grant.organisation.id == organisations[0].id
    )
    return queries.find_by_name_and_phone(name, phone) or create_person(
        facts=Facts(name=name, phone=phone),
        organisation=host,
        participation=Participation.GUEST,
        since=clock.today(),
        actor=actor,
    )
