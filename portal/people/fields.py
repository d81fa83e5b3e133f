"""Form fields that read what is typed the way the imports read a cell.

Dates in any usual spelling, full-width digits, phones with spaces, names with any middle dot:
what a spreadsheet may say, a form takes too, and refuses with the same words.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import HiddenField, StringField, ValidationError
from wtforms.widgets import DateInput, NumberInput, TelInput

from portal import clock
from portal.people.imports.values import (
    CellError,
    calendar_day,
    joining_day,
    phone_number,
    year_of_birth,
)
from portal.people.naming import name_fault, plain_text, visible, written_name
from portal.web.forms import trimmed

# Longer than anything a field takes: not even looked at.
_LONGEST_TYPED = 1000


def tidy(text: str | None) -> str | None:
    """Return typed text trimmed, with half-width digits and single spaces."""
    known = trimmed(text)
    return plain_text(known) if known else known


def whole_number(text: str | None) -> int | None:
    """Return the number that is written in digits, or None; it fits into any column of keys."""
    digits = plain_text(text or "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None


class ReadField(StringField):
    """Text that `read` turns into `data`; what cannot be read comes back as typed."""

    data: Any

    def __init__(
        self,
        label: str,
        validators: Any = None,
        *,
        read: Callable[[str], Any],
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self._read = read

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value; blanks, and what reads as nothing, count as not typed."""
        self.data = None
        text = visible(valuelist[0]).strip() if valuelist else ""
        self.raw_data = [text]
        if len(text) > _LONGEST_TYPED:
            raise ValidationError(f"“{self.label.text}”太长了。")
        try:
            self.data = self._read(text) if text else None
        except CellError as error:
            raise ValidationError(f"{error}。") from error
        if self.data in (None, ""):
            self.raw_data = []

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        known: object = self.data
        if known is None:
            return ""
        return known.isoformat() if isinstance(known, date) else str(known)


class DayField(ReadField):
    """A day; browsers offer their calendar, and 2026年5月3日 is understood as well."""

    widget = DateInput()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("read", calendar_day)
        super().__init__(label, validators, **kwargs)


class JoiningDayField(DayField):
    """The day somebody joined the Party."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=_joining_day, **kwargs)


class BirthYearField(ReadField):
    """A year of birth; of a whole date only the year is kept."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=_year_of_birth, **kwargs)


class PhoneField(ReadField):
    """A phone's digits."""

    widget = TelInput()

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=phone_number, **kwargs)


class NumberField(ReadField):
    """A whole number from 0 up to `most`."""

    widget = NumberInput(min=0)

    def __init__(self, label: str, validators: Any = None, *, most: int, **kwargs: Any) -> None:
        def read(text: str) -> int:
            number = whole_number(text)
            if number is None or number > most:
                raise CellError(f"请填写 0 到 {most} 的数字")
            return number

        super().__init__(label, validators, read=read, **kwargs)


class VersionField(HiddenField):
    """The version that a form was filled from; what is no number is no version."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a number, or nothing."""
        self.data = whole_number(valuelist[0]) if valuelist else None

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)


class NameField(ReadField):
    """A person's name in the portal's one spelling."""

    def __init__(self, label: str, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, read=_name, **kwargs)


def _joining_day(text: str) -> date | None:
    return joining_day(text, today=clock.today())


def _year_of_birth(text: str) -> int | None:
    return year_of_birth(text, today=clock.today())


def _name(text: str) -> str:
    name = written_name(text).name
    fault = name_fault(name)
    if fault:
        raise CellError(fault)
    return name
