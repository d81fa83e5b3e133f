"""Dates as people say them, text that never becomes markup, addresses that keep filters."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask

from portal.web import templating

TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in China


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "昨天"),
        (date(2026, 11, 24), "今天"),
        (date(2026, 11, 25), "明天"),
        (date(2026, 11, 26), "后天"),
        (date(2026, 11, 27), "周五"),
        (date(2026, 11, 29), "周日"),
        (date(2026, 11, 30), "11月30日（周一）"),
        (date(2026, 11, 20), "11月20日（周五）"),
        (date(2027, 1, 5), "2027年1月5日（周二）"),
    ],
)
def test_a_day_is_said_as_people_say_it(day: date, words: str) -> None:
    with time_machine.travel(TUESDAY, tick=False):
        assert templating.day_words(day) == words


def test_the_day_turns_at_midnight_in_china_not_in_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 16, 30, tzinfo=UTC), tick=False):
        assert templating.day_words(date(2026, 11, 25)) == "今天"


def test_a_moment_carries_its_exact_date() -> None:
    with time_machine.travel(TUESDAY, tick=False):
        words = templating.moment_words(datetime(2026, 12, 3, 6, 5, tzinfo=UTC))
    assert "12月3日（周四） 14:05" in words
    assert 'datetime="2026-12-03T14:05+08:00"' in words
    assert "2026年12月3日 14:05" in words


def test_a_span_on_one_day_says_the_day_once() -> None:
    with time_machine.travel(TUESDAY, tick=False):
        one_day = templating.span_words(
            datetime(2026, 11, 25, 1, 0, tzinfo=UTC), datetime(2026, 11, 25, 3, 30, tzinfo=UTC)
        )
        two_days = templating.span_words(
            datetime(2026, 11, 25, 1, 0, tzinfo=UTC), datetime(2026, 11, 26, 3, 30, tzinfo=UTC)
        )
    assert one_day.endswith("明天 9:00</time>–11:30")
    assert two_days.count("<time") == 2


def test_plain_text_becomes_paragraphs_and_nothing_else() -> None:
    shown = templating.paragraphs("第一段<script>\r\n第二行\n\n\n第二段")
    assert shown == "<p>第一段&lt;script&gt;<br>第二行</p>\n<p>第二段</p>"


def test_paging_keeps_the_filters_of_the_address(app: Flask) -> None:
    with app.test_request_context("/events/?q=党课&kind=lesson&page=2"):
        assert templating.same_page(page=3) == "/events/?q=%E5%85%9A%E8%AF%BE&kind=lesson&page=3"
        assert templating.same_page(q=None, page=None) == "/events/?kind=lesson"
