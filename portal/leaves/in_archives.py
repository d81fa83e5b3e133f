"""What leave puts into a year archive: who missed what, what was made up, and the proofs."""

from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from flask import Flask

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Paper, Year
from portal.events.in_archives import copied, folder_of
from portal.events.models import Event
from portal.leaves import list_xlsx, queries
from portal.leaves.models import MakeUp
from portal.materials.names import download_name


def _papers(year: Year) -> Sequence[Paper]:
    lists = [_list(event, year) for event in queries.events_missed(year)]
    return [*lists, *(paper for made in queries.proofs(year) for paper in _proof(made, year))]


def _list(event: Event, year: Year) -> Paper:
    return Paper(
        folder=folder_of(event, year),
        name="请假补课.xlsx",
        label="请假补课",
        day=clock.local(event.starts_at).date(),
        about=event.title,
        write=partial(_write, event.id, event.title),
        is_written=True,
    )


def _write(event_id: int, title: str, file: BinaryIO) -> None:
    list_xlsx.write(f"{title} 请假补课", queries.filed(event_id), file)


def _proof(made: MakeUp, year: Year) -> list[Paper]:
    if made.material is None:
        return []
    stored = made.material.file
    return [
        Paper(
            folder=folder_of(made.event, year),
            name=download_name(f"补课凭据 {made.person.name}", stored.extension),
            label="补课凭据",
            day=made.made_on,
            about=f"{made.person.name}：{made.event.title}",
            write=partial(copied, stored.digest),
        )
    ]


_SOURCE = hooks.Source("leaves", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE not in hooks.sources:
        hooks.sources.append(_SOURCE)
