"""Who may: pure predicates over a person, a site and a booking."""

from portal.bookings.models import Booking
from portal.people.policies import HOSTS, holds, holds_anywhere, is_administrator
from portal.people.readers import Somebody
from portal.sites import policies as sites
from portal.sites.models import Site
from portal.sites.uses.models import RECEIVING


def may_see_bookings(person: Somebody) -> bool:
    """Everybody but the three administrators, who see no business data."""
    return not is_administrator(person)


def may_decide(person: Somebody, site: Site) -> bool:
    """Keepers and secretaries of the site's organisation, and those above it."""
    return sites.may_keep(person, site)


def may_decide_somewhere(person: Somebody) -> bool:
    """Those who keep sites of some part of the tree."""
    return holds_anywhere(person, sites.KEEPERS) and not is_administrator(person)


def may_see_calendar(person: Somebody, site: Site) -> bool:
    """Whoever may see the site."""
    return sites.may_see(person, site)


def may_ask(person: Somebody, site: Site) -> bool:
    """Everybody who has to do with business may ask to visit a site that receives visits."""
    return may_see_bookings(person) and site.state in RECEIVING


def is_own(person: Somebody, booking: Booking) -> bool:
    """Whoever asked; and those who run events for the organisation that comes."""
    if is_administrator(person):
        return False
    if booking.asked_by_id == person.id:
        return True
    return booking.organisation is not None and holds(person, HOSTS, booking.organisation)


def may_see(person: Somebody, booking: Booking) -> bool:
    """Those whose visit it is, those who decide, and those whose visit it joins."""
    if is_own(person, booking) or may_decide(person, booking.site):
        return True
    return booking.joins is not None and is_own(person, booking.joins)


def may_answer(person: Somebody, booking: Booking) -> bool:
    """Keepers say yes or no; to a party that joins, whoever has the visit does so too."""
    if may_decide(person, booking.site):
        return True
    return booking.joins is not None and is_own(person, booking.joins)


def may_change(person: Somebody, booking: Booking) -> bool:
    """Those whose visit it is, and those who decide, move it and call it off."""
    return is_own(person, booking) or may_decide(person, booking.site)


def may_edit(person: Somebody, booking: Booking) -> bool:
    """Those whose visit it is say what it is about, whom to call and how many come."""
    return is_own(person, booking)


def may_see_contact(person: Somebody, booking: Booking) -> bool:
    """Only those whose visit it is and those who decide; asking for the number is noted."""
    return may_change(person, booking)
