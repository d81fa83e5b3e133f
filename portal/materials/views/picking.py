"""Attaching materials to something of a room above: choose from the library, or upload here.

The room has a page with the macros of `materials/_picker.html`, and one POST view:

    @bp.post("/<int:event_id>/materials")
    @signed_in
    @takes_files
    def attach(event_id: int) -> Response:
        hosted(event_id)                                   # rights first
        received = picking.received()                      # files are looked at, no transaction
        with write_transaction():
            event = hosted(event_id, to_change=True)
            chosen = picking.chosen(received, owner=event.host)
            ...
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from flask import request

from portal.errors import InvalidInputError
from portal.materials import queries, services, settings
from portal.materials.filters import Filters
from portal.materials.judging import KINDS_TAKEN
from portal.materials.limits import Limits
from portal.materials.models import Material, MaterialKind
from portal.materials.services import Prepared
from portal.materials.views.asking import asked_filters
from portal.paging import Page
from portal.people.access import current_person, current_reader
from portal.people.models import Organisation
from portal.web.numbers import asked_number, row_numbers

_MOST_CHOSEN = 100


@dataclass(frozen=True)
class Picking:
    """What a picker shows: what the library has, and what may be uploaded."""

    found: Page[Material]
    filters: Filters
    kinds: Sequence[MaterialKind]
    limits: Limits
    taken_ids: frozenset[int]

    @property
    def accept(self) -> str:
        """What a file picker is to offer."""
        return accept(self.kinds)


@dataclass(frozen=True)
class Received:
    """Files of a form that were looked at, and those that were refused: name and sentence."""

    prepared: list[Prepared] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def accept(kinds: Collection[MaterialKind]) -> str:
    """Return the endings of these kinds, as a file input takes them."""
    return ",".join(f".{ending}" for kind in kinds for ending in KINDS_TAKEN[kind])


def picking(
    *, kinds: Collection[MaterialKind] = tuple(MaterialKind), taken_ids: Collection[int] = ()
) -> Picking:
    """Return what the picker shows for this request: `q`, `kind` and `page` of its address."""
    filters = asked_filters(kinds)
    found = queries.page_of_library(current_reader(), filters, asked_number("page") or 1)
    ordered = [kind for kind in MaterialKind if kind in kinds]
    return Picking(found, filters, ordered, settings.limits(), frozenset(taken_ids))


def received(kinds: Collection[MaterialKind] | None = None, *, name: str = "file") -> Received:
    """Look at the files of this form; call outside of any transaction."""
    found = Received()
    for sent in request.files.getlist(name):
        if not sent.filename:
            continue
        try:
            found.prepared.append(
                services.prepare(filename=sent.filename, stream=sent.stream, kinds=kinds)
            )
        except InvalidInputError as error:
            found.refused.append((sent.filename, error.message))
    return found


def chosen(
    received: Received,
    *,
    owner: Organisation,
    kinds: Collection[MaterialKind] | None = None,
    name: str = "material",
) -> list[Material]:
    """Keep what was uploaded, and return it behind what was ticked; call in a transaction."""
    reader = current_person()
    ids = row_numbers(request.form.getlist(name))[:_MOST_CHOSEN]
    ticked = queries.materials_usable_by(reader, ids, kinds) if ids else []
    made = [
        services.keep(prepared=prepared, owner=owner, actor=reader)
        for prepared in received.prepared
    ]
    return list({material.id: material for material in [*ticked, *made]}.values())
