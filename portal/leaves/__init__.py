"""Leave from an event, and lessons made up for it afterwards (DOMAIN 2.5)."""
