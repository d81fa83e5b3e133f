"""Telling those whom a case concerns, once for each thing; the asker's name is in no message."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from portal import clock
from portal.cases.models import Case, Mark
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.people.models import Organisation, Person, Role, RoleGrant
from portal.people.policies import HOSTS, SECRETARIES
from portal.people.readers import Somewhere


def tell_lead(case: Case, *, actor: Person | None, what: str = "交给您办理") -> None:
    """Tell who is in charge: the person named, else those who run the lead unit."""
    _tell(case, in_charge(case), what, actor)


def tell_supervisors(case: Case, what: str, *, actor: Person | None, more: str = "") -> None:
    """Tell the secretaries nearest to where it was said."""
    _tell(case, nearest(case.organisation, SECRETARIES), what, actor, more)


def tell_asker(case: Case, what: str, *, actor: Person | None) -> None:
    """Tell whoever asked under the own name and has an account; they see how it stands."""
    if case.asker_id is not None:
        _tell(case, [case.asker_id], f"您反映的事{what}", actor)


def remind(case: Case, mark: Mark) -> None:
    """Tell who is in charge of the yellow mark, and of the red one those above as well."""
    what = "明天就到期" if mark is Mark.YELLOW else "已经超期"
    key = f"case:{case.id}:{mark.value}:{case.due_at:%Y%m%d}"
    people = in_charge(case)
    if mark is Mark.RED:
        above = nearest(case.organisation, SECRETARIES)
        people = select(Person.id).where(or_(Person.id.in_(people), Person.id.in_(above)))
    messages.tell(
        people=people,
        kind=MessageKind.CASE,
        subject=f"{mark.label}：{case.headline}（{what}）" if mark is Mark.RED else _soon(case),
        body=_body(case),
        link=address_of(case),
        key=key,
    )


def in_charge(case: Case) -> Select[Any]:
    """Select the person named as in charge; else those who run the lead unit."""
    if case.lead_person_id is not None:
        return select(Person.id).where(Person.id == case.lead_person_id)
    return nearest(case.lead, HOSTS | {Role.OFFICER})


def nearest(organisation: Somewhere, roles: Collection[Role]) -> Select[Any]:
    """Select who holds one of the roles over the organisation, or over the nearest one above.

    Whoever stands higher has no part in it as long as somebody nearer does.
    """
    today = clock.today()
    codes = organisation.path.strip("/").split("/")
    above = aliased(Organisation)

    def held(column: Any) -> Select[Any]:
        return (
            select(column)
            .select_from(RoleGrant)
            .join(above, above.id == RoleGrant.organisation_id)
            .where(
                RoleGrant.role.in_(roles),
                above.code.in_(codes),
                or_(RoleGrant.valid_from.is_(None), RoleGrant.valid_from <= today),
                or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today),
            )
        )

    deepest = held(func.max(func.length(above.path))).scalar_subquery()
    return held(RoleGrant.person_id).where(func.length(above.path) == deepest)


def address_of(case: Case) -> str:
    """Return the path of a case's page."""
    return f"/cases/{case.id}"


def _tell(
    case: Case,
    people: Collection[int] | Select[Any],
    what: str,
    actor: Person | None,
    more: str = "",
) -> None:
    told = select(Person.id).where(Person.id.in_(people))
    if actor is not None:
        told = told.where(Person.id != actor.id)
    messages.tell(
        people=told,
        kind=MessageKind.CASE,
        subject=f"{what}：{case.headline}",
        body="\n".join(line for line in (_body(case), more) if line),
        link=address_of(case),
        key=f"case:{case.id}:{case.version}:{what}"[:120],
    )


def _soon(case: Case) -> str:
    day = case.due_day
    return f"黄牌：{case.headline}（{day.month}月{day.day}日到期）"


def _body(case: Case) -> str:
    day = case.due_day
    place = f"{case.organisation.short_name} {case.place}".strip()
    return "\n".join(
        [
            f"{case.number}　{case.kind.label}　{case.source.label}",
            place,
            f"办理期限：{day.year}年{day.month}月{day.day}日",
        ]
    )
