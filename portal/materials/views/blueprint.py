"""The blueprint of stored files and the library of materials, and the way in to one of them."""

from flask import Blueprint

from portal.materials import policies, queries
from portal.materials.models import Material
from portal.people.access import current_reader, require

bp = Blueprint("materials", __name__, url_prefix="/materials")

_NOT_KEEPER = "只有资料所属组织的书记、记录人和上传的人可以办理这件事。"


def kept(material_id: int, *, to_change: bool = True) -> Material:
    """Return a material that the reader keeps, its row locked when it is `to_change`.

    Unknown or not to be known is NotFoundError; read but not kept is ForbiddenError.
    """
    reader = current_reader()
    find = queries.material_to_change if to_change else queries.material_read_by
    material = find(reader, material_id)
    require(policies.may_keep(reader, material), _NOT_KEEPER)
    return material
