"""The `portal` command as an operator meets it: exit status, one sentence, nothing half done."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.commands import Done, portal
from tests.page import PASSWORD

NAMES = ("--sysadmin", "chief", "--secadmin", "guard", "--auditor", "reader")


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    (folder / "portal.sqlite").write_bytes(sqlite_template.read_bytes())
    return folder


def run(instance: Path, *words: str, typed: str = "", **settings: str) -> Done:
    return portal(instance, *words, typed=typed, **{"PORTAL_ENV": "demo", **settings})


def rows(instance: Path, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(f"sqlite:///{instance / 'portal.sqlite'}")
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def test_the_first_run_makes_three_administrators_and_no_second_does(instance: Path) -> None:
    done = run(instance, "create-admins", *NAMES)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[2] for line in lines[:3]] == ["chief", "guard", "reader"]
    drawn = [line.split()[-1] for line in lines[:3]]
    assert len(set(drawn)) == 3
    kept = rows(instance, "SELECT password_hash, must_change_password FROM account")
    assert all(str(kept_hash).startswith("$argon2id$") for kept_hash, _ in kept)
    assert all(must_change for _, must_change in kept)
    text_of_chain = str(rows(instance, "SELECT details FROM audit_entry"))
    assert not any(password in text_of_chain for password in drawn)
    again = run(instance, "create-admins", *NAMES)
    assert again.status == 1
    assert again.err.strip() == "已经有三员账号，没有再建立。"
    assert rows(instance, "SELECT count(*) FROM account") == [(3,)]
    checked = run(instance, "verify-audit")
    assert (checked.status, checked.out.strip()) == (0, "审计记录链完整，共 6 条。")


def test_user_names_are_asked_for(instance: Path) -> None:
    done = run(instance, "create-admins", typed="boss\n\nreader\n")
    assert done.status == 0, done.err
    assert [name for (name,) in rows(instance, "SELECT username FROM account ORDER BY id")] == [
        "boss",
        "secadmin",
        "reader",
    ]


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (("--sysadmin", "x"), "\n\n", "系统管理员：用户名要以字母开头"),
        (("--sysadmin", "one", "--secadmin", "one", "--auditor", "two"), "", "不能相同"),
        ((), "", "没有得到用户名"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    instance: Path, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    done = run(instance, "create-admins", *words, typed=typed)
    assert done.status == 1
    assert sentence in done.err
    assert "Traceback" not in done.err
    assert rows(instance, "SELECT count(*) FROM account") == [(0,)]


def test_a_password_is_reset_on_the_server(instance: Path) -> None:
    run(instance, "create-admins", *NAMES)
    before = rows(instance, "SELECT password_hash FROM account WHERE username = 'guard'")
    done = run(instance, "reset-password", "Guard")
    assert done.status == 0
    assert "一次性密码" in done.out
    assert rows(instance, "SELECT password_hash FROM account WHERE username = 'guard'") != before
    missing = run(instance, "reset-password", "nobody")
    assert missing.status == 1
    assert missing.err.strip() == "没有用户名为“nobody”的账号。"


def test_a_broken_chain_is_status_1_and_names_the_entry(instance: Path) -> None:
    run(instance, "create-admins", *NAMES)
    engine = create_engine(f"sqlite:///{instance / 'portal.sqlite'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_entry_no_update"))
        connection.execute(text("UPDATE audit_entry SET actor_name = '别人' WHERE id = 4"))
    engine.dispose()
    done = run(instance, "verify-audit")
    assert (done.status, done.out) == (1, "")
    assert done.err.strip() == "审计记录链不完整：第 4 条记录与原样不符。"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PORTAL_ENV": "production"}, "生产环境必须设置 PORTAL_SECRET_KEY，门户没有启动。"),
        ({"PORTAL_ENV": "staging"}, "PORTAL_ENV 只能是"),
        ({"PORTAL_THREADS": "many"}, "PORTAL_THREADS 应当是整数"),
        ({"PORTAL_THREADS": "0"}, "PORTAL_THREADS 应当是不小于 1 的整数"),
        ({"PORTAL_TRUSTED_PROXIES": "-1"}, "PORTAL_TRUSTED_PROXIES 应当是不小于 0"),
        ({"PORTAL_SECURE_COOKIES": "perhaps"}, "PORTAL_SECURE_COOKIES 应当是 1 或 0"),
        ({"PORTAL_DATABASE_URL": "mysql://u:secret@h/d"}, "PORTAL_DATABASE_URL 应当以"),
        ({"PORTAL_DATABASE_URL": "nonsense"}, "PORTAL_DATABASE_URL 应当以"),
        ({"PORTAL_TEST_UNGUARDED": "1"}, "PORTAL_TEST_UNGUARDED 只能在测试环境中使用。"),
    ],
)
def test_settings_that_cannot_work_are_one_sentence(
    instance: Path, settings: dict[str, str], sentence: str
) -> None:
    done = run(instance, "serve", **settings)
    assert (done.status, done.out) == (1, "")
    assert sentence in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert "secret" not in done.err


def test_a_settings_file_that_cannot_be_read_is_one_sentence(instance: Path) -> None:
    (instance / "config.py").write_text("PORTAL_THREADS = = 3\n", encoding="utf-8")
    done = run(instance, "health")
    assert done.status == 1
    assert "config.py 读不出来" in done.err
    assert "Traceback" not in done.err


def test_serving_waits_for_the_newest_database(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    done = run(tmp_path / "new", "serve")
    assert done.status == 1
    assert "portal db upgrade" in done.err


def test_a_database_out_of_reach_is_one_sentence(instance: Path) -> None:
    done = run(instance, "create-admins", *NAMES, PORTAL_DATABASE_URL="sqlite:////nowhere/x.sqlite")
    assert done.status == 1
    assert "数据库不可用" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [("nothing",), ("create-admins", "--what"), ("serve", "--port", "x"), ("import",)]
)
def test_wrong_usage_is_status_2(instance: Path, words: tuple[str, ...]) -> None:
    assert run(instance, *words).status == 2


@pytest.mark.parametrize(
    "command", ["serve", "health", "verify-audit", "create-admins", "reset-password", "demo"]
)
def test_every_command_explains_itself(instance: Path, command: str) -> None:
    done = run(instance, command, "--help")
    assert done.status == 0
    assert done.out.startswith("Usage:")


def test_a_fresh_installation_has_no_account_and_no_known_password(instance: Path) -> None:
    assert run(instance, "health").status == 0
    assert rows(instance, "SELECT count(*) FROM account") == [(0,)]
    run(instance, "create-admins", *NAMES)
    kept = str(rows(instance, "SELECT password_hash FROM account"))
    assert PASSWORD not in kept
