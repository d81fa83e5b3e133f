"""The pictures of sites, and who may see them for that."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.database import db
from portal.errors import NotFoundError
from portal.people.readers import Somebody
from portal.sites.models import Site, SitePicture
from portal.sites.queries import visible_to


def pictures_of(site: Site) -> Sequence[SitePicture]:
    """Return the pictures of a site in their order, with what the library says of them."""
    return db.session.scalars(
        select(SitePicture)
        .where(SitePicture.site_id == site.id)
        .order_by(SitePicture.position, SitePicture.id)
        .options(joinedload(SitePicture.material))
    ).all()


def picture_of(site: Site, picture_id: int) -> SitePicture:
    """Return a picture of this site; raise NotFoundError."""
    wanted = select(SitePicture).where(SitePicture.id == picture_id, SitePicture.site_id == site.id)
    found = db.session.scalar(wanted.options(joinedload(SitePicture.material)))
    if found is None:
        raise NotFoundError("没有找到这张图片，可能刚被移出。")
    return found


def covers_of(site_ids: Collection[int]) -> dict[int, int]:
    """Return the material of the first picture of each site that has one."""
    if not site_ids:
        return {}
    first = (
        select(SitePicture.site_id, func.min(SitePicture.position).label("position"))
        .where(SitePicture.site_id.in_(site_ids))
        .group_by(SitePicture.site_id)
        .subquery()
    )
    rows = db.session.execute(
        select(SitePicture.site_id, SitePicture.material_id).join(
            first,
            (first.c.site_id == SitePicture.site_id) & (first.c.position == SitePicture.position),
        )
    )
    return {row.site_id: row.material_id for row in rows}


def readable_ids(person: Somebody) -> Select[int]:
    """Select the materials that the pages of sites show this person."""
    return (
        select(SitePicture.material_id)
        .join(Site, Site.id == SitePicture.site_id)
        .where(visible_to(person))
    )


def sites_with(material_id: int, person: Somebody) -> Sequence[Site]:
    """Return the sites that show a material, as far as the person sees them."""
    return db.session.scalars(
        select(Site)
        .join(SitePicture, SitePicture.site_id == Site.id)
        .where(SitePicture.material_id == material_id, visible_to(person))
        .order_by(Site.name)
    ).all()
