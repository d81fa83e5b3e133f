"""Events: lessons given, seminars, visits, meetings; posted, moved, called off, ended."""
