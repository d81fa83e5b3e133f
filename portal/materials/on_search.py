"""Materials as the search page finds them: those of the library that the reader may use."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select

from portal.materials.models import Material
from portal.materials.queries import SEARCH_KIND, usable_below
from portal.people import bound
from portal.people.models import Organisation
from portal.people.policies import HOSTS, is_administrator, may_upload, scope
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up


@lru_cache(maxsize=64)
def _rows(duties: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Material.id,
            Material.title,
            Material.kind.label("sort"),
            Material.filename,
            Material.uploaded_at,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == Material.organisation_id)
        .where(usable_below(bound.reader().id, bound.roots(duties)), Material.archived_at.is_(None))
    )


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return materials that match, by title first, then the latest uploaded."""
    if is_administrator(person):
        return hooks.Findings()
    roots = scope(person, HOSTS)
    found, total = look_up(
        _rows(len(roots)),
        Material.id,
        SEARCH_KIND,
        typed,
        limit=limit,
        offset=offset,
        values=bound.values(person, roots),
    )
    return hooks.Findings(
        [
            hooks.Found(
                row.id, row.title, (row.sort.label, row.short_name, row.filename), row.uploaded_at
            )
            for row in found
        ],
        total,
    )


SOURCE = hooks.Source(SEARCH_KIND, "资料", "materials.show", "material_id", 40, may_upload, find)
