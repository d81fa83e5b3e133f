"""Filling an empty portal with the demo."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.demo import library
from portal.demo.archives import ask_for_archive, make_archives
from portal.demo.bookings import book_visits
from portal.demo.cases import hear_people
from portal.demo.course import course_acts
from portal.demo.doors import set_up_doors
from portal.demo.helping import answer_invitations, help_family
from portal.demo.hours import reckon_hours
from portal.demo.leaving import ask_for_leave
from portal.demo.lessons import exercise_acts, lesson_acts
from portal.demo.life import live
from portal.demo.opinions import write_questionnaire
from portal.demo.planning import plan_ahead
from portal.demo.programme import Calendar, programme
from portal.demo.recording import write_records
from portal.demo.seating import plan_seats
from portal.demo.sites import hang_pictures, open_sites
from portal.demo.world import renew_passwords, settle
from portal.people.models import Person

# The office took the portal into use so long ago.
_BEGAN_DAYS_AGO = 450


def is_empty() -> bool:
    """Return whether nobody is in the portal yet."""
    return db.session.scalar(select(Person.id).limit(1)) is None


def fill(progress: Callable[[int], object] = lambda _acts: None) -> None:
    """Live through the demo's year up to now; the caller commits all of it or nothing.

    `progress` is called after each act with the number of all acts.
    """
    now = clock.now()
    address = audit.address.set("演示数据")
    try:
        with clock.stopped_at(now - timedelta(days=_BEGAN_DAYS_AGO)):
            world = settle()
            write_questionnaire(world)
        open_sites(world, now)
        day = Calendar(now)
        lessons = [*lesson_acts(world, day), *exercise_acts(world, day)]
        besides = [*lessons, *library.acts(world, now), *course_acts(world, day)]
        live(world, programme(day), until=now, progress=progress, besides=besides)
        hang_pictures(world)
        plan_ahead(world, now)
        book_visits(world, now)
        set_up_doors(world, now)
        ask_for_leave(world, now)
        write_records(world, now)
        reckon_hours(world, now)
        hear_people(world, now)
        help_family(world)
        answer_invitations(now)
        ask_for_archive(world)
        plan_seats(world, now)
        renew_passwords()
    finally:
        audit.address.reset(address)


def make_files() -> None:
    """Make what a worker would make: called once what `fill` has written is committed."""
    make_archives()
