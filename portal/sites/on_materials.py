"""What sites do with materials: they show pictures to whoever sees the site."""

from collections.abc import Sequence

from flask import Flask, url_for

from portal.materials import hooks
from portal.people.readers import Somebody
from portal.sites import picture_queries
from portal.sites.models import SitePicture


def _uses(material_id: int, reader: Somebody) -> Sequence[hooks.Use]:
    return [
        hooks.Use("点位", site.name, url_for("sites.show", site_id=site.id))
        for site in picture_queries.sites_with(material_id, reader)
    ]


_USING = hooks.Using(SitePicture.material_id, _uses)


def init_app(_app: Flask) -> None:
    """Say who reads what the pages of sites show."""
    if _USING in hooks.uses:
        return
    hooks.readable.append(picture_queries.readable_ids)
    hooks.uses.append(_USING)
