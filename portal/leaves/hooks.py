"""Where the rooms above are told of what was made up, without leaves knowing them."""

from collections.abc import Callable

from portal.people.models import Person

# Told, in the same transaction, of an event for which something was written down as made up or
# struck out, by its id; of the make-up's id (of several the last); and of who did it.
MadeUp = Callable[[int, int, Person], None]

made_up: list[MadeUp] = []
