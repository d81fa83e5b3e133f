"""Who sits where at an event: groups, tables, buses, or rows of seats."""
