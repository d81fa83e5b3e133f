"""`portal worker`: background work until it is stopped."""

import click
from flask import current_app

from portal.errors import PortalError
from portal.jobs.worker import Worker
from portal.web.health import pending_migrations


@click.command("worker")
def work() -> None:
    """运行后台程序：预览、定时提醒和清理（portal serve 默认已带一个）。"""
    if pending_migrations():
        raise PortalError("数据库还没有升级到当前版本，请先运行 portal db upgrade。")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    Worker(app).run(ready=lambda: click.echo("后台程序已启动，按 Ctrl+C 或发送 SIGTERM 停止。"))
