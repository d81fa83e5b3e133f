"""What was said at a gathering, what was decided there, and the minutes of it (DOMAIN 2.2-2.4)."""
