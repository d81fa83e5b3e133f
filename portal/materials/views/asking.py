"""What the address asks of the library. Nonsense asks for nothing."""

from collections.abc import Collection

from flask import request

from portal.materials.filters import Filters
from portal.materials.models import MaterialKind
from portal.web.forms import trimmed
from portal.web.numbers import asked_number


def asked_filters(within: Collection[MaterialKind] | None = None) -> Filters:
    """Return the filters of this request; only kinds `within` are found."""
    kind = request.args.get("kind", "")
    kinds = frozenset(within) if within is not None else None
    if kind in set(MaterialKind) and (kinds is None or MaterialKind(kind) in kinds):
        kinds = frozenset({MaterialKind(kind)})
    return Filters(
        q=(trimmed(request.args.get("q")) or "")[:100],
        kinds=kinds,
        org=asked_number("org"),
        is_archived=request.args.get("state") == "archived",
    )
