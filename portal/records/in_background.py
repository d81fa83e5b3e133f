"""What records do in the background: PDFs of minutes, and reminding by the clock."""

from flask import Flask

from portal import clock
from portal.database import write_transaction
from portal.jobs import hooks
from portal.jobs.hooks import Chore
from portal.messages import quiet_hours
from portal.records import minutes_pdf, reminding


def _remind_of_summaries() -> None:
    if quiet_hours.is_quiet(clock.now()):
        return
    for event_id in reminding.to_sum_up():
        with write_transaction():
            reminding.remind_of_summary(event_id)


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    minutes_pdf.register()
    hooks.register(Chore("remind-of-summaries", _remind_of_summaries, at=quiet_hours.END))
