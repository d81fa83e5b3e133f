"""What cases put into a year archive: the list with every step, the papers; and what is open."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import BinaryIO

from flask import Flask, url_for
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock
from portal.archives import hooks
from portal.archives.hooks import Matter, Paper, Year
from portal.cases.exchange import year_xlsx
from portal.cases.models import Case, CaseHelper, CaseMaterial, CasePhase, CaseStep
from portal.cases.queries import IS_OPEN
from portal.database import db
from portal.events.in_archives import copied
from portal.materials.models import Material
from portal.materials.names import download_name
from portal.people.models import Organisation
from portal.people.queries import begins_with

_FOLDER = "问题建议"
_BATCH = 200


def _in_year(year: Year) -> ColumnElement[bool]:
    """Return the condition that a case was taken down in the year; join its organisation."""
    return and_(
        begins_with(Organisation.path, year.path),
        Case.opened_at >= year.begins_at,
        Case.opened_at < year.ends_at,
    )


def _papers(year: Year) -> Sequence[Paper]:
    of_year = (
        select(Case.id)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(_in_year(year))
    )
    if db.session.scalar(of_year.limit(1)) is None:
        return []
    title = f"{year.number}年问题建议清单"
    whole = Paper(
        folder=_FOLDER,
        name=f"{title}.xlsx",
        label="问题建议清单",
        day=date(year.number, 12, 31),
        about=title,
        write=partial(_list, year, title),
        is_written=True,
    )
    attached = db.session.execute(
        select(CaseMaterial, Case)
        .join(Case, Case.id == CaseMaterial.case_id)
        .where(CaseMaterial.case_id.in_(of_year))
        .order_by(CaseMaterial.case_id, CaseMaterial.id)
        .options(joinedload(CaseMaterial.material).joinedload(Material.file))
    )
    return [whole, *(_paper(case, row.material) for row, case in attached)]


def _paper(case: Case, material: Material) -> Paper:
    return Paper(
        folder=f"{_FOLDER} {case.number} 附件",
        name=download_name(material.title, material.file.extension),
        label="附件",
        day=clock.local(case.opened_at).date(),
        about=f"{case.number} {case.headline}",
        write=partial(copied, material.file.digest),
    )


def _list(year: Year, title: str, file: BinaryIO) -> None:
    year_xlsx.write(_cases(year), file, title=title)


def _cases(year: Year) -> Iterator[tuple[Case, Sequence[CaseStep]]]:
    """Yield the cases of a year with their steps, some at a time."""
    last = 0
    while True:
        found = db.session.scalars(
            select(Case)
            .join(Case.organisation)
            .where(_in_year(year), Case.id > last)
            .order_by(Case.id)
            .limit(_BATCH)
            .options(
                contains_eager(Case.organisation),
                joinedload(Case.lead),
                joinedload(Case.lead_person),
                joinedload(Case.statement),
                selectinload(Case.helpers).joinedload(CaseHelper.organisation),
            )
        ).all()
        if not found:
            return
        last = found[-1].id
        steps: dict[int, list[CaseStep]] = {case.id: [] for case in found}
        for step in db.session.scalars(
            select(CaseStep)
            .where(CaseStep.case_id.in_(steps))
            .order_by(CaseStep.id)
            .options(joinedload(CaseStep.actor), joinedload(CaseStep.unit))
        ):
            steps[step.case_id].append(step)
        yield from ((case, steps[case.id]) for case in found)
        db.session.expunge_all()


def _matters(path: str, most: int) -> Sequence[Matter]:
    rows = db.session.scalars(
        select(Case)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .where(IS_OPEN, begins_with(Organisation.path, path))
        .order_by(Case.due_at, Case.id)
        .limit(most)
    )
    return [
        Matter(
            label=f"问题建议没有销号（{CasePhase(case.state.value).label}）",
            title=f"{case.number} {case.headline}",
            day=clock.local(case.due_at).date(),
            address=url_for("cases.show", case_id=case.id),
        )
        for case in rows
    ]


_SOURCE = hooks.Source("cases", _papers)


def init_app(_app: Flask) -> None:
    """Take part in year archives."""
    if _SOURCE in hooks.sources:
        return
    hooks.sources.append(_SOURCE)
    hooks.matters.append(_matters)
