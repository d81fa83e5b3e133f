"""What may stand in the way of a leave."""

from portal.errors import ConflictError


class LeaveRefusedError(ConflictError):
    """There is no leave to ask for, to decide on, or to take back now."""
