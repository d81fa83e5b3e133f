"""`portal forget-answers`: delete what was typed into exercises once its day has come, at once."""

import click

from portal.database import write_transaction
from portal.exercises import services


@click.command("forget-answers")
def forget_answers() -> None:
    """删除到期的练习填写内容，只留不含姓名的统计数（后台程序每晚自动做一次）。"""
    with write_transaction():
        count = services.delete_expired()
    click.echo(f"已删除 {count} 次练习的填写内容。")
