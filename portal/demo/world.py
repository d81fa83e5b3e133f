"""The people and organisations of the demo, put in place as an office would do it."""

from dataclasses import dataclass, field

from sqlalchemy import select, update

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.demo import organisations as places
from portal.demo import people
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.people.imports.services import ORGANISATIONS, PEOPLE, file_facts
from portal.people.models import (
    Account,
    Membership,
    Organisation,
    Person,
    PersonKey,
    PersonKind,
    Post,
    Role,
    RoleGrant,
)
from portal.people.naming import pinyin_key, search_keys, stroke_key
from portal.people.services.passwords import hash_password

# 条例 art. 23: the very old are not expected any more.
_EXEMPT_UNTIL_BORN = 1942


@dataclass
class World:
    """Who is who: persons by key (account name, guest key), members by branch code."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)
    secretaries: dict[str, Person] = field(default_factory=dict)

    def below(self, code: str) -> list[Person]:
        """Return the members of all branches below an organisation, branch by branch."""
        root = self.organisations[code].path
        return [
            person
            for branch, persons in self.members.items()
            if self.organisations[branch].path.startswith(root)
            for person in persons
        ]

    def host_of(self, code: str) -> Person:
        """Return who acts for an organisation: its secretary, or that of the one above."""
        path = self.organisations[code].path.strip("/").split("/")
        return next(
            self.secretaries[above] for above in reversed(path) if above in self.secretaries
        )


def settle() -> World:
    """Take in guests, organisations and roster, accounts and roles; return who is who."""
    world = World()
    for guest in people.GUESTS:
        world.persons[guest.key] = _guest(guest)
    db.session.flush()
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
    world.organisations = {
        organisation.code: organisation for organisation in db.session.scalars(select(Organisation))
    }
    _recognise(world, roster)
    _excuse_the_old()
    _open_accounts(world)
    _appoint(world)
    db.session.flush()
    return world


def _guest(guest: people.Guest) -> Person:
    person = Person(
        name=guest.name,
        kind=PersonKind.GUEST,
        work_unit=guest.work_unit,
        post=guest.post,
        rank=guest.rank,
        pinyin_key=pinyin_key(guest.name),
        stroke_key=stroke_key(guest.name),
    )
    db.session.add(person)
    db.session.flush()
    db.session.add_all(PersonKey(person_id=person.id, key=key) for key in search_keys(guest.name))
    return person


def _recognise(world: World, roster: list[people.Member]) -> None:
    """Find the imported persons again, by their phones."""
    by_phone = {person.phone: person for person in db.session.scalars(select(Person))}
    for member in roster:
        person = by_phone[member.phone]
        world.members.setdefault(member.branch, []).append(person)
        if member.key:
            world.persons[member.key] = person
        if member.party_post == "党支部书记":
            world.secretaries[member.branch] = person


def _excuse_the_old() -> None:
    db.session.execute(
        update(Person).where(Person.birth_year <= _EXEMPT_UNTIL_BORN).values(is_exempt=True)
    )


def _open_accounts(world: World) -> None:
    hashed = hash_password(PASSWORD)
    now = clock.now()
    maker, granter = world.persons["sysadmin"], world.persons["secadmin"]
    for demo in ACCOUNTS:
        person = world.persons[demo.username]
        account = Account(
            username=demo.username,
            person_id=person.id,
            password_hash=hashed,
            password_changed_at=now,
            must_change_password=False,
            confirmed_at=now,
            created_at=now,
        )
        db.session.add(account)
        db.session.flush()
        audit.record("account.created", account, actor=maker, username=demo.username)
        if demo.role is not None:
            over = world.organisations[demo.over] if demo.over else None
            _grant(person, demo.role, over, by=granter)


def _grant(person: Person, role: Role, over: Organisation | None, *, by: Person) -> None:
    grant = RoleGrant(
        person_id=person.id,
        role=role,
        organisation_id=over.id if over else None,
        granted_by_id=by.id,
        valid_from=clock.today(),
    )
    db.session.add(grant)
    db.session.flush()
    audit.record(
        "role.granted", grant, actor=by, person=person.id, role=role.value, over=over and over.code
    )


def _appoint(world: World) -> None:
    """Give the communities their secretaries, and the branches the right to act."""
    granter = world.persons["secadmin"]
    heads = {
        places.OFFICE: world.persons["office"],
        places.SHANTOU: world.persons["secretary"],
        places.HAIKOU: world.persons["secretary2"],
        places.XINJIAZHUANG: world.members["ZHL-03-01"][3],
        places.AOMEN: world.members["ZHL-04-01"][3],
    }
    for code, person in heads.items():
        organisation = world.organisations[code]
        title = "组织办主任" if code == places.OFFICE else "社区党委书记"
        db.session.add(Post(person_id=person.id, organisation_id=organisation.id, title=title))
        if code in {places.XINJIAZHUANG, places.AOMEN}:
            _grant(person, Role.COMMUNITY_SECRETARY, organisation, by=granter)
    for code, person in world.secretaries.items():
        if person is not world.persons["branch"] and person is not world.persons["keeper"]:
            _grant(person, Role.BRANCH_SECRETARY, world.organisations[code], by=granter)
    world.secretaries.update(heads)
    del world.secretaries[places.RED_PROPERTY]  # the keeper keeps the site, and posts nothing


__all__ = ["Membership", "World", "settle"]
