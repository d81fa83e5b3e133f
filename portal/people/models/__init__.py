"""Tables of the people room."""

from portal.people.models.account import (
    Account,
    AccountState,
    LoginFailure,
    LoginSession,
    PasswordHistory,
    Role,
    RoleGrant,
)
from portal.people.models.organisation import (
    BranchType,
    Organisation,
    OrganisationKind,
    OrganisationName,
    Tree,
)
from portal.people.models.person import (
    EndReason,
    Exemption,
    ExemptReason,
    Gender,
    Membership,
    MembershipKind,
    Participation,
    Person,
    PersonKey,
    PersonKind,
    Post,
)

__all__ = [
    "Account",
    "AccountState",
    "BranchType",
    "EndReason",
    "ExemptReason",
    "Exemption",
    "Gender",
    "LoginFailure",
    "LoginSession",
    "Membership",
    "MembershipKind",
    "Organisation",
    "OrganisationKind",
    "OrganisationName",
    "Participation",
    "PasswordHistory",
    "Person",
    "PersonKey",
    "PersonKind",
    "Post",
    "Role",
    "RoleGrant",
    "Tree",
]
