"""What the three administrators may do to whom; levels are in `portal.people.policies`."""

from portal.people.models import Account
from portal.people.policies import is_administrator, may_manage_accounts
from portal.people.readers import Somebody


def may_change_account(reader: Somebody, account: Account) -> bool:
    """The system administrator keeps everybody's account but those of the three administrators.

    A reset password would let one of the three act as another. Theirs are reset on the
    server (`portal reset-password`), and shut by withdrawing the role first.
    """
    return may_manage_accounts(reader) and not is_administrator(account.person)


def may_unlock_account(reader: Somebody, account: Account) -> bool:
    """Waiting less long gives nobody any right: any account but the own one."""
    return may_manage_accounts(reader) and account.person_id != reader.id


def may_change_grants(reader: Somebody, account: Account) -> bool:
    """Nobody grants themself anything, nor takes it away."""
    return account.person_id != reader.id
