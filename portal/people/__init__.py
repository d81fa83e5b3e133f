"""Organisations, persons, accounts, roles: who is who, and who may do what where."""

import os

# Names are read character by character; pypinyin's dictionary of phrases would only cost
# 36 MB in every process, and a copy of the other, to be added to, 3 MB. It reads this when it is
# first imported, by portal.people.characters.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
