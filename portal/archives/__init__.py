"""Year archives (年度档案): all papers of an organisation's year in one file, with hashes."""
