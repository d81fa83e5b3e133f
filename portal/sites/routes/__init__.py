"""Routes: sites in order, with the minutes at each and on the way between them."""
