"""`portal create-admins`: the first three administrators; `portal reset-password`: one of them.

No account exists that these commands or a system administrator did not make, and no password
that was not drawn for it.
"""

from dataclasses import dataclass

import click
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.database import db, write_transaction
from portal.errors import ConflictError, InvalidInputError, NotFoundError
from portal.people.models import Account, Person, PersonKind, Role
from portal.people.queries import written_username
from portal.people.services import PasswordRules, accounts, grants, hash_password, passwords
from portal.people.services.persons import sort_keys


@dataclass(frozen=True)
class _Post:
    """One of the three posts, and the option that names who fills it."""

    option: str
    role: Role


_POSTS = (
    _Post("sysadmin", Role.SYSTEM_ADMINISTRATOR),
    _Post("secadmin", Role.SECURITY_ADMINISTRATOR),
    _Post("auditor", Role.AUDITOR),
)


@click.command("create-admins")
@click.option("--sysadmin", metavar="用户名", help="系统管理员的用户名；不给出时询问。")
@click.option("--secadmin", metavar="用户名", help="安全管理员的用户名；不给出时询问。")
@click.option("--auditor", metavar="用户名", help="审计管理员的用户名；不给出时询问。")
def create_admins(**given: str | None) -> None:
    """首次安装时建立三员账号：系统管理员、安全管理员、审计管理员。

    每个账号的一次性密码只在屏幕上显示一次，首次登录必须修改。已有三员时不再建立。
    """
    if grants.administrators_exist():
        raise ConflictError("已经有三员账号，没有再建立。")
    usernames = {post: _username(post, given[post.option]) for post in _POSTS}
    if len(set(usernames.values())) < len(_POSTS):
        raise InvalidInputError("三个用户名不能相同：三员必须由不同的人担任。")
    drawn = {post: passwords.one_time_password() for post in _POSTS}
    hashes = {post: hash_password(password) for post, password in drawn.items()}
    with write_transaction():
        if grants.administrators_exist():
            raise ConflictError("已经有三员账号，没有再建立。")
        for post, username in usernames.items():
            _make(post, username, hashes[post])
    for post, username in usernames.items():
        click.echo(f"{post.role.label}  用户名 {username}  一次性密码 {drawn[post]}")
    click.echo("请分别交给三个不同的人；密码不再显示，首次登录必须修改。")


@click.command("reset-password")
@click.argument("username", metavar="用户名")
def reset_password(username: str) -> None:
    """给一个账号重置一次性密码（三员的密码只能这样重置）。"""
    name = written_username(username)
    password = passwords.one_time_password()
    password_hash = hash_password(password)
    with write_transaction():
        account = db.session.scalar(
            select(Account).where(Account.username == name).options(joinedload(Account.person))
        )
        if account is None:
            raise NotFoundError(f"没有用户名为“{name}”的账号。")
        accounts.reset_password(
            account=account,
            new_hash=password_hash,
            rules=PasswordRules.from_settings(current_app.config),
            actor=None,
        )
    click.echo(f"用户名 {name}  一次性密码 {password}")
    click.echo("密码不再显示，首次登录必须修改；原来的登录已全部退出。")


def _username(post: _Post, given: str | None) -> str:
    if given is None:
        try:
            given = click.prompt(f"{post.role.label}的用户名", default=post.option, err=True)
        except click.Abort as error:
            raise InvalidInputError(
                "没有得到用户名，什么也没有建立。请用 --sysadmin、--secadmin、--auditor 给出。"
            ) from error
    try:
        return accounts.checked_username(given)
    except InvalidInputError as error:
        raise InvalidInputError(f"{post.role.label}：{error.message}") from error


def _make(post: _Post, username: str, password_hash: str) -> None:
    name = post.role.label
    person = Person(name=name, kind=PersonKind.GUEST, **sort_keys(name))
    db.session.add(person)
    db.session.flush()
    accounts.create_account(
        person=person,
        username=username,
        password_hash=password_hash,
        is_confirmed=True,
        actor=None,
    )
    grants.make_administrator(person=person, role=post.role)
