"""Years of China's calendar, as archives are asked for."""

from datetime import date, datetime, time

from portal import clock
from portal.archives.hooks import Year

# So many years back an archive can be made.
YEARS_BACK = 6


def years_to_choose() -> list[int]:
    """Return this year and those before it, the latest first."""
    this_year = clock.today().year
    return list(range(this_year, this_year - YEARS_BACK, -1))


def year_of(path: str, number: int) -> Year:
    """Return the year `number` of the subtree at `path`, from its first midnight to the next."""
    return Year(path, number, _first_moment(number), _first_moment(number + 1))


def _first_moment(number: int) -> datetime:
    return clock.from_local(datetime.combine(date(number, 1, 1), time()))
