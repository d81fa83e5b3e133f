"""Pages of study hours."""

from portal.hours.views import certificates, checking, events, lists, own, rules, trainings
from portal.hours.views.blueprint import bp

__all__ = ["bp", "certificates", "checking", "events", "lists", "own", "rules", "trainings"]
