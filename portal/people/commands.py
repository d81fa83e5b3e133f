"""`portal import organisations FILE` and `portal import people FILE`, with --dry-run."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from portal.database import db, write_transaction
from portal.errors import InvalidInputError
from portal.people.imports import limits
from portal.people.imports.columns import Table
from portal.people.imports.plan import Plan, Progress
from portal.people.imports.services import ORGANISATIONS, PEOPLE, Importing, file_facts

_FILE = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
_DRY_RUN = click.option("--dry-run", is_flag=True, help="只检查并报告，不写入。")


@click.group("import")
def import_group() -> None:
    """从 .xlsx 或 .csv 文件导入组织和人员。"""


@import_group.command("organisations")
@_FILE
@_DRY_RUN
def organisations(file: Path, dry_run: bool) -> None:
    """导入组织：编码、名称、类型、上级。"""
    _import(ORGANISATIONS, file, dry_run=dry_run)


@import_group.command("people")
@_FILE
@_DRY_RUN
def people(file: Path, dry_run: bool) -> None:
    """导入党员花名册：姓名、所在党组织等。先导入组织。"""
    _import(PEOPLE, file, dry_run=dry_run)


def _import(importing: Importing[Any], file: Path, *, dry_run: bool) -> None:
    """Take every row that can be taken, in one transaction, and report on the others."""
    content = _content(file)
    table = importing.read(content)
    with _progress(table) as progress:
        if dry_run:
            plan = importing.preview(table, progress=progress)
            db.session.rollback()
        else:
            facts = file_facts(file.name, content)
            with write_transaction():
                plan = importing.write(table, file=facts, actor=None, progress=progress)
    _report(plan, dry_run=dry_run)


def _content(file: Path) -> bytes:
    if file.stat().st_size > limits.MOST_FILE_BYTES:
        raise InvalidInputError(limits.FILE_TOO_BIG)
    return file.read_bytes()


@contextmanager
def _progress(table: Table) -> Iterator[Progress]:
    """Show a bar on stderr: each row is planned, then most of them are written."""
    length = 2 * len(table.rows)
    with click.progressbar(length=length, label="导入", file=sys.stderr) as bar:
        yield bar.update
        bar.update(length - bar.pos)


def _report(plan: Plan[Any], *, dry_run: bool) -> None:
    layout = plan.table.layout
    for column in layout.dropped:
        click.echo(f"不保存：{column.letter}列“{column.header}”（{column.reason}）")
    for column in layout.ignored:
        click.echo(f"未读取：{column.letter}列“{column.header}”（{column.reason}）")
    for sheet in plan.table.unread_sheets:
        click.echo(f"未读取：工作表“{sheet}”")
    for refusal in plan.in_order():
        click.echo(f"第 {refusal.row} 行，{refusal.column}：{refusal.reason}")
    if dry_run:
        click.echo("只是检查，没有写入。")
    click.echo(str(plan.counts))
