"""The demo's family: whom a member signs up besides himself."""

from portal.demo import organisations as places
from portal.demo.world import World
from portal.signups import services as signups


def help_family(world: World) -> None:
    """Let the first member of 汕头路 sign up somebody of the same community without an account."""
    known = {person.id for person in world.persons.values()}
    others = [one for one in world.below(places.SHANTOU) if one.id not in known]
    for person, relation in zip(others, ("母亲", "邻居"), strict=False):
        signups.grant_help(
            person=person,
            helper=world.persons["member1"],
            relation=relation,
            actor=world.persons["secretary"],
        )
