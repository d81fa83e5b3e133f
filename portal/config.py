"""Settings: `PORTAL_*` variables over `instance/config.py` over the defaults below."""

import os
import secrets
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.errors import ConfigurationError

ENVIRONMENTS = ("demo", "production", "test")

# Settings that are on or off though their default is neither.
SWITCHES = frozenset({"PORTAL_SECURE_COOKIES"})
# Figures for which 0 has a meaning: none, never, or any.
MAY_BE_NONE = frozenset(
    {
        "PORTAL_TRUSTED_PROXIES",
        "PORTAL_LOCK_ADDRESS_USERNAMES",
        "PORTAL_PASSWORD_MAX_AGE_DAYS",
        "PORTAL_PASSWORD_ONE_TIME_DAYS",
        "PORTAL_PASSWORD_HISTORY",
        "PORTAL_ROLL_OPENS_MINUTES",
        "PORTAL_LATE_AFTER_MINUTES",
        "PORTAL_CODE_CLOSES_MINUTES",
        "PORTAL_MEETINGS_PER_WEEK",
        "PORTAL_WATCHERS_SHARE_MS",
    }
)

DEFAULTS: dict[str, Any] = {
    "PORTAL_ENV": "demo",
    "PORTAL_NAME": "社区党建活动门户",
    "PORTAL_DATABASE_URL": "",
    "PORTAL_REDIS_URL": "",
    "PORTAL_TRUSTED_PROXIES": 0,
    "PORTAL_WORKERS": 2,
    "PORTAL_THREADS": 8,
    # `portal serve` keeps one background worker beside it; 0 where `portal worker` runs by itself.
    "PORTAL_WORKER_BESIDE": True,
    # Session limits, minutes (GB/T 22239-2019, identity authentication b; DOMAIN 3.1).
    "PORTAL_SESSION_IDLE_MINUTES": 30,
    "PORTAL_SESSION_ABSOLUTE_MINUTES": 12 * 60,
    # Failures that lock an account, user names that lock an address (0 = never), and how long.
    "PORTAL_LOCK_FAILURES": 5,
    "PORTAL_LOCK_ADDRESS_USERNAMES": 5,
    "PORTAL_LOCK_MINUTES": 30,
    # Passwords (identity authentication a): characters, kinds of characters of four, how many
    # former ones are remembered, days until a change and until an unused one-time password
    # is worthless (0 = never).
    "PORTAL_PASSWORD_LENGTH": 8,
    "PORTAL_PASSWORD_LENGTH_ADMINISTRATORS": 10,
    "PORTAL_PASSWORD_CLASSES": 3,
    "PORTAL_PASSWORD_HISTORY": 5,
    "PORTAL_PASSWORD_MAX_AGE_DAYS": 90,
    "PORTAL_PASSWORD_ONE_TIME_DAYS": 14,
    # Meetings in a week from which on the units that are called are pointed out before another
    # is published (a warning; 0 = only what is at the same hour).
    "PORTAL_MEETINGS_PER_WEEK": 2,
    # The roll, minutes: opens before the start, late after it, code closes after the end.
    "PORTAL_ROLL_OPENS_MINUTES": 60,
    "PORTAL_LATE_AFTER_MINUTES": 10,
    "PORTAL_CODE_CLOSES_MINUTES": 30,
    # All who watch a roll share what was counted in so many thousandths of a second.
    "PORTAL_WATCHERS_SHARE_MS": 400,
    # The projected code changes after so many seconds; the one before it holds as well.
    "PORTAL_CODE_SECONDS": 20,
    # Personal passes are good for so many days.
    "PORTAL_PASS_DAYS": 180,
    # What one device may send, and how many wrong tokens one address may try, a minute.
    "PORTAL_API_PER_MINUTE": 600,
    "PORTAL_API_WRONG_TOKENS": 20,
    # How many codes of certificates one address may check a minute.
    "PORTAL_HOURS_CHECKS": 20,
    # Figures: public leave counts as attendance (DOMAIN 5.1: it does not).
    "PORTAL_PUBLIC_LEAVE_COUNTS": False,
    # Files: the largest of each kind in MB, the largest picture in millions of pixels; what one
    # account may keep in all, how many uploads of it may be under way, and for how many hours.
    "PORTAL_MAX_PICTURE_MB": 20,
    "PORTAL_MAX_DOCUMENT_MB": 100,
    "PORTAL_MAX_AUDIO_MB": 200,
    "PORTAL_MAX_VIDEO_MB": 1024,
    "PORTAL_MAX_PICTURE_MEGAPIXELS": 60,
    "PORTAL_QUOTA_MB": 20 * 1024,
    "PORTAL_MAX_UPLOADS": 20,
    "PORTAL_UPLOAD_HOURS": 24,
    # Every file is shown to clamd there first: path of its socket, or host:port. Empty: to none.
    "PORTAL_CLAMD": "",
    # LibreOffice, which makes previews of office files. Empty: `soffice` of the search path.
    "PORTAL_SOFFICE": "",
    # Files are sent by the proxy from this internal address (nginx, X-Accel-Redirect).
    "PORTAL_X_ACCEL": "",
    # Feedback: days open after an event unless its host says otherwise, answers it takes until
    # results are shown.
    "PORTAL_FEEDBACK_DAYS": 7,
    "PORTAL_FEEDBACK_LEAST_ANSWERS": 3,
    # Months from one review of a demonstration site to the next (DOMAIN 2.11: set by the buyer).
    "PORTAL_SITE_REVIEW_MONTHS": 12,
    # Secure cookies need HTTPS: None means in production yes, on a first look at 127.0.0.1 no
    # (docs/decisions/0007).
    "PORTAL_SECURE_COOKIES": None,
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
    _read_file(app)
    _read_environment(app)
    app.config.update(overrides or {})
    _check(app)


def _read_file(app: Flask) -> None:
    path = Path(app.instance_path) / "config.py"
    try:
        app.config.from_pyfile(str(path), silent=True)
    except Exception as error:
        raise ConfigurationError(f"{path} 读不出来：{error}。") from error


def _read_environment(app: Flask) -> None:
    for key, default in list(app.config.items()):
        if not key.startswith("PORTAL_") or key not in os.environ:
            continue
        app.config[key] = _converted(key, os.environ[key], default)
    if "PORTAL_SECRET_KEY" in os.environ:
        app.config["PORTAL_SECRET_KEY"] = os.environ["PORTAL_SECRET_KEY"]


def _converted(key: str, text: str, default: object) -> object:
    if isinstance(default, bool) or key in SWITCHES:
        return _switched(key, text)
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError as error:
            raise ConfigurationError(f"{key} 应当是整数，现在是“{text}”。") from error
    return text


def _switched(key: str, text: str) -> bool:
    word = text.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ConfigurationError(f"{key} 应当是 1 或 0，现在是“{text}”。")


def _check(app: Flask) -> None:
    environment = app.config["PORTAL_ENV"]
    if environment not in ENVIRONMENTS:
        raise ConfigurationError(
            f"PORTAL_ENV 只能是 {'、'.join(ENVIRONMENTS)} 之一，现在是“{environment}”。"
        )
    app.config["SECRET_KEY"] = _secret_key(app)
    if app.config["PORTAL_SECURE_COOKIES"] is None:
        app.config["PORTAL_SECURE_COOKIES"] = environment == "production"
    app.config["SESSION_COOKIE_SECURE"] = bool(app.config["PORTAL_SECURE_COOKIES"])
    if app.config["PORTAL_TEST_UNGUARDED"] and environment != "test":
        raise ConfigurationError("PORTAL_TEST_UNGUARDED 只能在测试环境中使用。")
    if not app.config["PORTAL_DATABASE_URL"]:
        path = Path(app.instance_path) / "portal.sqlite"
        app.config["PORTAL_DATABASE_URL"] = f"sqlite:///{path}"
    _check_figures(app)
    _check_database_url(str(app.config["PORTAL_DATABASE_URL"]))


def _check_figures(app: Flask) -> None:
    for key, default in DEFAULTS.items():
        if isinstance(default, bool) or not isinstance(default, int):
            continue
        given = app.config[key]
        least = 0 if key in MAY_BE_NONE else 1
        if isinstance(given, bool) or not isinstance(given, int) or given < least:
            raise ConfigurationError(f"{key} 应当是不小于 {least} 的整数，现在是“{given}”。")


def _check_database_url(url: str) -> None:
    # The address may hold a password: it is not repeated.
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        raise ConfigurationError(
            "PORTAL_DATABASE_URL 应当以 sqlite:/// 或 postgresql:// 开头，现在的写法无法识别。"
        )


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
