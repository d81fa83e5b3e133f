"""Writing about sites: put forward, change, throw away, put the naming right."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.people.edit_history import check_version, differences
from portal.people.models import Person
from portal.search import services as search
from portal.sites import details as written
from portal.sites import hooks
from portal.sites.details import COLUMNS, LABELS, NAMING_LABELS, Details, Naming
from portal.sites.models import Site, SiteMove, SiteState
from portal.sites.queries import SEARCH_KIND
from portal.sites.reviews import next_due
from portal.sites.states import Move, after


def create(*, details: Details, reason: str, document: str = "", actor: Person) -> Site:
    """Put a site forward; raise InvalidInputError.

    One organisation has no two sites of one name: that is also what pressing twice leads to.
    """
    written.check(details)
    _check_name(details, None)
    now = clock.now()
    site = Site(
        **{name: getattr(details, name) for name in COLUMNS},
        organisation=details.organisation,
        state=SiteState.NOMINATED,
        created_by=actor,
        created_at=now,
        updated_at=now,
        rooms=[],
        opening_hours=[],
        closures=[],
        titles=[],
    )
    _flush(site)
    note_move(site, None, reason=reason or "首次申报", document=document, actor=actor)
    index(site)
    audit.record(
        "site.create",
        site,
        actor=actor,
        version=site.version,
        name=site.name,
        organisation=details.organisation.name,
    )
    return site


def _check_name(details: Details, site: Site | None) -> None:
    """Raise InvalidInputError if the organisation has another site of this name."""
    same = select(Site.id).where(
        Site.organisation_id == details.organisation.id, Site.name == details.name
    )
    if site is not None:
        same = same.where(Site.id != site.id)
    if db.session.scalar(same) is not None:
        raise InvalidInputError(
            "这个党组织已经有同名的点位，请换一个名称，或者直接修改那一个。", field="name"
        )


def _flush(site: Site) -> None:
    """Write the site; the database has the last word on names."""
    try:
        with db.session.begin_nested():
            db.session.add(site)
    except IntegrityError as error:
        raise ConflictError("这个党组织刚刚有了同名的点位，请换一个名称。") from error


def edit(*, site: Site, details: Details, version: int | None, actor: Person) -> list[str]:
    """Change what is written; return the labels of what changed.

    The site's row is locked (`queries.site_to_change`). Raise ChangedMeanwhileError when the
    form was filled from an older version.
    """
    check_version(site, version)
    written.check(details)
    changes = differences(written.words(written.of(site)), written.words(details), LABELS)
    if not changes:
        return []
    _check_name(details, site)
    for name in COLUMNS:
        setattr(site, name, getattr(details, name))
    site.organisation = details.organisation
    site.updated_at = clock.now()
    _flush(site)
    index(site)
    told = {label: values if _is_short(values) else [] for label, values in changes.items()}
    audit.record("site.edit", site, actor=actor, version=site.version, changes=told)
    return list(changes)


def _is_short(values: list[str]) -> bool:
    """Long texts are not repeated in the audit chain: only that they changed."""
    return all(len(value) <= written.LONGEST_LINE for value in values)


def correct_naming(
    *, site: Site, naming: Naming, version: int | None, months: int, actor: Person
) -> None:
    """Put right what the naming document says; the next review follows from it.

    `months` is the portal's review interval, where the site has none of its own.
    """
    check_version(site, version)
    if site.named_on is None:
        raise ConflictError("这个点位还没有命名。")
    written.check_naming(naming, today=clock.today())
    before, now = written.naming_words(site), written.naming_words(naming)
    changes = differences(before, now, NAMING_LABELS)
    if not changes:
        return
    same_rhythm = (site.named_on, site.valid_until, site.review_months) == (
        naming.named_on,
        naming.valid_until,
        naming.review_months,
    )
    for name, value in written.as_dict(naming).items():
        setattr(site, name, value)
    if not same_rhythm and site.state is SiteState.NAMED:
        last = _last_review(site) or naming.named_on
        site.review_due_on = next_due(last, naming.review_months or months, naming.valid_until)
    save(site, actor, "site.naming", changes=changes)


def _last_review(site: Site) -> date | None:
    from_date = select(SiteMove.moved_on).where(
        SiteMove.site_id == site.id, SiteMove.to_state == SiteState.NAMED
    )
    return db.session.scalar(from_date.order_by(SiteMove.id.desc()).limit(1))


def note_move(
    site: Site,
    before: SiteState | None,
    *,
    reason: str,
    actor: Person,
    document: str = "",
    moved_on: date | None = None,
) -> None:
    """Keep a step of the site's life: it stands in its present state now."""
    db.session.add(
        SiteMove(
            site_id=site.id,
            from_state=before,
            to_state=site.state,
            moved_on=moved_on or clock.today(),
            reason=reason,
            document=document,
            by_id=actor.id,
            recorded_at=clock.now(),
        )
    )
    db.session.flush()


def discard(*, site: Site, actor: Person) -> None:
    """Throw a site away that was put forward and never named; raise ConflictError else."""
    after(site.state, Move.DISCARD)
    if site.named_on is not None:
        raise ConflictError("这个点位曾经命名，历史要保留，不能删除。")
    in_the_way = [sentence for uses in hooks.uses for sentence in uses(site, None)]
    if in_the_way:
        raise ConflictError("".join(in_the_way))
    audit.record("site.discard", site, actor=actor, name=site.name)
    try:
        with db.session.begin_nested():
            db.session.delete(site)
    except IntegrityError as error:
        raise ConflictError("还有路线、活动或预约用着这个点位，不能删除。") from error
    search.remove(SEARCH_KIND, site.id)


def save(site: Site, actor: Person, action: str, **noted: object) -> None:
    """Flush a change of a site or of what belongs to it, as a new version of it, and note it."""
    site.updated_at = clock.now()
    db.session.flush()
    audit.record(action, site, actor=actor, version=site.version, **noted)


def index(site: Site) -> None:
    """Make the site findable: its organisation is loaded."""
    search.index(
        SEARCH_KIND,
        site.id,
        titles=[
            *(site.name, site.kind.label, site.compound, site.address),
            *(site.organisation.name, site.organisation.short_name),
        ],
        names=[],
        body=[site.summary, site.story, site.facilities, site.property_company],
    )
