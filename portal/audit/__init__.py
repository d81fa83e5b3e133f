"""Who changed what, when and from where: an append-only chain of entries."""
