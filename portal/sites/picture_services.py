"""The gallery of a site: add, describe, put in order, take out. The site's row is locked."""

from collections.abc import Sequence

from portal.database import db
from portal.errors import InvalidInputError
from portal.materials.models import Material
from portal.people.edit_history import check_version
from portal.people.models import Person
from portal.sites.details import LONGEST_LINE
from portal.sites.models import Site, SitePicture
from portal.sites.picture_queries import pictures_of
from portal.sites.services import save

LABELS = {"alt_text": "图里有什么", "caption": "图下的文字"}
# Few pictures say more (DOMAIN 2.11: photos (few); B2: never required).
MOST_PICTURES = 9


def add_pictures(*, site: Site, materials: Sequence[Material], actor: Person) -> int:
    """Put pictures behind those that are there; return how many are new.

    What is to be seen is at first what the library calls it. Raise InvalidInputError when there
    would be more than nine.
    """
    present = pictures_of(site)
    known = {picture.material_id for picture in present}
    new = [material for material in materials if material.id not in known]
    if len(present) + len(new) > MOST_PICTURES:
        raise InvalidInputError(
            f"一个点位最多 {MOST_PICTURES} 张图片，"
            f"现在有 {len(present)} 张，这次选了 {len(new)} 张。"
        )
    last = max((picture.position for picture in present), default=0)
    for position, material in enumerate(new, last + 1):
        db.session.add(
            SitePicture(
                site_id=site.id,
                material_id=material.id,
                alt_text=material.title[:LONGEST_LINE],
                position=position,
            )
        )
    if new:
        save(site, actor, "site.pictures_added", count=len(new))
    return len(new)


def describe_picture(
    *,
    site: Site,
    picture: SitePicture,
    alt_text: str,
    caption: str,
    version: int | None,
    actor: Person,
) -> None:
    """Say what is to be seen, for whoever cannot see it, and what stands below the picture.

    Raise ChangedMeanwhileError for an older version.
    """
    check_version(picture, version)
    if not alt_text.strip():
        raise InvalidInputError("请写明图里有什么，看不见图的人靠它了解。", field="alt_text")
    for field, text in (("alt_text", alt_text), ("caption", caption)):
        if len(text) > LONGEST_LINE:
            raise InvalidInputError(f"最多 {LONGEST_LINE} 个字。", field=field)
    if (picture.alt_text, picture.caption) == (alt_text, caption):
        return
    picture.alt_text, picture.caption = alt_text, caption
    save(site, actor, "site.picture_described", title=alt_text)


def move_picture(*, site: Site, picture: SitePicture, is_up: bool, actor: Person) -> None:
    """Move a picture by one place; the first one is the cover."""
    order = list(pictures_of(site))
    at = order.index(picture)
    to = at - 1 if is_up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order, 1):
        one.position = position
    save(site, actor, "site.picture_moved", title=picture.alt_text)


def take_out(*, site: Site, picture: SitePicture, actor: Person) -> None:
    """Take a picture out of the gallery; it stays in the library."""
    title = picture.alt_text
    db.session.delete(picture)
    save(site, actor, "site.picture_removed", title=title)
