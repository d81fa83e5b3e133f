"""Roles: the security administrator grants and withdraws them, never for themself."""

from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, ForbiddenError, InvalidInputError
from portal.people.models import Account, Organisation, OrganisationKind, Person, Role, RoleGrant
from portal.people.models.account import ADMINISTRATORS

# These head exactly one level of the tree; the others may be put anywhere.
LEVELS = {
    Role.BRANCH_SECRETARY: OrganisationKind.BRANCH,
    Role.COMMUNITY_SECRETARY: OrganisationKind.COMMUNITY,
    Role.OFFICE: OrganisationKind.SUB_DISTRICT,
}


def grant_role(
    *,
    account: Account,
    role: Role,
    organisation: Organisation | None,
    valid_from: date | None,
    valid_to: date | None,
    actor: Person,
) -> RoleGrant:
    """Grant a role over an organisation; a waiting account is thereby confirmed.

    Refused: for oneself; two of the three administrators' roles, or one of them beside any
    other role, on one person (DOMAIN 3.1, separation of three powers).
    """
    _require_another(actor, account.person_id)
    _check_place(role, organisation)
    _check_days(valid_from, valid_to)
    standing = _standing_grants(account.person_id)
    _check_separation(role, standing)
    if any(
        grant.role == role and grant.organisation_id == (organisation.id if organisation else None)
        for grant in standing
    ):
        raise InvalidInputError("这个人在这里已经有这个角色了。", field="role")
    made = RoleGrant(
        person_id=account.person_id,
        role=role,
        organisation_id=organisation.id if organisation else None,
        valid_from=valid_from,
        valid_to=valid_to,
        granted_by_id=actor.id,
    )
    db.session.add(made)
    if account.confirmed_at is None:
        account.confirmed_at = clock.now()
    db.session.flush()
    audit.record(
        "role.granted",
        made,
        actor=actor,
        person_id=account.person_id,
        role=role.label,
        organisation=organisation.name if organisation else None,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    return made


def withdraw_grant(*, grant: RoleGrant, actor: Person) -> None:
    """End a grant at once; the row stays as the record of what once held."""
    _require_another(actor, grant.person_id)
    today = clock.today()
    if grant.valid_to is not None and grant.valid_to < today:
        raise ConflictError("这项授权已经结束。")
    if grant.role in ADMINISTRATORS:
        _require_successor(grant, today)
    grant.valid_to = today - timedelta(days=1)
    db.session.flush()
    audit.record(
        "role.withdrawn", grant, actor=actor, person_id=grant.person_id, role=grant.role.label
    )


def make_administrator(*, person: Person, role: Role) -> RoleGrant:
    """Give one of the first three administrators the role: for `portal create-admins` alone."""
    made = RoleGrant(person_id=person.id, role=role)
    db.session.add(made)
    db.session.flush()
    audit.record("role.granted", made, actor=None, person_id=person.id, role=role.label)
    return made


def administrators_exist() -> bool:
    """Return whether anybody was ever made one of the three administrators."""
    return (
        db.session.scalar(select(RoleGrant.id).where(RoleGrant.role.in_(ADMINISTRATORS)).limit(1))
        is not None
    )


def _require_another(actor: Person, person_id: int) -> None:
    if actor.id == person_id:
        raise ForbiddenError("不能给自己授权，也不能撤销自己的授权，请由另一位安全管理员办理。")


def _check_place(role: Role, organisation: Organisation | None) -> None:
    if role in ADMINISTRATORS:
        if organisation is not None:
            raise InvalidInputError(
                "三员角色不属于某个组织，请不要选择组织。", field="organisation"
            )
        return
    if organisation is None:
        raise InvalidInputError("请选择授权的组织范围。", field="organisation")
    level = LEVELS.get(role)
    if level is not None and organisation.kind is not level:
        raise InvalidInputError(
            f"“{role.label}”只能授予{level.label}一级的组织。", field="organisation"
        )


def _check_days(valid_from: date | None, valid_to: date | None) -> None:
    if valid_to is None:
        return
    if valid_from is not None and valid_to < valid_from:
        raise InvalidInputError("结束日不能早于开始日。", field="valid_to")
    if valid_to < clock.today():
        raise InvalidInputError("结束日不能早于今天。", field="valid_to")


def _standing_grants(person_id: int) -> list[RoleGrant]:
    """Return the person's grants that hold now or later, with the person's row locked."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    return list(
        db.session.scalars(
            select(RoleGrant).where(RoleGrant.person_id == person_id, _not_over(clock.today()))
        )
    )


def _check_separation(role: Role, standing: list[RoleGrant]) -> None:
    if not standing:
        return
    held = {grant.role for grant in standing}
    administrators = held & ADMINISTRATORS
    if role in ADMINISTRATORS and administrators - {role}:
        other = next(iter(administrators - {role}))
        raise InvalidInputError(
            f"这个人已是{other.label}。三员必须由不同的人担任，不能再授予{role.label}。",
            field="role",
        )
    if role in ADMINISTRATORS and held - ADMINISTRATORS:
        raise InvalidInputError(
            f"这个人已有业务角色，不能再任{role.label}；请先撤销业务角色。", field="role"
        )
    if role not in ADMINISTRATORS and administrators:
        raise InvalidInputError(
            f"这个人是{next(iter(administrators)).label}，三员不能承担业务角色。", field="role"
        )


def _require_successor(grant: RoleGrant, today: date) -> None:
    """Never leave the house without an administrator of a kind."""
    others = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.role == grant.role, RoleGrant.id != grant.id, _not_over(today))
        .with_for_update()
    ).all()
    if not any(other.is_open_on(today) for other in others):
        raise ConflictError(f"这是唯一的{grant.role.label}，请先授予接任的人，再撤销这一项。")


def _not_over(today: date) -> ColumnElement[bool]:
    return or_(RoleGrant.valid_to.is_(None), RoleGrant.valid_to >= today)
