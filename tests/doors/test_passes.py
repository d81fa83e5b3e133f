"""The text of a pass: short, genuine, and silent about whose it is."""

from datetime import date

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from portal.attendance.codes import ALPHABET
from portal.doors import passes

KEY = "a key of the portal"
DAY = date(2027, 5, 3)
serials = st.text(ALPHABET, min_size=10, max_size=10)
days = st.dates(date(2020, 1, 1), date(2109, 1, 1))


@given(serials, days)
def test_what_was_written_is_read_again(serial: str, day: date) -> None:
    text = passes.written(serial, day, KEY)
    assert passes.read(text, KEY) == (text, passes.hash_of(text), day)
    assert passes.read(f" {passes.grouped(text).lower()}\n", KEY) is not None
    assert passes.read(text, "another key") is None


def test_a_pass_fits_into_a_small_code_of_capital_letters_and_digits() -> None:
    text = passes.written(passes.new_serial(), DAY, KEY)
    code = segno.make(text, error="m", micro=False)
    assert (len(text), code.mode, code.version) == (passes.LENGTH, "alphanumeric", 2)


def test_letters_that_look_like_digits_are_read_as_these() -> None:
    text = next(
        text
        for number in range(100)
        if "0" in (text := passes.written(f"{number:010}", DAY, KEY)) and "1" in text
    )
    assert passes.read(text.replace("0", "O").replace("1", "l"), KEY) is not None


@pytest.mark.parametrize("text", ["", "P", "P" * 30, "x" * 300, "党" * 30, "P" + "U" * 29])
def test_what_is_no_pass_is_none(text: str) -> None:
    assert passes.read(text, KEY) is None


def test_serials_are_not_repeated() -> None:
    assert len({passes.new_serial() for _ in range(1000)}) == 1000
