"""Everything that took place, takes place and will take place in the demo."""

from portal.demo.programme.drafts import drafts
from portal.demo.programme.lessons import branch_lessons, scenario_lessons
from portal.demo.programme.meetings import meetings, theme_days
from portal.demo.programme.plan import Calendar, EventPlan, Fate
from portal.demo.programme.seminars import seminars
from portal.demo.programme.surveys import surveys_and_calls
from portal.demo.programme.visits import site_visits

__all__ = ["Calendar", "EventPlan", "Fate", "programme"]


def programme(day: Calendar) -> list[EventPlan]:
    """Return the plans of all events, in the order in which they begin."""
    plans = [
        *scenario_lessons(day),
        *branch_lessons(day),
        *site_visits(day),
        *seminars(day),
        *surveys_and_calls(day),
        *theme_days(day),
        *meetings(day),
        *drafts(day),
    ]
    return sorted(plans, key=lambda plan: (plan.starts_at, plan.title))
