"""Settings: `PORTAL_*` variables over `instance/config.py` over the defaults below."""

import os
import secrets
from pathlib import Path
from typing import Any

from flask import Flask

from portal.errors import ConfigurationError

ENVIRONMENTS = ("demo", "production", "test")

DEFAULTS: dict[str, Any] = {
    "PORTAL_ENV": "demo",
    "PORTAL_NAME": "社区党建活动门户",
    "PORTAL_DATABASE_URL": "",
    "PORTAL_REDIS_URL": "",
    "PORTAL_TRUSTED_PROXIES": 0,
    "PORTAL_WORKERS": 2,
    "PORTAL_THREADS": 8,
    # Session limits, minutes (GB/T 22239-2019, identity authentication b; DOMAIN 3.1).
    "PORTAL_SESSION_IDLE_MINUTES": 30,
    "PORTAL_SESSION_ABSOLUTE_MINUTES": 12 * 60,
    # Secure cookies need HTTPS; a first look on 127.0.0.1 has none.
    "PORTAL_SECURE_COOKIES": False,
    # Test only: switches the capacity lock off, to show that the tests would notice.
    "PORTAL_TEST_UNGUARDED": False,
    "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
    "SESSION_COOKIE_NAME": "portal",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_TIME_LIMIT": None,
    "WTF_I18N_ENABLED": False,  # the messages come from WTForms' own Chinese catalogue
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
}


def init_app(app: Flask, overrides: dict[str, Any] | None = None) -> None:
    """Fill `app.config`; raise ConfigurationError when production lacks what it must have."""
    app.config.from_mapping(DEFAULTS)
    app.config.from_pyfile(str(Path(app.instance_path) / "config.py"), silent=True)
    _read_environment(app)
    app.config.update(overrides or {})
    _check(app)


def _read_environment(app: Flask) -> None:
    for key, default in list(app.config.items()):
        if not key.startswith("PORTAL_") or key not in os.environ:
            continue
        app.config[key] = _converted(key, os.environ[key], default)
    if "PORTAL_SECRET_KEY" in os.environ:
        app.config["PORTAL_SECRET_KEY"] = os.environ["PORTAL_SECRET_KEY"]


def _converted(key: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        return text.strip().lower() in {"1", "true", "yes", "on"}
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError as error:
            raise ConfigurationError(f"{key} 应当是整数，现在是“{text}”。") from error
    return text


def _check(app: Flask) -> None:
    environment = app.config["PORTAL_ENV"]
    if environment not in ENVIRONMENTS:
        raise ConfigurationError(
            f"PORTAL_ENV 只能是 {'、'.join(ENVIRONMENTS)} 之一，现在是“{environment}”。"
        )
    app.config["SECRET_KEY"] = _secret_key(app)
    app.config["SESSION_COOKIE_SECURE"] = bool(app.config["PORTAL_SECURE_COOKIES"])
    if app.config["PORTAL_TEST_UNGUARDED"] and environment != "test":
        raise ConfigurationError("PORTAL_TEST_UNGUARDED 只能在测试环境中使用。")
    if not app.config["PORTAL_DATABASE_URL"]:
        path = Path(app.instance_path) / "portal.sqlite"
        app.config["PORTAL_DATABASE_URL"] = f"sqlite:///{path}"


def _secret_key(app: Flask) -> str:
    given = app.config.get("PORTAL_SECRET_KEY")
    if given:
        return str(given)
    if app.config["PORTAL_ENV"] == "production":
        raise ConfigurationError("生产环境必须设置 PORTAL_SECRET_KEY，门户没有启动。")
    return _kept_key(Path(app.instance_path) / "secret_key")


def _kept_key(path: Path) -> str:
    """Return the key that this installation made for itself on its first start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
