"""The people and organisations of the demo, put in place as an office would do it."""

from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from portal import clock
from portal.database import db
from portal.demo import organisations as places
from portal.demo import people
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.people.imports.services import ORGANISATIONS, PEOPLE, file_facts
from portal.people.models import (
    Account,
    ExemptReason,
    Membership,
    Organisation,
    Participation,
    Person,
    PersonKind,
    RoleGrant,
)
from portal.people.models.account import ADMINISTRATORS
from portal.people.services import accounts, exemptions, grants, hash_password, persons, relations
from portal.sites.models import Site

# 条例 art. 23: the very old are not expected any more.
_EXEMPT_UNTIL_BORN = 1942

# Who runs events for which part of the tree, by account.
_HEADS = {
    places.OFFICE: "office",
    places.SHANTOU: "secretary",
    places.HAIKOU: "secretary2",
    "ZHL-01-01": "branch",
}


@dataclass
class World:
    """Who is who: persons by key (account name, guest key), members by branch code."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)
    # Ids of the lessons that there are so far, by key.
    lessons: dict[str, int] = field(default_factory=dict)
    # Sites by the key that they have in portal.demo.sites.
    sites: dict[str, Site] = field(default_factory=dict)

    def below(self, code: str) -> list[Person]:
        """Return the members of all branches below an organisation, branch by branch."""
        root = self.organisations[code].path
        return [
            person
            for branch, persons in self.members.items()
            if self.organisations[branch].path.startswith(root)
            for person in persons
        ]

    def head_above(self, code: str) -> str:
        """Return the code of the nearest organisation from the given one up that has a head."""
        path = self.organisations[code].path.strip("/").split("/")
        return next(above for above in reversed(path) if above in _HEADS)

    def host_of(self, code: str) -> Person:
        """Return who acts for an organisation: the head nearest above it."""
        return self.persons[_HEADS[self.head_above(code)]]

    def within_reach_of(self, code: str) -> set[int]:
        """Return the ids of the members whom the organisation's head answers for."""
        return {person.id for person in self.below(self.head_above(code))}


def settle() -> World:
    """Make the administrators, take in organisations and roster, guests, accounts and roles."""
    world = World()
    hashed = hash_password(PASSWORD)
    _make_administrators(world, hashed)
    keeper = world.persons["sysadmin"]
    roster = people.members()
    for importing, name, content in (
        (ORGANISATIONS, "组织.csv", places.table()),
        (PEOPLE, "花名册.csv", people.table(roster)),
    ):
        plan = importing.write(
            importing.read(content), file=file_facts(name, content), actor=keeper
        )
        if plan.refusals:
            raise RuntimeError(f"the demo's own {name} is refused: {plan.refusals[:3]}")
    world.organisations = {one.code: one for one in db.session.scalars(select(Organisation))}
    _recognise(world, roster)
    _receive_guests(world)
    _open_accounts(world, hashed)
    _appoint(world)
    _know_everybody()
    return world


def _know_everybody() -> None:
    """Load what policies ask of people: where they belong and what they were granted."""
    db.session.flush()
    db.session.scalars(
        select(Person)
        .options(
            selectinload(Person.memberships).joinedload(Membership.organisation),
            selectinload(Person.grants).joinedload(RoleGrant.organisation),
        )
        .execution_options(populate_existing=True)
    ).all()


def renew_passwords() -> None:
    """Let the passwords be of today: they were set when the office began, and have aged."""
    db.session.execute(update(Account).values(password_changed_at=clock.now()))


def _make_administrators(world: World, hashed: str) -> None:
    for demo in ACCOUNTS:
        if demo.role not in ADMINISTRATORS:
            continue
        guest = people.GUESTS[demo.username]
        person = Person(
            name=guest.name,
            kind=PersonKind.GUEST,
            work_unit=guest.work_unit,
            post=guest.post,
            **persons.sort_keys(guest.name),
        )
        db.session.add(person)
        db.session.flush()
        accounts.create_account(
            person=person,
            username=demo.username,
            password_hash=hashed,
            must_change_password=False,
            is_confirmed=True,
            actor=None,
        )
        grants.make_administrator(person=person, role=demo.role)
        world.persons[demo.username] = person


def _recognise(world: World, roster: list[people.Member]) -> None:
    """Find the imported persons again, by their phones; excuse the very old."""
    by_phone = {
        person.phone: person
        for person in db.session.scalars(
            select(Person)
            .where(Person.phone != "")
            .options(selectinload(Person.memberships), selectinload(Person.posts))
        )
    }
    for member in roster:
        person = by_phone[member.phone]
        world.members.setdefault(member.branch, []).append(person)
        if member.key:
            world.persons[member.key] = person
        if person.birth_year is not None and person.birth_year <= _EXEMPT_UNTIL_BORN:
            exemptions.set_exemption(
                person=person,
                reason=ExemptReason.FRAIL,
                since=clock.today(),
                actor=world.persons["sysadmin"],
            )


def _receive_guests(world: World) -> None:
    """Enter those from outside with the organisations that invite them."""
    actor, today = world.persons["office"], clock.today()
    for key, guest in people.GUESTS.items():
        if key in world.persons:
            continue
        first, *others = [world.organisations[code] for code in guest.invited_by]
        facts = persons.Facts(
            name=guest.name, work_unit=guest.work_unit, post=guest.post, rank=guest.rank
        )
        person = persons.create_person(
            facts=facts,
            organisation=first,
            participation=Participation.GUEST,
            since=today,
            actor=actor,
        )
        db.session.refresh(person, ["memberships", "posts"])
        for organisation in others:
            relations.join(
                person=person,
                organisation=organisation,
                participation=Participation.GUEST,
                since=today,
                actor=actor,
            )
        world.persons[key] = person


def _open_accounts(world: World, hashed: str) -> None:
    maker, granter = world.persons["sysadmin"], world.persons["secadmin"]
    for demo in ACCOUNTS:
        if demo.role in ADMINISTRATORS:
            continue
        account = accounts.create_account(
            person=world.persons[demo.username],
            username=demo.username,
            password_hash=hashed,
            must_change_password=False,
            actor=maker,
        )
        if demo.role is None or demo.over is None:
            accounts.confirm(account=account, actor=granter)
            continue
        grants.grant_role(
            account=account,
            role=demo.role,
            organisation=world.organisations[demo.over],
            valid_from=clock.today(),
            valid_to=None,
            actor=granter,
        )


def _appoint(world: World) -> None:
    """Note the posts that the roster does not have: those above the branches."""
    heads = [
        (places.OFFICE, world.persons["office"], "组织办主任"),
        (places.SHANTOU, world.persons["secretary"], "社区党委书记"),
        (places.HAIKOU, world.persons["secretary2"], "社区党委书记"),
        (places.XINJIAZHUANG, world.members["ZHL-03-01"][3], "社区党委书记"),
        (places.AOMEN, world.members["ZHL-04-01"][3], "社区党委书记"),
    ]
    for code, person, title in heads:
        relations.add_post(
            person=person,
            organisation=world.organisations[code],
            title=title,
            since=None,
            actor=world.persons["sysadmin"],
        )
