"""Telling the keepers of a site: a review is due, a decision was made. Each thing once."""

from datetime import date

from portal import clock
from portal.messages import services as messages
from portal.messages.models import MessageKind
from portal.messages.services import Told
from portal.people.models import Person
from portal.sites.models import Site
from portal.sites.review_queries import keepers_of, to_remind_of
from portal.sites.reviews import NOTICE, days_words


def remind_of_reviews(*, organisation_path: str = "/") -> Told:
    """Tell keepers of what is due within ninety days in this part of the tree, once for each day.

    A review that is moved to another day is another thing to be told.
    """
    today, told = clock.today(), Told()
    for due in to_remind_of(today + NOTICE):
        if not due.organisation_path.startswith(organisation_path):
            continue
        told += messages.tell(
            people=keepers_of(due.organisation_path),
            kind=MessageKind.REVIEW,
            subject=f"到期复审：{due.name}",
            body=f"{_day(due.review_due_on)}到期，{days_words(due.review_due_on, today)}。",
            link=f"/sites/{due.id}",
            key=f"site:{due.id}:due:{due.review_due_on.isoformat()}",
        )
    return told


def tell_of_decision(*, site: Site, number: int, reason: str, actor: Person) -> Told:
    """Tell the keepers where their site stands now, and why; whoever decided knows it already."""
    return messages.tell(
        people=keepers_of(site.organisation.path, but=actor.id),
        kind=MessageKind.REVIEW,
        subject=f"{site.name}：{site.state.label}",
        body=reason,
        link=f"/sites/{site.id}",
        key=f"site:{site.id}:move:{number}",
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
