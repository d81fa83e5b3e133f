"""Sessions of one event: each an event that is part of another, see docs/decisions/0101."""
