"""The `portal` command: exit 0 done, 1 failed with one sentence on stderr, 2 wrong usage."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask, current_app
from flask.cli import FlaskGroup, ScriptInfo
from flask_migrate import Migrate, upgrade
from sqlalchemy.exc import OperationalError, ProgrammingError

import portal
from portal import server
from portal.admin.commands import create_admins, reset_password
from portal.audit import services as audit
from portal.bookings.commands import forget_contacts
from portal.database import db, write_transaction
from portal.demo.commands import demo
from portal.errors import PortalError
from portal.exercises.commands import forget_answers
from portal.jobs.commands import work
from portal.materials import services as materials
from portal.people.commands import import_group
from portal.web.health import concerned_about, pending_migrations

MIGRATIONS = Path(__file__).parent / "migrations"

migrate = Migrate(directory=str(MIGRATIONS), compare_type=True, render_as_batch=True)


@click.command("serve")
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", envvar="PORT", default=8000, show_default=True, help="端口")
@click.option(
    "--worker/--no-worker",
    default=None,
    help="是否同时运行后台程序（默认按设置 PORTAL_WORKER_BESIDE，即运行）",
)
def serve(host: str, port: int, worker: bool | None) -> None:
    """用正式的服务程序运行门户，旁边带一个后台程序。"""
    if pending_migrations():
        raise PortalError("数据库还没有升级到当前版本，请先运行 portal db upgrade。")
    if worker is None:
        worker = bool(current_app.config["PORTAL_WORKER_BESIDE"])
    server.run(host=host, port=port, has_worker=worker)


@click.command("verify-audit")
def verify_audit() -> None:
    """逐条核对审计记录链。"""
    count, fault = audit.verify()
    if fault is not None:
        raise PortalError(f"审计记录链不完整：{fault.reason}。")
    click.echo(f"审计记录链完整，共 {count} 条。")


@click.command("sweep-files")
def sweep_files() -> None:
    """清理没有传完的上传和没有人用的文件。"""
    with write_transaction():
        swept = materials.sweep()
    click.echo(f"清理了 {swept.uploads} 个没有传完的上传、{swept.files} 个没有人用的文件。")


@click.command("health")
def health() -> None:
    """检查数据库是否可用、是否为最新版本。"""
    try:
        behind = pending_migrations()
    except OperationalError as error:
        raise PortalError("连接不上数据库。") from error
    if behind:
        raise PortalError("数据库还没有升级到当前版本，请运行 portal db upgrade。")
    said = concerned_about()
    if said:
        raise PortalError("".join(said))
    click.echo("正常")


def init_app(app: Flask) -> None:
    """Register the commands of the house and of its rooms, and migrations as `portal db`."""
    migrate.init_app(app, db)
    commands = (
        serve,
        work,
        verify_audit,
        health,
        sweep_files,
        import_group,
        demo,
        create_admins,
        reset_password,
        forget_answers,
        forget_contacts,
    )
    for command in commands:
        app.cli.add_command(command)


class _Group(FlaskGroup):
    """Flask's group, but settings that cannot work are one sentence, never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        ctx.ensure_object(ScriptInfo).load_app()
        return super().list_commands(ctx)


group = _Group(
    name="portal",
    create_app=lambda: portal.create_app(),  # noqa: PLW0108  not yet defined while this is read
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="社区党建活动门户的管理命令。",
)


def main() -> None:
    """Run a command; a refusal is one sentence on stderr and status 1."""
    try:
        group.main(standalone_mode=True)
    except PortalError as error:
        _fail(error.message)
    except (OperationalError, ProgrammingError):
        _fail("数据库不可用，或者还没有升级到当前版本（portal db upgrade）。")
    except OSError as error:
        _fail(f"读写失败：{error.filename or ''} {error.strerror or error}。")


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def upgrade_database() -> None:
    """Bring the current application's database to the newest version."""
    upgrade(directory=str(current_app.extensions["migrate"].directory))
