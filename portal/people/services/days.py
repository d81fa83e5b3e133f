"""Days that can be meant: not long before the Party, not years ahead by a slip of the pen."""

from datetime import date, timedelta

from portal import clock
from portal.errors import InvalidInputError

# The Party was founded in 1921; a company that an organisation stands for may be older.
FIRST_YEAR = 1921
FIRST_YEAR_OF_ORGANISATIONS = 1800
# A transfer may be entered before it takes effect, but not a year ahead.
LATEST_AHEAD = timedelta(days=92)


def check_day(day: date, *, field: str = "day", first_year: int = FIRST_YEAR) -> None:
    """Raise InvalidInputError for a day before `first_year` or more than three months ahead."""
    if day > clock.today() + LATEST_AHEAD:
        raise InvalidInputError("日期太远了，最多提前三个月登记。", field=field)
    if day.year < first_year:
        raise InvalidInputError("日期太早了，请检查年份。", field=field)
