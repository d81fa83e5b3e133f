"""Anonymous, optional feedback after an event: counted at once, never linked to a person."""
