"""Changes to accounts, sessions, passwords and roles, by family."""

from portal.people.services import accounts, grants, passwords, sessions, signing_in
from portal.people.services.passwords import PasswordRules, hash_password
from portal.people.services.signing_in import LockRules

__all__ = [
    "LockRules",
    "PasswordRules",
    "accounts",
    "grants",
    "hash_password",
    "passwords",
    "sessions",
    "signing_in",
]
