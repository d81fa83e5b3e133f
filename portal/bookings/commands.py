"""`portal forget-contacts`: what the worker does each night, at once."""

import click

from portal.bookings import services
from portal.database import write_transaction


@click.command("forget-contacts")
def forget_contacts() -> None:
    """删除参观结束 90 天以上的联系人和电话（后台程序每晚自动做一次）。"""
    with write_transaction():
        count = services.forget_contacts()
    click.echo(f"已删除 {count} 次参观的联系人和电话。")
