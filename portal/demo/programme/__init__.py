"""Everything that took place, takes place and will take place in the demo."""

from portal.demo.programme.lessons import branch_lessons, scenario_lessons
from portal.demo.programme.meetings import meetings, theme_days
from portal.demo.programme.plan import Calendar, EventPlan, Fate
from portal.demo.programme.visits import drafts, seminars, site_visits, surveys_and_calls

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
