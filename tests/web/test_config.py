"""Settings: variables over the file over the defaults; safe where it matters."""

from pathlib import Path

import pytest

from portal import create_app
from portal.errors import ConfigurationError


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PORTAL_INSTANCE_PATH", str(tmp_path))
    return tmp_path


def test_variables_win_over_the_file_and_the_file_over_defaults(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (instance / "config.py").write_text(
        "PORTAL_THREADS = 3\nPORTAL_WORKERS = 5\n", encoding="utf-8"
    )
    monkeypatch.setenv("PORTAL_THREADS", "4")
    config = create_app().config
    assert (config["PORTAL_THREADS"], config["PORTAL_WORKERS"]) == (4, 5)
    assert config["PORTAL_LOCK_MINUTES"] == 30


@pytest.mark.parametrize(
    ("environment", "given", "secure"),
    [
        ("demo", None, False),
        ("production", None, True),
        ("production", "0", False),
        ("demo", "1", True),
        ("demo", "on", True),
    ],
)
def test_cookies_are_for_https_in_production_unless_it_is_said_otherwise(
    instance: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: str,
    given: str | None,
    secure: bool,
) -> None:
    monkeypatch.setenv("PORTAL_ENV", environment)
    monkeypatch.setenv("PORTAL_SECRET_KEY", "k" * 40)
    if given is not None:
        monkeypatch.setenv("PORTAL_SECURE_COOKIES", given)
    assert create_app().config["SESSION_COOKIE_SECURE"] is secure


def test_a_first_look_makes_its_own_key_and_keeps_it(instance: Path) -> None:
    first = create_app().config["SECRET_KEY"]
    assert len(first) == 64
    assert create_app().config["SECRET_KEY"] == first
    assert (instance / "secret_key").stat().st_mode & 0o077 == 0


def test_production_never_makes_up_a_key(instance: Path) -> None:
    with pytest.raises(ConfigurationError, match="PORTAL_SECRET_KEY"):
        create_app(PORTAL_ENV="production")
    assert not (instance / "secret_key").exists()
