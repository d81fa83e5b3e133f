"""Materials as the search page finds them: those of the library that the reader may use."""

from sqlalchemy import select

from portal.materials.models import Material
from portal.materials.queries import SEARCH_KIND, usable_by
from portal.people.models import Organisation
from portal.people.policies import may_upload
from portal.people.readers import Somebody
from portal.search import hooks
from portal.search.queries import look_up


def find(person: Somebody, typed: str, limit: int, offset: int) -> hooks.Findings:
    """Return materials that match, by title first, then the latest uploaded."""
    rows = (
        select(
            Material.id,
            Material.title,
            Material.kind.label("sort"),
            Material.filename,
            Material.uploaded_at,
            Organisation.short_name,
        )
        .join(Organisation, Organisation.id == Material.organisation_id)
        .where(usable_by(person), Material.archived_at.is_(None))
    )
    found, total = look_up(rows, Material.id, SEARCH_KIND, typed, limit=limit, offset=offset)
    return hooks.Findings(
        [
            hooks.Found(
                row.id, row.title, [row.sort.label, row.short_name, row.filename], row.uploaded_at
            )
            for row in found
        ],
        total,
    )


SOURCE = hooks.Source(SEARCH_KIND, "资料", "materials.show", "material_id", 40, may_upload, find)
