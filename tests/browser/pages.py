"""Every kind of page once, for the tests that look at them all.

To add a page: one line in `PAGES`: endpoint, who looks, and the address. Names in braces are
ids of the demo, see `QUESTIONS`. A GET route in neither table fails the suite.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

NOBODY = ""

# What answers with no page of its own: files, fragments, redirects, machines' questions.
NOT_PAGES = {
    "admin.export_audit",
    "assets.send",
    "attendance.live",
    "attendance.sign_in_sheet_xlsx",
    "bookings.booking_ics",
    "bookings.site_ics",
    "events.calendar_file",
    "events.notice_file",
    "health.healthz",
    "materials.ask_offset",
    "materials.content",
    "materials.download",
    "materials.thumbnail",
    "health.readyz",
    "home.calendar_ics",
    "home.download",
    "home.subscription",
    "people.organisations_import_refused",
    "people.people_import_refused",
}
# Pages that something must be done for first; test_accessible does it.
MADE = {
    "attendance.arrive",
    "people.organisations_import_show",
    "people.people_import_show",
    "people.waiting",
}
PAGES = [
    ("people.login", NOBODY, "/login"),
    ("home.index", "office", "/"),
    ("home.index", "secretary", "/"),
    ("home.index", "member1", "/"),
    ("home.index", "sysadmin", "/"),
    ("home.me", "member1", "/me"),
    ("home.me", "secretary", "/me"),
    ("home.attendance", "member1", "/me/attendance"),
    ("home.calendar", "member1", "/me/calendar"),
    ("home.data", "member1", "/me/data"),
    ("people.password", "member1", "/me/password"),
    ("messages.index", "member1", "/inbox/"),
    ("messages.index", "member1", "/inbox/?kind=booking"),
    ("messages.show", "member1", "/inbox/{message}"),
    ("messages.settings", "member1", "/inbox/settings"),
    ("events.index", "member1", "/events/"),
    ("events.index", "secretary", "/events/?when=past"),
    ("events.index", "member1", "/events/?q=没有这样的活动"),
    ("events.week", "member1", "/events/week"),
    ("events.month", "secretary", "/events/month"),
    ("events.new", "secretary", "/events/new"),
    ("events.show", "member1", "/events/{coming}"),
    ("events.show", "member1", "/events/{running}"),
    ("events.show", "member2", "/events/{full}"),
    ("events.show", "secretary", "/events/{coming}"),
    ("events.show", "secretary", "/events/{running}"),
    ("events.show", "secretary", "/events/{draft}"),
    ("events.show", "secretary", "/events/{recorded}"),
    ("events.show", "secretary", "/events/{cancelled}"),
    ("events.show", "office", "/events/{postponed}"),
    ("events.edit", "secretary", "/events/{draft}/edit"),
    ("events.cancel", "secretary", "/events/{coming}/cancel"),
    ("events.postpone", "secretary", "/events/{coming}/postpone"),
    ("events.agenda", "secretary", "/events/{draft}/agenda"),
    ("events.notice", "member1", "/events/{coming}/notice"),
    ("events.poster", "member1", "/events/{coming}/poster"),
    ("events.poster", "secretary", "/events/{in_series}/poster?size=a3"),
    ("events.repeat", "secretary", "/events/{coming}/repeat"),
    ("events.series", "secretary", "/events/series/{event_series}"),
    ("events.series", "member1", "/events/series/{event_series}"),
    ("events.following", "secretary", "/events/{in_series}/following"),
    ("events.cancel_following", "secretary", "/events/{in_series}/following/cancel"),
    ("events.templates", "secretary", "/events/templates"),
    ("events.template", "secretary", "/events/templates/{event_template}"),
    ("events.new", "secretary", "/events/new?template={event_template}"),
    ("events.save_as_template", "secretary", "/events/{coming}/template"),
    ("events.holidays", "office", "/events/holidays"),
    ("events.holidays", "secretary", "/events/holidays"),
    ("events.invitations", "secretary", "/events/{invited}/invitations"),
    ("lessons.index", "member1", "/lessons/"),
    ("lessons.index", "secretary", "/lessons/?state=in_review"),
    ("lessons.index", "member1", "/lessons/?q=没有这样的课"),
    ("lessons.new", "secretary", "/lessons/new"),
    ("lessons.show", "member1", "/lessons/{lesson}"),
    ("lessons.show", "secretary", "/lessons/{lesson}"),
    ("lessons.show", "secretary", "/lessons/{lesson_draft}"),
    ("lessons.show", "branch", "/lessons/{lesson_returned}"),
    ("lessons.edit", "secretary", "/lessons/{lesson_draft}/edit"),
    ("lessons.edit", "branch", "/lessons/{lesson_returned}/edit"),
    ("lessons.materials", "secretary", "/lessons/{lesson_draft}/materials"),
    ("lessons.materials", "secretary", "/lessons/{lesson}/materials"),
    ("lessons.review", "office", "/lessons/{lesson_waiting}/review"),
    ("lessons.review", "secretary", "/lessons/{lesson_waiting}/review"),
    ("lessons.versions", "secretary", "/lessons/{lesson}/versions"),
    ("lessons.version", "secretary", "/lessons/{lesson}/versions/1"),
    ("lessons.compare", "secretary", "/lessons/{lesson}/compare"),
    ("lessons.all_series", "member1", "/lessons/series/"),
    ("lessons.show_series", "secretary", "/lessons/series/{series}"),
    ("lessons.new_series", "secretary", "/lessons/series/new"),
    ("lessons.edit_series", "secretary", "/lessons/series/{series}/edit"),
    ("events.place", "secretary", "/events/place"),
    ("bookings.index", "keeper", "/bookings/"),
    ("bookings.index", "member1", "/bookings/"),
    ("bookings.waiting", "keeper", "/bookings/waiting"),
    ("bookings.calendar", "member14", "/sites/{visited_site}/calendar"),
    ("bookings.calendar", "keeper", "/sites/{visited_site}/calendar?view=month"),
    ("bookings.calendar", "keeper", "/sites/{visited_site}/calendar?view=day"),
    ("bookings.new", "member14", "/sites/{visited_site}/bookings/new?party_size=5"),
    ("bookings.new", "member14", "/sites/{visited_site}/bookings/new?joins={visit}"),
    ("bookings.show", "keeper", "/sites/{visited_site}/bookings/{asked_visit}"),
    ("bookings.show", "secretary2", "/sites/{visited_site}/bookings/{visit}"),
    ("bookings.move", "keeper", "/sites/{visited_site}/bookings/{visit}/move"),
    ("bookings.decline", "keeper", "/sites/{visited_site}/bookings/{asked_visit}/decline"),
    ("bookings.cancel", "secretary2", "/sites/{visited_site}/bookings/{visit}/cancel"),
    ("bookings.rules", "keeper", "/sites/{visited_site}/bookings/rules"),
    ("events.materials", "secretary", "/events/{coming}/materials"),
    ("materials.index", "secretary", "/materials/"),
    ("materials.index", "secretary", "/materials/?q=没有"),
    ("materials.new", "secretary", "/materials/new"),
    ("materials.show", "secretary", "/materials/{picture}"),
    ("materials.show", "secretary", "/materials/{film}"),
    ("materials.show", "member1", "/materials/{paper}"),
    ("exercises.new", "secretary2", "/exercises/new?lesson={census}"),
    ("exercises.show", "secretary2", "/exercises/{exercise}"),
    ("exercises.edit", "secretary2", "/exercises/{exercise}/edit"),
    ("exercises.new_field", "secretary2", "/exercises/{exercise}/fields/new"),
    ("exercises.edit_field", "secretary2", "/exercises/{exercise}/fields/{exercise_field}"),
    ("exercises.results", "secretary2", "/exercises/runs/{run_past}/results"),
    ("exercises.fill", "visitor", "/exercises/runs/{run}"),
    ("exercises.fill", "member13", "/exercises/runs/{run}"),
    ("exercises.fill", "member15", "/exercises/runs/{run}"),
    ("exercises.fill", "member17", "/exercises/runs/{run}"),
    ("exercises.fill", "member12", "/exercises/runs/{run}"),
    ("lessons.show", "secretary2", "/lessons/{census}"),
    ("events.show", "member12", "/events/{census_event}"),
    ("signups.index", "secretary", "/events/{coming}/signups"),
    ("signups.index", "office", "/events/{full}/signups"),
    ("signups.add", "secretary", "/events/{coming}/signups/add"),
    ("signups.log", "office", "/events/{full}/signups/log"),
    ("signups.walk_in", "secretary", "/events/{running}/signups/walk-in"),
    ("signups.walk_in", "secretary", "/events/{running}/signups/walk-in?q=没有"),
    ("signups.removing", "secretary", "/events/{coming}/signups/{signup}/remove"),
    ("attendance.roll", "secretary", "/events/{running}/attendance"),
    ("attendance.roll", "secretary", "/events/{running}/attendance?q=没有"),
    ("attendance.roll", "secretary", "/events/{recorded}/attendance"),
    ("attendance.person", "secretary", "/events/{running}/attendance/{on_roll}"),
    ("attendance.person", "secretary", "/events/{recorded}/attendance/{on_record}"),
    ("attendance.all_present", "secretary", "/events/{running}/attendance/all-present"),
    ("attendance.confirmation", "secretary", "/events/{running}/attendance/confirm"),
    ("attendance.screen", "secretary", "/events/{running}/screen"),
    ("attendance.sign_in_sheet", "secretary", "/events/{recorded}/sign-in-sheet"),
    ("attendance.code", "member1", "/c/"),
    ("find.index", "secretary", "/search?q=红色物业"),
    ("find.index", "member1", "/search"),
    ("find.index", "member1", "/search?q=没有这样的"),
    ("find.index", "secretary", "/search?q=党课&kind=event"),
    ("feedback.results", "secretary", "/events/{recorded}/feedback"),
    ("feedback.results", "secretary", "/events/{coming}/feedback"),
    ("feedback.setting", "secretary", "/events/{coming}/feedback/setting"),
    ("feedback.setting", "secretary", "/events/{recorded}/feedback/setting"),
    ("feedback.answering", "member1", "/events/{asked}/feedback/answer"),
    ("events.show", "member1", "/events/{asked}"),
    ("feedback.index", "secretary", "/feedback/"),
    ("feedback.new", "secretary", "/feedback/new?from=general"),
    ("feedback.edit", "secretary", "/feedback/{template}/edit"),
    ("sites.index", "member1", "/sites/"),
    ("sites.index", "office", "/sites/?state=delisted"),
    ("sites.index", "member1", "/sites/?view=map"),
    ("sites.index", "member1", "/sites/?q=没有这样的点位"),
    ("sites.show", "member1", "/sites/{site}"),
    ("sites.show", "office", "/sites/{site}"),
    ("sites.show", "member1", "/sites/{delisted}"),
    ("sites.show", "office", "/sites/{nominated}"),
    ("sites.card", "member1", "/sites/{site}/card"),
    ("sites.new", "secretary", "/sites/new"),
    ("sites.edit", "keeper", "/sites/{site}/edit"),
    ("sites.rooms", "keeper", "/sites/{site}/rooms"),
    ("sites.add_room", "keeper", "/sites/{site}/rooms/new"),
    ("sites.edit_room", "keeper", "/sites/{site}/rooms/{room}/edit"),
    ("sites.add_title", "keeper", "/sites/{site}/titles/new"),
    ("sites.edit_title", "keeper", "/sites/{site}/titles/{title}/edit"),
    ("sites.site_reviews", "office", "/sites/{delisted}/reviews"),
    ("sites.reviews", "office", "/sites/reviews"),
    ("sites.reviews", "keeper", "/sites/reviews"),
    ("sites.reviews_due", "keeper", "/sites/reviews/due"),
    ("sites.scoring", "office", "/sites/scoring"),
    ("sites.scores", "keeper", "/sites/{site}/score"),
    ("sites.scores", "keeper", "/sites/{scored}/score"),
    ("sites.score", "office", "/sites/{scored}/score/{sheet}"),
    ("sites.decide", "office", "/sites/{site}/decide/review"),
    ("sites.decide", "office", "/sites/{nominated}/decide/name"),
    ("sites.naming", "office", "/sites/{site}/naming"),
    ("sites.nominate", "office", "/sites/{delisted}/nominate"),
    ("routes.index", "member1", "/routes/"),
    ("routes.show", "member1", "/routes/{route}"),
    ("routes.show", "secretary", "/routes/{route}?start=14:00&date=2026-11-23"),
    ("routes.sheet", "member1", "/routes/{route}/sheet"),
    ("routes.new", "secretary", "/routes/new"),
    ("routes.edit", "secretary", "/routes/{route}/edit"),
    ("routes.stops", "secretary", "/routes/{route}/stops"),
    ("routes.edit_stop", "secretary", "/routes/{route}/stops/{stop}/edit"),
    ("people.index", "secretary", "/people/"),
    ("people.index", "office", "/people/?q=w"),
    ("people.show", "secretary", "/people/{person}"),
    ("people.edit", "secretary", "/people/{person}/edit"),
    ("people.exemption", "secretary", "/people/{person}/exemption"),
    ("people.transfer", "secretary", "/people/{person}/transfer"),
    ("people.join", "secretary", "/people/{person}/relations/new"),
    ("people.add_post", "secretary", "/people/{person}/posts/new"),
    ("people.end_post", "secretary", "/people/{holder}/posts/{post}/end"),
    ("people.end_membership", "secretary", "/people/{person}/memberships/{membership}/end"),
    ("people.new", "secretary", "/people/new"),
    ("people.people_import_new", "office", "/people/import"),
    ("people.organisations", "office", "/organisations/"),
    ("people.organisation", "office", "/organisations/{branch}"),
    ("people.edit_organisation", "office", "/organisations/{branch}/edit"),
    ("people.close_organisation", "office", "/organisations/{branch}/close"),
    ("people.new_organisation", "office", "/organisations/new"),
    ("people.organisations_import_new", "office", "/organisations/import"),
    ("admin.accounts", "sysadmin", "/admin/accounts"),
    ("admin.account", "sysadmin", "/admin/accounts/{account}"),
    ("admin.new_account", "sysadmin", "/admin/accounts/new?q=w"),
    ("admin.new_account", "sysadmin", "/admin/accounts/new?person={without}"),
    ("admin.new_person_account", "sysadmin", "/admin/accounts/new-person"),
    ("admin.grants", "secadmin", "/admin/grants"),
    ("admin.grants_of", "secadmin", "/admin/grants/{account}"),
    ("admin.audit", "auditor", "/admin/audit"),
]
# Refusals are pages too.
REFUSED = [
    ("member1", "/events/99999", 404),
    ("member1", "/events/{running}/attendance", 403),
    ("member1", "/c/ZZZZZZ", 404),
    (NOBODY, "/no/such/page", 404),
]

_BY_TITLE = "SELECT id FROM event WHERE title LIKE ? ORDER BY starts_at"
QUESTIONS = {
    "site": ("SELECT id FROM site WHERE name LIKE ?", "鲁商首府%"),
    "delisted": ("SELECT id FROM site WHERE state = ?", "delisted"),
    "nominated": ("SELECT id FROM site WHERE state = ?", "nominated"),
    "room": ("SELECT id FROM room WHERE site_id = {site} AND name <> ?", ""),
    "title": ("SELECT id FROM site_title WHERE site_id = {site} AND name <> ?", ""),
    "scored": ("SELECT site_id FROM score_sheet WHERE result <> ?", ""),
    "sheet": ("SELECT id FROM score_sheet WHERE result <> ?", ""),
    "route": ("SELECT id FROM route WHERE name LIKE ?", "党建引领%"),
    "stop": ("SELECT id FROM route_stop WHERE route_id = {route} AND note <> ?", ""),
    "running": (_BY_TITLE, "%第三讲%"),
    "coming": (_BY_TITLE, "%第四讲%"),
    "draft": (_BY_TITLE, "%第六讲%"),
    "recorded": (_BY_TITLE, "%第二讲%"),
    "cancelled": (_BY_TITLE, "海岸线净滩%"),
    "postponed": (_BY_TITLE, "新时代文明实践宣讲基地观摩"),
    "invited": (_BY_TITLE, "红色书屋研讨：楼院%"),
    "asked": (
        "SELECT event_id FROM event_feedback JOIN event ON event.id = event_id WHERE title = ?",
        "支部党员大会",
    ),
    "template": ("SELECT id FROM feedback_template WHERE name = ?", "系列党课三个点位"),
    "full": ("SELECT event_id FROM signup WHERE status = ? ORDER BY id DESC", "waitlisted"),
    "lesson": ("SELECT id FROM lesson WHERE title = ?", "小区里的红色物业"),
    "lesson_draft": ("SELECT id FROM lesson WHERE state = ?", "draft"),
    "lesson_returned": ("SELECT id FROM lesson WHERE state = ?", "returned"),
    "lesson_waiting": ("SELECT id FROM lesson WHERE state = ?", "in_review"),
    "census": ("SELECT id FROM lesson WHERE title LIKE ?", "人口普查%"),
    "exercise": ("SELECT id FROM exercise WHERE title <> ?", ""),
    "exercise_field": ("SELECT id FROM exercise_field WHERE kind = ?", "multiple"),
    "run_past": ("SELECT id FROM exercise_run WHERE opened_at <> ? ORDER BY id", ""),
    "run": ("SELECT id FROM exercise_run WHERE opened_at <> ? ORDER BY id DESC", ""),
    "census_event": ("SELECT event_id FROM exercise_run WHERE id = {run} AND opened_at <> ?", ""),
    "series": ("SELECT id FROM lesson_series WHERE name = ?", "党建引领主题系列党课"),
    "signup": ("SELECT id FROM signup WHERE event_id = {coming} AND status = ?", "confirmed"),
    "visited_site": ("SELECT site_id FROM booking WHERE unit = ?", "辛家庄社区"),
    "asked_visit": ("SELECT id FROM booking WHERE unit = ?", "辛家庄社区"),
    "visit": ("SELECT id FROM booking WHERE purpose = ?", "带楼组长来看红色书屋"),
    "on_roll": (
        "SELECT person_id FROM attendance_entry WHERE event_id = {running} AND status = ?",
        "expected",
    ),
    "on_record": (
        "SELECT person_id FROM attendance_entry WHERE event_id = {recorded} AND status = ?",
        "present",
    ),
    "person": ("SELECT person_id FROM account WHERE username = ?", "member1"),
    "account": ("SELECT id FROM account WHERE username = ?", "member1"),
    "membership": (
        "SELECT id FROM membership WHERE person_id = {person} AND kind = ?",
        "primary",
    ),
    "picture": ("SELECT id FROM material WHERE kind = ?", "picture"),
    "film": ("SELECT id FROM material WHERE kind = ?", "video"),
    "paper": ("SELECT id FROM material WHERE title LIKE ?", "%讲稿%"),
    "branch": ("SELECT id FROM organisation WHERE code = ?", "ZHL-01-01"),
    "post": (
        "SELECT id FROM post WHERE valid_to IS NULL AND organisation_id = {branch} AND title <> ?",
        "",
    ),
    "holder": ("SELECT person_id FROM post WHERE id = {post} AND title <> ?", ""),
    "message": ("SELECT id FROM message WHERE person_id = {person} AND kind <> ?", ""),
    "in_series": ("SELECT id FROM event WHERE series_id > 0 AND title LIKE ?", "%志愿服务日"),
    "event_series": ("SELECT id FROM event_series WHERE rhythm <> ?", ""),
    "event_template": ("SELECT id FROM event_template WHERE name = ?", "党员志愿服务日"),
    "without": (
        "SELECT id FROM person WHERE id NOT IN (SELECT person_id FROM account) AND name <> ?",
        "",
    ),
}


@dataclass(frozen=True)
class Look:
    """One page to be looked at."""

    address: str
    status: int = 200


def looks(instance: Path) -> dict[str, list[Look]]:
    """Return the pages of each user, with the ids of this instance's demo."""
    ids = _ids(instance)
    found: dict[str, list[Look]] = defaultdict(list)
    for _, username, address in PAGES:
        found[username].append(Look(address.format_map(ids)))
    for username, address, status in REFUSED:
        found[username].append(Look(address.format_map(ids), status))
    return found


def address(instance: Path, pattern: str) -> str:
    """Fill an address with ids of this instance's demo."""
    return pattern.format_map(_ids(instance))


def _ids(instance: Path) -> dict[str, int]:
    ids: dict[str, int] = {}
    connection = sqlite3.connect(instance / "portal.sqlite")
    try:
        for name, (question, value) in QUESTIONS.items():
            row = connection.execute(question.format_map(ids), (value,)).fetchone()
            assert row is not None, f"the demo has no {name}"
            ids[name] = row[0]
    finally:
        connection.close()
    return ids
