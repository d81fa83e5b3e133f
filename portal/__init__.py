"""The intranet portal for party-building events: see docs/architecture.md."""

import os
from pathlib import Path
from typing import Any

from flask import Flask

from portal import cli, config, database, reading, web
from portal.admin.views import bp as admin
from portal.archives import in_background as archives_in_background
from portal.archives.views import bp as archives
from portal.attendance import in_archives as attendance_in_archives
from portal.attendance import in_background as attendance_in_background
from portal.attendance import on_event_page as roll_on_event_page
from portal.attendance.views import bp as attendance
from portal.audit import services as audit
from portal.bookings import in_background as bookings_in_background
from portal.bookings import on_site_page as bookings_on_site_page
from portal.bookings.views import bp as bookings
from portal.cases import in_archives as cases_in_archives
from portal.cases import in_background as cases_in_background
from portal.cases import on_event_page as cases_on_event_page
from portal.cases import on_papers as cases_on_papers
from portal.cases import on_records as cases_on_records
from portal.cases.views import bp as cases
from portal.doors import api as door_api
from portal.doors import on_event_page as doors_on_event_page
from portal.doors.views import bp as doors
from portal.doors.views import standing_bp as door_tokens
from portal.events import in_archives as events_in_archives
from portal.events import lessons_in_archives, on_lessons, on_materials, on_organisations
from portal.events.views import bp as events
from portal.exercises import in_background as exercises_in_background
from portal.exercises import on_pages as exercises_on_pages
from portal.exercises.views import bp as exercises
from portal.feedback import in_background as feedback_in_background
from portal.feedback import on_event_page as feedback_on_event_page
from portal.feedback.views import bp as feedback
from portal.find import offering
from portal.find.views import bp as find
from portal.home.views import bp as home
from portal.hours import in_archives as hours_in_archives
from portal.hours import in_background as hours_in_background
from portal.hours import on_pages as hours_on_pages
from portal.hours.views import bp as hours
from portal.jobs import bell
from portal.leaves import in_archives as leaves_in_archives
from portal.leaves import in_background as leaves_in_background
from portal.leaves import on_event_page as leaves_on_event_page
from portal.leaves.views import bp as leaves
from portal.lessons import on_materials as lessons_on_materials
from portal.lessons import on_organisations as lessons_on_organisations
from portal.lessons import on_routes as lessons_on_routes
from portal.lessons.views import bp as lessons
from portal.materials import in_background as materials_in_background
from portal.materials.views import bp as materials
from portal.messages import in_masthead
from portal.messages.views import bp as messages
from portal.people import gate, navigation, session
from portal.people.views import bp as people
from portal.records import in_archives as records_in_archives
from portal.records import in_background as records_in_background
from portal.records import on_event_page as records_on_event_page
from portal.records.views import bp as records
from portal.reports import on_pages as reports_on_pages
from portal.reports.views import bp as reports
from portal.seating import on_event_page as seating_on_event_page
from portal.seating.views import bp as seating
from portal.signups import in_background as signups_in_background
from portal.signups import on_event_page
from portal.signups.views import bp as signups
from portal.signups.views import helpers_bp as signup_helpers
from portal.sites import in_background as sites_in_background
from portal.sites import on_materials as sites_on_materials
from portal.sites.routes.views import bp as routes
from portal.sites.views import bp as sites
from portal.web.application import Application

ROOT = Path(__file__).resolve().parent.parent
LESSONS_AND_SITES = (materials, sites, routes, lessons, bookings)
ON_ROLLS = (attendance, leaves, doors, door_tokens, door_api.bp)
EVENTS = (events, signups, signup_helpers, seating, *ON_ROLLS, exercises, feedback, records)
IN_BACKGROUND = (
    archives_in_background,
    materials_in_background,
    sites_in_background,
    bookings_in_background,
    signups_in_background,
    attendance_in_background,
    records_in_background,
    leaves_in_background,
    exercises_in_background,
    feedback_in_background,
    hours_in_background,
    cases_in_background,
)
ROOMS = (
    *(people, messages, *LESSONS_AND_SITES, *EVENTS, cases, hours),
    *(archives, reports, find, home, admin),
)


def create_app(**settings: Any) -> Flask:
    """Return the portal; raise ConfigurationError when its settings cannot work."""
    app = Application(
        __name__,
        instance_path=os.environ.get("PORTAL_INSTANCE_PATH", str(ROOT / "instance")),
        template_folder=str(ROOT / "templates"),
        static_folder=None,
    )
    config.init_app(app, settings)
    database.init_app(app)
    reading.init_app(app)
    audit.init_app(app)
    web.init_app(app)
    bell.init_app(app)
    for part in IN_BACKGROUND:
        part.init_app(app)
    session.init_app(app)
    gate.init_app(app)
    navigation.init_app(app)
    in_masthead.init_app(app)
    sites_on_materials.init_app(app)
    bookings_on_site_page.init_app(app)
    on_organisations.init_app(app)
    lessons_on_organisations.init_app(app)
    lessons_on_materials.init_app(app)
    lessons_on_routes.init_app(app)
    on_lessons.init_app(app)
    offering.init_app(app)
    on_event_page.init_app(app)
    seating_on_event_page.init_app(app)
    roll_on_event_page.init_app(app)
    records_on_event_page.init_app(app)
    doors_on_event_page.init_app(app)
    door_api.init_app(app)
    on_materials.init_app(app)
    exercises_on_pages.init_app(app)
    leaves_on_event_page.init_app(app)
    feedback_on_event_page.init_app(app)
    hours_on_pages.init_app(app)
    cases_on_event_page.init_app(app)
    cases_on_records.init_app(app)
    cases_on_papers.init_app(app)
    reports_on_pages.init_app(app)
    events_in_archives.init_app(app)
    lessons_in_archives.init_app(app)
    attendance_in_archives.init_app(app)
    leaves_in_archives.init_app(app)
    records_in_archives.init_app(app)
    hours_in_archives.init_app(app)
    cases_in_archives.init_app(app)
    cli.init_app(app)
    for room in ROOMS:
        app.register_blueprint(room)
    return app
