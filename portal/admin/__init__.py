"""The three administrators: accounts, grants, audit; each sees only the own part."""
