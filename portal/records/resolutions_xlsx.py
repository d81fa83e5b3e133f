"""What was resolved in a year and how far it has come, as one sheet for the archive."""

from collections.abc import Iterable
from typing import IO

from portal import clock
from portal.archives.listing_xlsx import Listing
from portal.records.models import MeetingRecord, Resolution, ResolutionStep

_COLUMNS = (
    *(("会议日期", 12), ("组织", 22), ("会议", 30), ("决议事项", 44), ("由谁落实", 16)),
    *(("时限", 12), ("进展", 10), ("落实经过", 60)),
)


def write(title: str, rows: Iterable[tuple[Resolution, MeetingRecord]], file: IO[bytes]) -> None:
    """Write a line for each resolution; records come with organisation, resolutions with steps."""
    with Listing(file, title) as listing:
        write_row = listing.sheet("决议落实", _COLUMNS)
        for resolution, record in rows:
            write_row(_texts(resolution, record))


def _texts(resolution: Resolution, record: MeetingRecord) -> tuple[str, ...]:
    return (
        f"{clock.local(record.starts_at):%Y-%m-%d}",
        record.organisation.short_name,
        record.title,
        resolution.text,
        resolution.owner,
        f"{resolution.due_on:%Y-%m-%d}" if resolution.due_on else "",
        resolution.progress.label,
        "\n".join(_step(step) for step in resolution.steps),
    )


def _step(step: ResolutionStep) -> str:
    day = f"{clock.local(step.written_at):%Y-%m-%d}"
    told = f"{day} {step.progress.label}（{step.written_by.name}）"
    return f"{told}：{step.note}" if step.note else told
