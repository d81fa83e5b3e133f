"""The base of every form: Chinese messages, trimmed text, moments on China's clock."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import (
    DateTimeLocalField,
    Field,
    FileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)

from portal import clock
from portal.errors import InvalidInputError
from portal.web import csrf

MOMENT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
# Control characters that no keyboard types, and code points that are no characters.
_UNSEEN = dict.fromkeys(
    [
        *(*range(9), 11, 12, *range(14, 32), *range(127, 160)),
        *range(0xFDD0, 0xFDF0),
        *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)),
    ]
)


def trimmed(text: str | None) -> str | None:
    """Return typed text without surrounding space and unseen control characters."""
    return text.translate(_UNSEEN).strip() if isinstance(text, str) else text


class _Signed(FlaskForm.Meta.csrf_class):  # type: ignore[misc]
    """Forms carry the token of the session, which is signed once; Flask-WTF signs for each form."""

    def generate_csrf_token(self, csrf_token_field: Field) -> str:  # noqa: ARG002
        return csrf.token()


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the portal; what was typed always comes back with the errors beside it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)
        csrf_class = _Signed

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            """Trim text fields unless the field brings filters of its own."""
            if issubclass(unbound_field.field_class, StringField):
                unbound_field.kwargs.setdefault("filters", [trimmed])
            return unbound_field.bind(form=form, **options)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Take what was typed from the form alone; files only for fields that ask for one.

            What else a body may hold (JSON, a file under a text field's name) is no text.
            """
            found = super().wrap_formdata(form, formdata)
            if formdata is None or found is formdata or found is None:
                return found
            files = {
                name: request.files.getlist(name)
                for name, field in form._fields.items()
                if isinstance(field, FileField) and name in request.files
            }
            typed = MultiDict(
                (name, value.translate(_UNSEEN)) for name, value in request.form.items(multi=True)
            )
            return CombinedMultiDict([MultiDict(files), typed]) if files else typed

    def add_refusal(self, error: InvalidInputError) -> None:
        """Show what a service refused beside the field that it names, or above the form."""
        field = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]

    def take(self, now: Mapping[str, Any]) -> None:
        """Replace what was typed into these fields by what is written now."""
        for name, value in now.items():
            self[name].raw_data = None
            self[name].process_data(value)

    def typed_only(self) -> dict[str, Any]:
        """Return the data without the CSRF token, ready for a service's keywords."""
        return {name: value for name, value in self.data.items() if name != "csrf_token"}


class AtMost:
    """No longer than the column; says how long it is. No `maxlength`: browsers cut in silence."""

    def __init__(self, label: str, longest: int) -> None:
        self.label, self.longest = label, longest

    def __call__(self, _form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.longest:
            raise ValidationError(
                f"{self.label}最多 {self.longest} 个字，现在有 {length} 个，请改短。"
            )


class MomentField(DateTimeLocalField):
    """Date and time as a wall clock in China shows it; `data` is aware and in UTC."""

    def __init__(self, label: str | None = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=MOMENT_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read `YYYY-MM-DDTHH:MM`; an empty value is None, an absent field stays as it is."""
        if not valuelist:
            return
        if not valuelist[0].strip():
            self.data = None
            return
        text = valuelist[0].strip()
        for pattern in MOMENT_FORMATS:
            try:
                self.data = clock.from_local(datetime.strptime(text, pattern))  # noqa: DTZ007
            except (ValueError, OverflowError):  # the year 1 lies before it in UTC
                continue
            return
        self.data = None
        raise ValidationError("请按“年-月-日 时:分”填写日期和时间。")

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return clock.local(self.data).strftime(MOMENT_FORMATS[0]) if self.data else ""


def lines(text: str | None) -> str:
    """Return text with the line ends that are kept, whatever the browser sent."""
    return "\n".join((text or "").splitlines())


def may_be_left(field: Field) -> bool:
    """Return whether a field may stay empty: not asked for, and able to say nothing.

    A list to choose from always says something, unless an empty choice stands in it.
    """
    if field.flags.required:
        return False
    if not isinstance(field, SelectField) or isinstance(field, SelectMultipleField):
        return True
    return any(choice[0] in ("", None) for choice in field.iter_choices())


def described(field: Field) -> Markup:
    """Return the ids of help and error that describe a field, for `aria-describedby`."""
    ids = [f"{field.id}-help"] if field.description else []
    if field.errors:
        ids.append(f"{field.id}-error")
    return Markup(" ").join(ids)


__all__ = [
    "AtMost",
    "Form",
    "MomentField",
    "StringField",
    "TextAreaField",
    "described",
    "lines",
    "may_be_left",
    "trimmed",
]
