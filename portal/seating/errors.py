"""What the plan of seats refuses."""

from portal.errors import ConflictError


class PlanChangedError(ConflictError):
    """Somebody else has changed the plan since the page was opened."""
