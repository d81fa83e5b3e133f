"""`portal demo`: fill an empty portal with the demo, all or nothing."""

import sys

import click
from flask import current_app

from portal.database import write_transaction
from portal.demo import services
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.errors import ConflictError, ForbiddenError


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="已有数据时什么也不做。")
def demo(if_empty: bool) -> None:
    """装入演示数据和演示账号（生产环境不可用）。"""
    if current_app.config["PORTAL_ENV"] == "production":
        raise ForbiddenError("生产环境不能装入演示数据。")
    with write_transaction():
        is_new = services.is_empty()
        if is_new:
            _fill()
        elif if_empty:
            return
        else:
            raise ConflictError("门户里已经有数据，没有装入演示数据；请换一个空的数据库。")
    if is_new:
        services.make_files()
    _show_accounts()


def _fill() -> None:
    with click.progressbar(length=1, label="装入演示数据", file=sys.stderr) as bar:

        def step(acts: int) -> None:
            bar.length = acts
            bar.update(1)

        services.fill(step)


def _show_accounts() -> None:
    click.echo(f"演示账号（密码都是 {PASSWORD}）：")
    for account in ACCOUNTS:
        click.echo(f"  {account.username:<12}{account.what}")
