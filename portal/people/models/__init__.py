"""Tables of the people room."""

from portal.people.models.account import (
    Account,
    LoginFailure,
    LoginSession,
    PasswordHistory,
    Role,
    RoleGrant,
)
from portal.people.models.organisation import (
    Organisation,
    OrganisationKind,
    OrganisationName,
    Tree,
)
from portal.people.models.person import (
    Gender,
    Membership,
    MembershipKind,
    Person,
    PersonKey,
    PersonKind,
    Post,
)

__all__ = [
    "Account",
    "Gender",
    "LoginFailure",
    "LoginSession",
    "Membership",
    "MembershipKind",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "PasswordHistory",
    "Person",
    "PersonKey",
    "PersonKind",
    "Post",
    "Role",
    "RoleGrant",
    "Tree",
]
