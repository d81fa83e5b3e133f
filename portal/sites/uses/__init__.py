"""Who takes a room of a site, and when: no room is ever taken twice."""
