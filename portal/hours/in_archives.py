"""What hours put into a year archive: the table of all members; and training that waits."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.database import db
from portal.hours import list_xlsx, queries
from portal.hours.kinds import TrainingState
from portal.hours.models import HourEntry, Training
from portal.people.models import Membership, Organisation
from portal.people.queries import begins_with

_FOLDER = "学时"


def _papers(year: Year) -> Sequence[Paper]:
    has_any = exists().where(
        HourEntry.year == year.number,
        HourEntry.is_confirmed,
        begins_with(HourEntry.unit_path, year.path),
    )
    wanted = select(Organisation).where(Organisation.path == year.path, has_any)
    found = db.session.scalar(wanted)
    if found is None:
        return []
    return [
        Paper(
            folder=_FOLDER,
            name=f"{year.number}年学时统计表.xlsx",
            label="学时统计表",
            day=date(year.number, 12, 31),
            about=f"{year.number}年学时",
            write=partial(_table, found.id, year.number),
            is_written=True,
        )
    ]


def _table(organisation_id: int, year: int, file: BinaryIO) -> None:
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        return
    list_xlsx.write(
        title=f"{organisation.name}{year}年学时统计表",
        line=f"单位：{organisation.name}　年度：{year}",
        members=queries.members(organisation, year, queries.thresholds()),
        file=file,
    )


def _matters(path: str, most: int) -> Sequence[Matter]:
    below = (
        select(Membership.person_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.valid_to.is_(None), begins_with(Organisation.path, path))
    )
    rows = db.session.scalars(
        select(Training)
        .where(Training.state == TrainingState.WAITING, Training.person_id.in_(below))
        .order_by(Training.entered_at, Training.id)
        .limit(most)
        .options(joinedload(Training.person))
    )
    return [
        Matter(
            label="其他培训待认定",
            title=f"{training.person.name}：{training.title}",
            day=training.starts_on,
            address=url_for("hours.training", training_id=training.id),
        )
        for training in rows
    ]


_SOURCE = hooks.Source("hours", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE in hooks.sources:
        return
    hooks.sources.append(_SOURCE)
    hooks.matters.append(_matters)
