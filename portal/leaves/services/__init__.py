"""Asking for leave and deciding on it; writing down what was made up."""

from portal.leaves.services.asking import ask, enter, withdraw
from portal.leaves.services.deciding import grant, refuse, take_back
from portal.leaves.services.forgetting import forget_reasons
from portal.leaves.services.making_up import Details, prove, record, remove

__all__ = [
    "Details",
    "ask",
    "enter",
    "forget_reasons",
    "grant",
    "prove",
    "record",
    "refuse",
    "remove",
    "take_back",
    "withdraw",
]
