"""Form fields that read what is typed the way the imports read a cell.

Dates in any usual spelling, full-width digits, phones with spaces, names with any middle dot:
what a spreadsheet may say, a form takes too, and refuses with the same words.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import StringField, ValidationError
from wtforms.widgets import DateInput, TelInput

from portal import clock
from portal.people.imports.values import (
    CellError,
    calendar_day,
    joining_day,
    phone_number,
    year_of_birth,
)
from portal.people.naming import name_fault, plain_text, written_name
from portal.web.forms import trimmed

# Longer than anything a field takes: not even looked at.
_LONGEST_TYPED = 1000


def tidy(text: str | None) -> str | None:
    """Return typed text trimmed, with half-width digits and single spaces."""
    known = trimmed(text)
    return plain_text(known) if known else known


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
        """Read the first value; an empty one is None."""
        self.data = None
        text = (trimmed(valuelist[0]) or "") if valuelist else ""
        if not text:
            return
        if len(text) > _LONGEST_TYPED:
            raise ValidationError(f"“{self.label.text}”太长了。")
        try:
            self.data = self._read(text)
        except CellError as error:
            raise ValidationError(f"{error}。") from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])[:_LONGEST_TYPED]
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
