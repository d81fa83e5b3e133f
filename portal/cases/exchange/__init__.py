"""Lists of the hotline, taken in and given out in one layout; the portal is not the hotline."""
