"""Fields of the sites room: degrees, and a time of day."""

from typing import Any

from wtforms.widgets import TextInput

from portal.people.fields import ReadField
from portal.people.imports.values import CellError
from portal.people.naming import plain_text
from portal.sites.opening import MINUTES_OF_A_DAY, clock_words


class DegreesField(ReadField):
    """Degrees as a decimal number; minutes and seconds are not converted silently."""

    widget = TextInput()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=_degrees, **kwargs)


class TimeOfDayField(ReadField):
    """A time of day in minutes since midnight: 9:05 is 545."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=minute_of_day, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock_words(self.data).rjust(5, "0")


def _degrees(text: str) -> float:
    typed = plain_text(text).rstrip("°度 ")
    try:
        degrees = float(typed)
    except ValueError as error:
        raise CellError("请填写十进制的度数，例如 120.3952") from error
    if not -180 <= degrees <= 180:
        raise CellError("度数在 -180 到 180 之间")
    return degrees


def minute_of_day(text: str) -> int:
    """Return the minutes since midnight of 9:05, 09：05 or 9点05; raise CellError else."""
    typed = plain_text(text).replace("：", ":").replace("点", ":").replace("时", ":").rstrip("分: ")
    hour, _, minute = typed.partition(":")
    minute = minute or "0"
    if not (hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        raise CellError("请按“9:00”填写时间")
    if len(hour) > 2 or len(minute) > 2 or int(minute) > 59:
        raise CellError("请按“9:00”填写时间")
    found = int(hour) * 60 + int(minute)
    if found >= MINUTES_OF_A_DAY:
        raise CellError("时间要在 0:00 到 23:59 之间")
    return found
