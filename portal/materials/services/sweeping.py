"""Sweeping: uploads that nobody finishes, and bytes for which no row stands any more."""

from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import delete, select

from portal import clock
from portal.database import db
from portal.materials import queries, settings
from portal.materials.models import UploadUnderWay


class Swept(NamedTuple):
    """How much was swept."""

    uploads: int
    files: int


def sweep() -> Swept:
    """Remove what has expired and what nothing stands for; call inside a write transaction."""
    return Swept(sweep_uploads(), settings.files().sweep(queries.is_kept))


def sweep_uploads() -> int:
    """Remove uploads whose time is over, with what has arrived of them; return how many."""
    over = list(
        db.session.scalars(
            select(UploadUnderWay.key_hash).where(UploadUnderWay.expires_at <= clock.now())
        )
    )
    if over:
        db.session.execute(delete(UploadUnderWay).where(UploadUnderWay.key_hash.in_(over)))
    for key_hash in over:
        with suppress(FileNotFoundError):
            (settings.parts() / key_hash).unlink()
    return len(over)
