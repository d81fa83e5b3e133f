"""Passwords: what one must be like, and how it is kept (DOMAIN 3.1 a).

Nothing here touches the database: argon2 takes its time, and no transaction waits for it.
"""

import re
import secrets
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal import clock
from portal.errors import InvalidInputError
from portal.people.common_passwords import is_common
from portal.people.models import Account, Person
from portal.people.naming import name_letters, search_keys

LONGEST = 200
_TELLING = 4  # letters of a name, digits of a phone: fewer would refuse by chance
_PHONE_TAIL = 6

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified when there is no such account, so that the answer takes as long as any other.
_NOBODY = _hasher.hash(secrets.token_hex(16))

# Letters and digits that nobody mistakes for another when copying from paper.
_CLEAR = "".join(set(string.ascii_letters + string.digits) - set("0O1lI5S2Zz8B"))


@dataclass(frozen=True)
class PasswordRules:
    """What a password must be like; the settings PORTAL_PASSWORD_* carry the figures."""

    length: int = 8
    length_of_administrators: int = 10
    classes: int = 3
    history: int = 5
    max_age_days: int = 90  # 0 = never
    one_time_days: int = 14  # 0 = for ever

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "PasswordRules":
        """Return the rules as this installation has set them."""
        return cls(
            length=settings["PORTAL_PASSWORD_LENGTH"],
            length_of_administrators=settings["PORTAL_PASSWORD_LENGTH_ADMINISTRATORS"],
            classes=settings["PORTAL_PASSWORD_CLASSES"],
            history=settings["PORTAL_PASSWORD_HISTORY"],
            max_age_days=settings["PORTAL_PASSWORD_MAX_AGE_DAYS"],
            one_time_days=settings["PORTAL_PASSWORD_ONE_TIME_DAYS"],
        )

    def least_length(self, *, is_administrator: bool) -> int:
        """Return how many characters this person's password needs."""
        return max(self.length, self.length_of_administrators) if is_administrator else self.length

    def has_aged(self, changed_at: datetime) -> bool:
        """Return whether a password of that age has served its time and must be changed."""
        return self._older(changed_at, self.max_age_days)

    def is_one_time_over(self, account: Account) -> bool:
        """Return whether a one-time password was left unused for too long."""
        return account.must_change_password and self._older(
            account.password_changed_at, self.one_time_days
        )

    @staticmethod
    def _older(since: datetime, days: int) -> bool:
        return days > 0 and clock.now() - since >= timedelta(days=days)


def hash_password(password: str) -> str:
    """Return the argon2id hash (t=2, 19 MiB, p=1)."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Return whether the password belongs to the hash; None takes just as long and never does."""
    try:
        _hasher.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def one_time_password() -> str:
    """Return a password to be used once: twelve clear letters and digits in three groups."""
    while True:
        groups = ["".join(secrets.choice(_CLEAR) for _ in range(4)) for _ in range(3)]
        password = "-".join(groups)
        if _classes(password) == 4:
            return password


def check_rules(
    password: str, *, username: str, person: Person, is_administrator: bool, rules: PasswordRules
) -> None:
    """Raise InvalidInputError (field `new`) that names the first rule the password breaks."""
    least = rules.least_length(is_administrator=is_administrator)
    if len(password) < least:
        raise InvalidInputError(f"密码至少要 {least} 位，现在是 {len(password)} 位。", field="new")
    if len(password) > LONGEST:
        raise InvalidInputError(f"密码最多 {LONGEST} 位。", field="new")
    if _classes(password) < rules.classes:
        raise InvalidInputError(
            f"大写字母、小写字母、数字、符号四类中至少要有 {rules.classes} 类。", field="new"
        )
    personal = _personal_part(password, username=username, person=person)
    if personal is not None:
        raise InvalidInputError(f"密码中不能含有{personal}。", field="new")
    if is_common(password):
        raise InvalidInputError("这是最常见的密码之一，容易被人猜到，请换一个。", field="new")


def check_history(password: str, former_hashes: Collection[str], *, rules: PasswordRules) -> None:
    """Raise InvalidInputError if the password is one of the last ones (present one included)."""
    if any(matches(password, former) for former in former_hashes):
        raise InvalidInputError(
            f"不能使用最近 {max(rules.history, 1)} 次用过的密码，请换一个。", field="new"
        )


def _classes(password: str) -> int:
    """Return how many of upper case, lower case, digits and everything else occur."""
    return sum(
        (
            any(mark.isupper() for mark in password),
            any(mark.islower() for mark in password),
            any(mark.isdigit() for mark in password),
            any(not mark.isalnum() or _is_caseless(mark) for mark in password),
        )
    )


def _is_caseless(mark: str) -> bool:
    """Chinese characters are neither large nor small; they count with the symbols."""
    return mark.isalpha() and not mark.isupper() and not mark.islower()


def _personal_part(password: str, *, username: str, person: Person) -> str | None:
    folded = password.casefold()
    plain = re.sub(r"[\W_]+", "", folded)
    if len(username) >= _TELLING - 1 and username.casefold() in folded:
        return "用户名"
    if name_letters(person.name) in plain:
        return "姓名"
    letters = "".join(key for key in plain if key.isalpha())
    if any(spelled in letters for spelled in _spelled_names(person.name)):
        return "姓名的拼音"
    digits = "".join(key for key in password if key.isdigit())
    if len(person.phone) >= _PHONE_TAIL and person.phone[-_PHONE_TAIL:] in digits:
        return "手机号"
    return None


def _spelled_names(name: str) -> list[str]:
    """Return the whole name in pinyin, in each of its readings."""
    characters = len(name_letters(name))
    return [
        key
        for key in search_keys(name)
        if key.isascii() and key.isalpha() and len(key) >= max(_TELLING, characters + 1)
    ]
