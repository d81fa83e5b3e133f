"""The reader's own home, and "me"."""
