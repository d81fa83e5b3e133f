"""`render` is the only way a view answers with HTML; filters say dates as people do."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, render_template, request, session
from flask.sansio.app import App
from jinja2 import StrictUndefined
from jinja2_fragments.flask import render_block
from markupsafe import Markup, escape

from portal import clock
from portal.web import htmx
from portal.web.forms import described, may_be_left, trimmed
from portal.web.pages import Page

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_NEAR = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def render(
    page: str,
    *,
    block: str | None = None,
    trigger: htmx.Trigger | None = None,
    status: int = 200,
    ask_later: Callable[[], Mapping[str, Any]] | None = None,
    **context: Any,
) -> Response:
    """Answer with the page, or with its named block when htmx asked for a part.

    A status of 400 and more is swapped all the same (see `htmx-config` in base.html), so a
    form that failed comes back beside what was typed. In a view that writes the page is put
    into words once the transaction is over, and what is to be asked for it then is `ask_later`.
    """
    response = Page(status=status, mimetype="text/html")
    if trigger is not None:
        htmx.set_trigger(response, trigger)
    response.is_written_later(partial(_body, page, block, context, ask_later))
    return response


def _body(
    page: str,
    block: str | None,
    context: dict[str, Any],
    ask_later: Callable[[], Mapping[str, Any]] | None,
) -> str:
    if ask_later is not None:
        context |= ask_later()
    if not (block and htmx.is_fragment_request()):
        return render_template(page, **context)
    body = render_block(page, block, **context)
    # Toasts ride along: base.html's message area is refreshed out of band.
    return body + render_template("errors/messages.html") if "_flashes" in session else body


def part(template: str, **context: Any) -> Markup:
    """Put a part of a page into words: it knows what it is given, and nothing of the request."""
    return Markup(current_app.jinja_env.get_template(template).render(context))  # noqa: S704


def day_words(day: date) -> str:
    """Return a day as people say it: 今天, 周四, 12月3日（周三）, 2027年1月5日（周二）."""
    today = clock.today()
    distance = (day - today).days
    if distance in _NEAR:
        return _NEAR[distance]
    weekday = WEEKDAYS[day.weekday()]
    monday = today - timedelta(days=today.weekday())
    if monday <= day < monday + timedelta(days=7):
        return weekday
    if day.year == today.year:
        return f"{day.month}月{day.day}日（{weekday}）"
    return f"{day.year}年{day.month}月{day.day}日（{weekday}）"


def moment_words(moment: datetime) -> Markup:
    """Return a moment as people say it, the exact one in `datetime` and `title`."""
    return _told(clock.local(moment))


def _told(local: datetime, more: str = "") -> Markup:
    # Lists say this fifty times a page: written out once, and all of it is made of numbers.
    minute = f"{local.minute:02}"
    exact = f"{local.year}年{local.month}月{local.day}日 {local.hour:02}:{minute}"
    words = f"{day_words(local.date())} {local.hour}:{minute}"
    iso = local.isoformat(timespec="minutes")
    return Markup(f'<time datetime="{iso}" title="{exact}">{words}</time>{more}')  # noqa: S704


def span_words(starts_at: datetime, ends_at: datetime) -> Markup:
    """Return when something takes place: one day said once, its hours as a range."""
    start, end = clock.local(starts_at), clock.local(ends_at)
    if start.date() == end.date():
        return _told(start, f"–{end.hour}:{end.minute:02}")
    return _told(start, f" – {_told(end)}")


def exact_day(moment: datetime | date) -> str:
    """Return 2026年11月24日（周二）."""
    day = clock.local(moment).date() if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def clock_time(moment: datetime) -> str:
    """Return 9:05, on China's clock."""
    local = clock.local(moment)
    return f"{local.hour}:{local.minute:02}"


def duration_words(duration: timedelta) -> str:
    """Return 2 小时 5 分, to the minute."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    if not hours:
        return f"{minutes} 分钟"
    return f"{hours} 小时 {minutes} 分" if minutes else f"{hours} 小时"


def weekday(day: date) -> str:
    """Return 周一 to 周日."""
    return WEEKDAYS[day.weekday()]


def local_day(moment: datetime) -> date:
    """Return the day of a moment on China's calendar."""
    return clock.local(moment).date()


def paragraphs(text: str) -> Markup:
    """Return plain text as paragraphs and line breaks; nothing in it becomes markup."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    lines = [
        Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks if block
    ]
    return Markup("\n").join(Markup("<p>{}</p>").format(line) for line in lines)


def same_page(**changes: object) -> str:
    """Return this page's address with some query parameters changed; None or "" drops one."""
    parameters: Mapping[str, object] = {**request.args.to_dict(), **changes}
    kept = {key: value for key, value in parameters.items() if value not in (None, "")}
    return f"{request.path}?{urlencode(kept)}" if kept else request.path


def made_once(app: App, template: str, macro: str, *, most: int = 256) -> Callable[..., Markup]:
    """Return the macro as a function that renders once for each set of arguments.

    For pieces that say the same whoever reads them: the macro may look at nothing but its
    arguments, all of them hashable. The `most` last used are kept, in each process.
    """

    @lru_cache(maxsize=most)
    def piece(*values: object, **named: object) -> Markup:
        made: Markup = getattr(app.jinja_env.get_template(template).module, macro)(*values, **named)
        return made

    return piece


FILTERS = (
    trimmed,
    *(
        day_words,
        moment_words,
        span_words,
        exact_day,
        clock_time,
        duration_words,
        weekday,
        local_day,
    ),
    paragraphs,
)


def init_app(app: Flask) -> None:
    """Give templates their filters and globals; an undefined name is an error, not a blank."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["portal_name"] = app.config["PORTAL_NAME"]
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for words in FILTERS:
        app.add_template_filter(words)
    for name in ("mark", "icon"):
        app.add_template_global(made_once(app, "macros/parts.html", name), f"{name}_once")
    app.add_template_global(same_page)
    app.add_template_global(described, "described_by")
    app.add_template_global(may_be_left)
    app.add_template_global(clock.now, "now")
    app.add_template_global(clock.today, "today")
