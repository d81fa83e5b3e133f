"""Questions about schemes and score sheets, kept by site and year: nothing ranks them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from portal.database import db
from portal.errors import NotFoundError
from portal.people.models import Organisation
from portal.people.policies import scope
from portal.people.queries import in_subtrees
from portal.people.readers import Somebody
from portal.sites.models import (
    ScoreEntry,
    ScoreSheet,
    ScoringScheme,
    SheetStage,
    Site,
)
from portal.sites.policies import OFFICE

PUBLIC = frozenset({SheetStage.PUBLICITY, SheetStage.SETTLED})


def _schemes() -> Select[ScoringScheme]:
    return select(ScoringScheme).options(
        joinedload(ScoringScheme.organisation), selectinload(ScoringScheme.criteria)
    )


def schemes_of(person: Somebody) -> Sequence[ScoringScheme]:
    """Return the schemes of the offices for which the person acts, the latest first."""
    roots = scope(person, OFFICE)
    own = select(Organisation.id).where(in_subtrees(roots))
    wanted = _schemes().where(ScoringScheme.organisation_id.in_(own))
    return db.session.scalars(wanted.order_by(ScoringScheme.id.desc())).all()


def scheme_to_close(person: Somebody, scheme_id: int) -> ScoringScheme:
    """Return a scheme of the person's offices, its row locked; raise NotFoundError."""
    own = select(Organisation.id).where(in_subtrees(scope(person, OFFICE)))
    wanted = _schemes().where(ScoringScheme.id == scheme_id, ScoringScheme.organisation_id.in_(own))
    found = db.session.scalars(wanted.with_for_update(of=ScoringScheme)).one_or_none()
    if found is None:
        raise NotFoundError("没有找到这套评分办法。")
    return found


def open_scheme_for(site: Site) -> ScoringScheme | None:
    """Return the scheme that is switched on for the site's part of the tree, the nearest one."""
    above = [code for code in site.organisation.path.split("/") if code]
    return db.session.scalars(
        _schemes()
        .join(Organisation, Organisation.id == ScoringScheme.organisation_id)
        .where(ScoringScheme.closed_on.is_(None), Organisation.code.in_(above))
        .order_by(Organisation.path.desc())
        .limit(1)
    ).first()


def sheets_of(site: Site, *, only_public: bool) -> Sequence[ScoreSheet]:
    """Return the sheets of a site, the latest year first."""
    wanted = (
        select(ScoreSheet)
        .where(ScoreSheet.site_id == site.id)
        .options(joinedload(ScoreSheet.scheme))
    )
    if only_public:
        wanted = wanted.where(ScoreSheet.stage.in_(PUBLIC))
    return db.session.scalars(wanted.order_by(ScoreSheet.for_year.desc(), ScoreSheet.id)).all()


def sheet_of(site: Site, sheet_id: int, *, only_public: bool, lock: bool = False) -> ScoreSheet:
    """Return a sheet of the site with criteria and entries; raise NotFoundError."""
    wanted = (
        select(ScoreSheet)
        .where(ScoreSheet.id == sheet_id, ScoreSheet.site_id == site.id)
        .options(
            joinedload(ScoreSheet.scheme).selectinload(ScoringScheme.criteria),
            selectinload(ScoreSheet.entries).joinedload(ScoreEntry.by),
        )
    )
    if only_public:
        wanted = wanted.where(ScoreSheet.stage.in_(PUBLIC))
    found = db.session.scalars(
        wanted.with_for_update(of=ScoreSheet) if lock else wanted
    ).one_or_none()
    if found is None:
        raise NotFoundError("没有找到这张评分表。")
    return found
