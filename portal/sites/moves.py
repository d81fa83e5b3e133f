"""Moving a site through its life: name, review, put right, delist, put forward anew.

Each move says why, on which day, and by which document; all of it is kept.
"""

from dataclasses import dataclass
from datetime import date

from portal import clock
from portal.database import db
from portal.errors import InvalidInputError
from portal.people.models import Person
from portal.sites import details as written
from portal.sites.details import EARLIEST, LATEST, LONGEST_LINE, LONGEST_REASON, Naming
from portal.sites.models import ReviewResult, Site, SiteReview, SiteState
from portal.sites.queries import moves_of
from portal.sites.reviews import next_due
from portal.sites.services import note_move, save
from portal.sites.states import Move, after
from portal.sites.telling import tell_of_decision

_RESULTS = {
    SiteState.NAMED: ReviewResult.PASSED,
    SiteState.RECTIFY: ReviewResult.RECTIFY,
    SiteState.DELISTED: ReviewResult.DELISTED,
}


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """Why, on which day and by which document something was decided."""

    reason: str
    moved_on: date
    document: str = ""


def name_site(*, site: Site, naming: Naming, grounds: Grounds, months: int, actor: Person) -> None:
    """Name the site a demonstration site, or whatever its kind is, by a document.

    It may have been named long before anybody entered it here. `months` is the portal's
    review interval; the site's own stands above it.
    """
    state = after(site.state, Move.NAME)
    _check(site, grounds, in_order=False)
    written.check_naming(naming, today=clock.today())
    for column, value in written.as_dict(naming).items():
        setattr(site, column, value)
    site.review_due_on = next_due(
        naming.named_on, naming.review_months or months, naming.valid_until
    )
    _move(site, state, grounds, actor, "site.name")


def start_review(*, site: Site, grounds: Grounds, actor: Person) -> None:
    """Begin to look at a named site again."""
    state = after(site.state, Move.REVIEW)
    _check(site, grounds)
    _move(site, state, grounds, actor, "site.review")


def approve(
    *,
    site: Site,
    grounds: Grounds,
    months: int,
    actor: Person,
    valid_until: date | None = None,
    note: str = "",
) -> None:
    """Find the site in order: it stays named; a new `valid_until` extends the validity."""
    state = after(site.state, Move.APPROVE)
    _check(site, grounds)
    written.check_validity(grounds.moved_on, valid_until)
    due_on = site.review_due_on
    if valid_until is not None:
        site.valid_until = valid_until
    if site.valid_until is not None and site.valid_until < grounds.moved_on:
        raise InvalidInputError("原有效期已过，请填写新的有效期。", field="valid_until")
    site.review_due_on = next_due(grounds.moved_on, site.review_months or months, site.valid_until)
    _move(site, state, grounds, actor, "site.approve", due_on=due_on, note=note)


def rectify(*, site: Site, grounds: Grounds, deadline: date, actor: Person, note: str = "") -> None:
    """Ask to put something right until a day."""
    state = after(site.state, Move.RECTIFY)
    _check(site, grounds)
    if not grounds.moved_on < deadline <= LATEST:
        raise InvalidInputError("整改期限要在提出整改的日期之后。", field="deadline")
    due_on = site.review_due_on
    site.review_due_on = deadline
    _move(site, state, grounds, actor, "site.rectify", due_on=due_on, note=note)


def delist(*, site: Site, grounds: Grounds, actor: Person, note: str = "") -> None:
    """Take the name away: what was to be put right was not."""
    state = after(site.state, Move.DELIST)
    _check(site, grounds)
    due_on, site.review_due_on = site.review_due_on, None
    _move(site, state, grounds, actor, "site.delist", due_on=due_on, note=note)


def nominate(*, site: Site, grounds: Grounds, actor: Person) -> None:
    """Put a delisted site forward anew; its former life stays written."""
    state = after(site.state, Move.NOMINATE)
    _check(site, grounds)
    site.review_due_on = None
    _move(site, state, grounds, actor, "site.nominate")


def _move(
    site: Site,
    state: SiteState,
    grounds: Grounds,
    actor: Person,
    action: str,
    *,
    due_on: date | None = None,
    note: str = "",
) -> None:
    before, site.state = site.state, state
    ends_review = before in {SiteState.UNDER_REVIEW, SiteState.RECTIFY}
    if ends_review:
        _keep_review(site, _RESULTS[state], grounds, actor, due_on=due_on, note=note)
    save(
        site,
        actor,
        action,
        reason=grounds.reason,
        document=grounds.document,
        day=grounds.moved_on,
        **{"from": before.label, "to": state.label},
    )
    note_move(
        site,
        before,
        reason=grounds.reason,
        document=grounds.document,
        moved_on=grounds.moved_on,
        actor=actor,
    )
    tell_of_decision(site=site, number=site.version, reason=grounds.reason, actor=actor)


def _keep_review(
    site: Site,
    result: ReviewResult,
    grounds: Grounds,
    actor: Person,
    *,
    due_on: date | None,
    note: str,
) -> None:
    db.session.add(
        SiteReview(
            site_id=site.id,
            due_on=due_on,
            done_on=grounds.moved_on,
            result=result,
            note=note or grounds.reason,
            document=grounds.document,
            by_id=actor.id,
            recorded_at=clock.now(),
        )
    )


def _check(site: Site, grounds: Grounds, *, in_order: bool = True) -> None:
    """Raise InvalidInputError unless reason, day and document can be kept."""
    if not grounds.reason:
        raise InvalidInputError("请写明原因，历史里会保留。", field="reason")
    if len(grounds.reason) > LONGEST_REASON:
        raise InvalidInputError(f"原因最多 {LONGEST_REASON} 个字。", field="reason")
    if len(grounds.document) > LONGEST_LINE:
        raise InvalidInputError(f"文件依据最多 {LONGEST_LINE} 个字。", field="document")
    if not EARLIEST <= grounds.moved_on <= clock.today():
        raise InvalidInputError("日期不能晚于今天，年份也请核对。", field="moved_on")
    known = moves_of(site) if in_order else []
    if known and grounds.moved_on < known[0].moved_on:
        raise InvalidInputError(
            f"日期不能早于上一步（{known[0].moved_on.isoformat()}）。", field="moved_on"
        )
