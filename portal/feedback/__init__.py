"""Anonymous feedback after an event: few questions, never linked to a person."""
