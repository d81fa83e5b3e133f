"""Who may open what: one row for every endpoint. A route in no row fails the suite.

`inside` are the roles that get through when the object lies in their part of the tree (the event
of branch one, a member of branch one), `outside` those that get through all the same when it
does not; None says that nothing depends on the object. "Gets through" is any answer below 400
and a form refused for what was typed (422) or what has happened meanwhile (409).

To add a route: one line in `ROWS` below, with the sets by what is right, not by what happens.
`typed` are the form's fields where an empty form would hide the answer, `asked` the query; both may
name the objects of the side, as in `{mark_id}`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANONYMOUS = "anonymous"
ADMINISTRATORS = frozenset({"sysadmin", "secadmin", "auditor"})
ROLES = frozenset(
    {
        ANONYMOUS,
        "member",
        "recorder",
        "branch",
        "secretary",
        "keeper",
        "officer",
        "visitor",
        "office",
        *ADMINISTRATORS,
    }
)
EVERYBODY = ROLES
NOBODY: frozenset[str] = frozenset()
SIGNED_IN = ROLES - {ANONYMOUS}
# Whoever has to do with events; the three administrators see no business data (DOMAIN 3.1).
BUSINESS = SIGNED_IN - ADMINISTRATORS
HOSTS = frozenset({"recorder", "branch", "secretary", "office"})
SECRETARIES = HOSTS - {"recorder"}
# Those who take down what is said: officers and visiting chiefs as well.
OPENERS = HOSTS | {"officer", "visitor"}
# Those who publish what others wrote: never a branch for itself.
REVIEWERS = frozenset({"secretary", "office"})
# The office stands above both sides.
OFFICE = frozenset({"office"})
UPLOADERS = HOSTS | {"keeper"}
# Those who keep the page of a site, and lay routes.
KEEPERS = SECRETARIES | {"keeper"}
SYSADMIN, SECADMIN, AUDITOR = (
    frozenset({"sysadmin"}),
    frozenset({"secadmin"}),
    frozenset({"auditor"}),
)
TREE_KEEPERS = SYSADMIN | OFFICE
# Rosters are personal data: none of the three administrators sees them.
ROSTER_KEEPERS = OFFICE | {"secretary"}


@dataclass(frozen=True)
class Row:
    """Who gets through to an endpoint, inside and outside of the own part of the tree."""

    inside: frozenset[str]
    outside: frozenset[str] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    # Values of the route's parameters that are the same on both sides.
    parts: Mapping[str, str] = field(default_factory=dict)


def everywhere(who: frozenset[str], **typed: str) -> Row:
    """Nothing depends on the object."""
    return Row(who, typed=typed)


def hosted(**typed: str) -> Row:
    """Those who run events for the organisation, and the office above all."""
    return Row(HOSTS, OFFICE, typed)


def kept(**typed: str) -> Row:
    """Secretaries for their own part of the tree."""
    return Row(SECRETARIES, OFFICE, typed)


def of_keepers(**typed: str) -> Row:
    """Those who keep a site, and the secretaries and the office above it."""
    return Row(SECRETARIES | {"keeper"}, OFFICE, typed)


SEEN = Row(BUSINESS, OFFICE)  # a published event: for those who are meant, and its hosts
# An upload under way: for the one who began it, here the secretaries of the two communities.
OF_UPLOADER = Row(frozenset({"secretary"}), NOBODY)
OF_KEEPERS = of_keepers()
OF_ACCOUNTS = everywhere(SYSADMIN)
OF_GRANTS = everywhere(SECADMIN)

ROWS: dict[str, Row] = {
    # ---- the house
    "assets.send": Row(EVERYBODY, parts={"digest": "x", "name": "portal.css"}),
    "health.healthz": everywhere(EVERYBODY),
    "health.readyz": everywhere(EVERYBODY),
    # ---- signing in
    "people.login": everywhere(EVERYBODY),
    "people.try_login": everywhere(EVERYBODY),
    "people.logout": everywhere(SIGNED_IN),
    "people.choose_care": everywhere(EVERYBODY, level="1"),
    "people.waiting": everywhere(SIGNED_IN),
    "people.password": everywhere(SIGNED_IN),
    "people.change_password": everywhere(SIGNED_IN),
    # ---- home and "me"
    "home.index": everywhere(SIGNED_IN),
    "home.me": everywhere(BUSINESS),
    "home.attendance": everywhere(BUSINESS),
    "home.data": everywhere(BUSINESS),
    "home.download": everywhere(BUSINESS),
    "home.calendar": everywhere(BUSINESS),
    "home.calendar_ics": everywhere(BUSINESS),
    "home.open_calendar": everywhere(BUSINESS),
    "home.close_calendar": everywhere(BUSINESS),
    # Whoever knows the secret address; the right one is in tests/home.
    "home.subscription": Row(NOBODY, parts={"key": "unknown"}),
    # ---- the inbox
    "messages.index": everywhere(BUSINESS),
    "messages.read_all": everywhere(BUSINESS),
    "messages.settings": everywhere(BUSINESS),
    # Whoever it was sent to: inside that is the member.
    "messages.show": Row(frozenset({"member"}), NOBODY),
    # ---- cases: whoever runs events where it was said; officers only what is given to them
    "cases.index": everywhere(BUSINESS),
    "cases.waiting": everywhere(BUSINESS),
    "cases.keep_filter": everywhere(BUSINESS, name="红牌"),
    "cases.drop_filter": everywhere(BUSINESS),
    "cases.board": everywhere(OPENERS),
    "cases.calendar": everywhere(OPENERS),
    "cases.rates": everywhere(OPENERS),
    "cases.rate_rows": everywhere(OPENERS),
    "cases.settings": everywhere(OPENERS),
    "cases.set_limit": everywhere(OFFICE),
    "cases.new": everywhere(OPENERS),
    "cases.spot": everywhere(OPENERS),
    "cases.similar": everywhere(OPENERS),
    "cases.code": everywhere(EVERYBODY - ADMINISTRATORS),
    "cases.look": Row(EVERYBODY - ADMINISTRATORS, typed={"code": "{case_code}"}),
    "cases.answer": Row(EVERYBODY - ADMINISTRATORS, typed={"code": "{case_code}"}),
    "cases.of_event": hosted(),
    "cases.show": hosted(),
    "cases.asker": hosted(),
    "cases.renew_code": hosted(),
    "cases.step": Row(HOSTS, OFFICE, parts={"word": "accept"}),
    "cases.edit": kept(),
    "cases.exclude": kept(),
    "cases.open_up": kept(openness="members"),
    "cases.link": Row(HOSTS, OFFICE, typed={"other": "{other_case_id}"}),
    "cases.unlink": Row(HOSTS, OFFICE, typed={"other": "{other_case_id}"}),
    "cases.materials": hosted(),
    "cases.attach": hosted(),
    "cases.take_off": hosted(),
    "cases.export": everywhere(SECRETARIES),
    "cases.import_new": everywhere(SECRETARIES),
    "cases.import_upload": everywhere(SECRETARIES),
    "cases.import_show": everywhere(SECRETARIES),
    "cases.import_confirm": everywhere(SECRETARIES),
    "cases.import_discard": everywhere(SECRETARIES),
    "cases.import_refused": everywhere(SECRETARIES),
    # ---- people
    "people.index": everywhere(HOSTS),
    "people.new": everywhere(HOSTS),
    "people.create": everywhere(HOSTS),
    "people.show": hosted(),
    "people.show_phone": hosted(),
    "people.edit": kept(),
    "people.change": kept(),
    "people.exemption": kept(),
    "people.exempt": kept(),
    "people.lift_exemption": kept(),
    "people.transfer": kept(),
    "people.do_transfer": kept(),
    "people.join": kept(),
    "people.do_join": kept(),
    "people.end_membership": kept(),
    "people.do_end_membership": kept(),
    "people.add_post": kept(),
    "people.do_add_post": kept(),
    "people.end_post": kept(),
    "people.do_end_post": kept(),
    "people.people_import_new": everywhere(ROSTER_KEEPERS),
    "people.people_import_upload": everywhere(ROSTER_KEEPERS),
    "people.people_import_show": everywhere(ROSTER_KEEPERS),
    "people.people_import_confirm": everywhere(ROSTER_KEEPERS),
    "people.people_import_discard": everywhere(ROSTER_KEEPERS),
    "people.people_import_refused": everywhere(ROSTER_KEEPERS),
    # ---- organisations
    "people.organisations": everywhere(HOSTS | SYSADMIN),
    "people.organisation": Row(HOSTS | SYSADMIN, TREE_KEEPERS),
    "people.new_organisation": everywhere(TREE_KEEPERS),
    "people.create_organisation": everywhere(TREE_KEEPERS),
    "people.edit_organisation": everywhere(TREE_KEEPERS),
    "people.change_organisation": everywhere(TREE_KEEPERS),
    "people.close_organisation": everywhere(TREE_KEEPERS),
    "people.do_close_organisation": everywhere(TREE_KEEPERS),
    "people.reopen_organisation": everywhere(TREE_KEEPERS),
    "people.organisations_import_new": everywhere(TREE_KEEPERS),
    "people.organisations_import_upload": everywhere(TREE_KEEPERS),
    "people.organisations_import_show": everywhere(TREE_KEEPERS),
    "people.organisations_import_confirm": everywhere(TREE_KEEPERS),
    "people.organisations_import_discard": everywhere(TREE_KEEPERS),
    "people.organisations_import_refused": everywhere(TREE_KEEPERS),
    # ---- events
    "events.index": everywhere(BUSINESS),
    "events.week": everywhere(BUSINESS),
    "events.month": everywhere(BUSINESS),
    "events.new": everywhere(HOSTS),
    "events.place": everywhere(HOSTS),
    "events.show": SEEN,
    "events.calendar_file": SEEN,
    "events.edit": hosted(),
    "events.publish": hosted(),
    "events.postpone": hosted(),
    "events.cancel": hosted(),
    "events.end": hosted(),
    "events.archive": hosted(),
    "events.copy": hosted(),
    "events.sessions": hosted(),
    "events.add_session": hosted(),
    "events.edit_session": hosted(),
    "events.remove_session": hosted(),
    "events.give": hosted(),  # nobody has published the lesson yet
    "events.discard": hosted(),
    "events.agenda": hosted(),
    "events.notice": SEEN,
    "events.notice_file": SEEN,
    "events.poster": SEEN,
    "events.repeat": hosted(),
    "events.series": SEEN,
    "events.publish_series": hosted(),
    "events.following": hosted(),
    "events.cancel_following": hosted(),
    "events.templates": everywhere(HOSTS),
    "events.save_as_template": hosted(),
    "events.template": hosted(),
    "events.discard_template": hosted(),
    "events.holidays": everywhere(HOSTS),
    "events.add_holiday": everywhere(OFFICE),
    "events.remove_holiday": everywhere(OFFICE),
    "events.holidays_import_new": everywhere(OFFICE),
    "events.holidays_import_upload": everywhere(OFFICE),
    "events.holidays_import_show": everywhere(OFFICE),
    "events.holidays_import_confirm": everywhere(OFFICE),
    "events.holidays_import_discard": everywhere(OFFICE),
    "events.holidays_import_refused": everywhere(OFFICE),
    "events.invitations": hosted(),
    "events.invite": hosted(),
    "events.match_file": hosted(),
    "events.withdraw": hosted(),
    "events.materials": hosted(),
    "events.attach": hosted(),
    "events.take_off": hosted(),
    "events.move": hosted(),
    # ---- materials; the world's is attached to its event, so that whoever sees that reads it
    "materials.index": everywhere(UPLOADERS),
    "materials.new": everywhere(UPLOADERS),
    "materials.show": SEEN,
    "materials.content": SEEN,
    "materials.download": SEEN,
    "materials.preview": SEEN,
    "materials.thumbnail": Row(BUSINESS, OFFICE, parts={"size": "320"}),
    "materials.rename": hosted(),
    "materials.archive": hosted(),
    "materials.restore": hosted(),
    "materials.remove": hosted(),
    "materials.set_poster": hosted(),
    "materials.take_poster_off": hosted(),
    "materials.describe_uploads": everywhere(EVERYBODY),
    "materials.begin_upload": everywhere(UPLOADERS),
    "materials.ask_offset": OF_UPLOADER,
    "materials.send_piece": OF_UPLOADER,
    "materials.cancel_upload": OF_UPLOADER,
    "materials.outcome": OF_UPLOADER,
    "materials.discard_upload": OF_UPLOADER,
    # ---- sites: whoever may see one sees it wherever it lies, once it has been named
    "sites.index": everywhere(BUSINESS),
    "sites.show": everywhere(BUSINESS),
    "sites.card": everywhere(BUSINESS),
    "sites.new": everywhere(SECRETARIES),
    "sites.reviews": everywhere(KEEPERS),
    "sites.reviews_due": everywhere(KEEPERS),
    "sites.remind": everywhere(OFFICE),
    "sites.edit": OF_KEEPERS,
    "sites.discard": kept(),
    "sites.nominate": kept(),
    "sites.decide": Row(OFFICE, OFFICE, parts={"move": "review"}),
    "sites.naming": Row(OFFICE, OFFICE),
    "sites.add_title": OF_KEEPERS,
    "sites.edit_title": OF_KEEPERS,
    "sites.remove_title": OF_KEEPERS,
    "sites.rooms": OF_KEEPERS,
    "sites.add_room": OF_KEEPERS,
    "sites.edit_room": OF_KEEPERS,
    "sites.edit_closure": OF_KEEPERS,
    "sites.remove_room": OF_KEEPERS,
    "sites.set_hours": OF_KEEPERS,
    "sites.close": OF_KEEPERS,
    "sites.reopen": OF_KEEPERS,
    "sites.site_reviews": OF_KEEPERS,
    "sites.pictures": OF_KEEPERS,
    "sites.add_pictures": OF_KEEPERS,
    "sites.edit_picture": OF_KEEPERS,
    "sites.move_picture": OF_KEEPERS,
    "sites.remove_picture": OF_KEEPERS,
    "sites.scoring": everywhere(OFFICE),
    "sites.close_scoring": everywhere(OFFICE),
    "sites.scores": everywhere(BUSINESS),
    "sites.begin_score": OF_KEEPERS,
    # A sheet on which its keepers still write.
    "sites.score": OF_KEEPERS,
    "sites.settle_score": Row(OFFICE, OFFICE),
    # ---- routes
    "routes.index": everywhere(BUSINESS),
    "routes.show": everywhere(BUSINESS),
    "routes.sheet": everywhere(BUSINESS),
    "routes.new": everywhere(KEEPERS),
    "routes.edit": OF_KEEPERS,
    "routes.stops": OF_KEEPERS,
    "routes.move_stop": Row(KEEPERS, OFFICE, {"direction": "up"}),
    "routes.edit_stop": OF_KEEPERS,
    "routes.remove_stop": OF_KEEPERS,
    "routes.discard": OF_KEEPERS,
    # ---- seats
    "seating.index": hosted(),
    "seating.set_plan": hosted(),
    "seating.assign": hosted(),
    "seating.free": hosted(),
    "seating.fill": hosted(),
    "seating.clear": hosted(),
    "seating.show": hosted(),
    "seating.hide": hosted(),
    "seating.printed": hosted(),
    # ---- sign-ups
    "signups.sign_up": SEEN,
    "signups.cancel": SEEN,
    "signups.index": hosted(),
    "signups.log": hosted(),
    "signups.add": hosted(),
    "signups.add_many": hosted(),
    "signups.questions": hosted(),
    "signups.set_questions": hosted(),
    "signups.list_xlsx": hosted(),
    "signups.invited": hosted(),
    "signups.refuse": SEEN,
    "signups.standing_in": SEEN,
    "signups.send_stand_in": SEEN,
    "signups.come_oneself": SEEN,
    "signups.refuse_stand_in": hosted(),
    "signups.answering": SEEN,
    "signups.answer": SEEN,
    "signups.written": hosted(),
    "signups.read_list": hosted(),
    "signups.add_written": hosted(),
    # A page of one's own family: empty for who helps nobody.
    "signups.family": SEEN,
    "signups.add_family": SEEN,
    "signup_helpers.index": kept(),
    "signup_helpers.grant": kept(),
    "signup_helpers.revoke": kept(),
    "signups.removing": hosted(),
    "signups.remove": hosted(),
    "signups.promote": hosted(),
    "signups.rules": hosted(),
    "signups.set_rules": hosted(),
    "signups.approve": hosted(),
    "signups.decline": hosted(),
    "signups.queueing": hosted(),
    "signups.prefer": hosted(),
    "signups.part": hosted(),
    # Besides the hosts oneself and who signed one up; here it is somebody else's (tests/signups).
    "signups.accept": hosted(),
    "signups.turn_down": hosted(),
    "signups.walk_in": hosted(),
    "signups.register": hosted(),
    # ---- visits to sites: asked by somebody else of the side, of whom only keepers learn
    "bookings.index": everywhere(BUSINESS),
    "bookings.waiting": everywhere(SECRETARIES | {"keeper"}),
    "bookings.calendar": everywhere(BUSINESS),
    "bookings.new": everywhere(BUSINESS),
    "bookings.show": of_keepers(),
    "bookings.booking_ics": of_keepers(),
    "bookings.show_contact": of_keepers(),
    "bookings.approve": of_keepers(),
    "bookings.decline": of_keepers(),
    # Those whose visit it is; here it is nobody's who is asked.
    "bookings.edit": Row(NOBODY, NOBODY),
    "bookings.move": of_keepers(),
    "bookings.cancel": of_keepers(),
    "bookings.visited": of_keepers(),
    "bookings.not_come": of_keepers(),
    "bookings.site_ics": of_keepers(),
    "bookings.rules": of_keepers(),
    # ---- the roll
    "attendance.roll": hosted(),
    "attendance.live": hosted(),
    "attendance.person": hosted(),
    "attendance.mark": hosted(status="present"),
    "attendance.find": hosted(),
    "attendance.undo": hosted(mark="{mark_id}"),
    "attendance.all_present": hosted(),
    "attendance.mark_rest_present": hosted(),
    "attendance.confirmation": hosted(),
    "attendance.confirm": hosted(),
    "attendance.reconcile": hosted(),
    "attendance.count_heads": hosted(people="3"),
    "attendance.merge_walk_in": hosted(walk_in="{person_id}", into="{person_id}"),
    "attendance.decide": hosted(choice="here"),
    "attendance.attendees": hosted(),
    "attendance.signing_out": hosted(),
    "attendance.ask_to_sign_out": hosted(signs_out="y", early_grace="10", minimum_stay="30"),
    "attendance.sign_out": hosted(),
    "attendance.judge_leaving": hosted(choice="early"),
    "attendance.scans": hosted(),
    "attendance.screen": hosted(),
    # ---- doors; a session is no token (tests/doors has those)
    "doors.tokens": hosted(),
    "doors.make_token": hosted(),
    "doors.revoke_token": hosted(),
    "doors.badges": hosted(),
    "doors.issue_badges": hosted(),
    "doors.passes_of": hosted(),
    "doors.revoke_passes": hosted(),
    "doors.entrance": hosted(),
    "doors.set_up_wall": hosted(),
    "doors.paper": hosted(),
    "doors.print_sheet": hosted(),
    "doors.printed": hosted(),
    "doors.enter_page": hosted(way="all_but", reason="断网"),
    "doors.scanner": hosted(),
    "doors.scan": hosted(shown="x"),
    "doors.undo_scan": hosted(client_id="{scan_id}"),
    # Hosts start and end kiosks; what a kiosk does needs its cookie, and no session has one.
    "doors.kiosk": hosted(),
    "doors.start_kiosk": hosted(),
    "doors.end_kiosk": hosted(),
    "doors.sign_in_at_kiosk": Row(NOBODY, NOBODY),
    "doors.find_at_kiosk": Row(NOBODY, NOBODY),
    "doors.leaving": Row(NOBODY, NOBODY),
    "doors.leave_kiosk": Row(NOBODY, NOBODY),
    "doors.my_pass": everywhere(BUSINESS),
    "doors.renew_pass": everywhere(BUSINESS),
    "doors.api_help": everywhere(EVERYBODY),
    "door_api.roster": everywhere(NOBODY),
    "door_api.check_in": everywhere(NOBODY),
    "door_api.openapi": everywhere(EVERYBODY),
    "door_api.withdraw": everywhere(NOBODY),
    "door_api.write_down": everywhere(NOBODY),
    # The page at the door; what a browser keeps of it says nothing of anybody.
    "doors.door": hosted(),
    "doors.prepare": hosted(name="东门平板"),
    "doors.door_shell": everywhere(EVERYBODY - ADMINISTRATORS),
    "doors.door_worker": everywhere(EVERYBODY - ADMINISTRATORS),
    "doors.door_manifest": everywhere(EVERYBODY - ADMINISTRATORS),
    "doors.names": hosted(),
    "doors.name": hosted(),
    "doors.settle_name": hosted(),
    "door_tokens.index": everywhere(SYSADMIN),
    "door_tokens.make": everywhere(SYSADMIN),
    "door_tokens.revoke": everywhere(SYSADMIN),
    "attendance.sign_in_sheet": hosted(),
    "attendance.sign_in_sheet_xlsx": hosted(),
    "attendance.sign_in_sheet_docx": hosted(),
    "attendance.code": everywhere(BUSINESS),
    "attendance.enter_code": everywhere(BUSINESS),
    # Whoever is meant signs in; standing above the host does not make one meant.
    "attendance.arrive": Row(BUSINESS, NOBODY),
    "attendance.check_in": Row(BUSINESS, NOBODY),
    # ---- statistics
    "reports.index": everywhere(HOSTS),
    "reports.rows": everywhere(HOSTS),
    "reports.person": hosted(),
    "reports.event": hosted(),
    # ---- year archives
    "archives.index": everywhere(HOSTS),
    "archives.show": hosted(),
    "archives.download": hosted(),
    "archives.put_away": hosted(),
    "archives.remove": hosted(),
    "archives.handover": everywhere(HOSTS),
    # ---- leave
    # ---- hours
    "hours.index": everywhere(BUSINESS),
    "hours.ring": everywhere(BUSINESS),
    "hours.person": kept(),
    "hours.branch": Row(HOSTS, OFFICE, asked={"org": "{organisation_id}"}),
    "hours.branch_xlsx": Row(SECRETARIES, OFFICE, asked={"org": "{organisation_id}"}),
    "hours.waiting": everywhere(HOSTS),
    "hours.event": hosted(),
    "hours.rules": everywhere(BUSINESS),
    "hours.edit_rule": Row(OFFICE, parts={"source": "lesson"}),
    "hours.edit_threshold": Row(OFFICE, parts={"category": "member"}),
    "hours.new": Row(HOSTS, OFFICE, asked={"person": "{person_id}"}),
    "hours.enter": Row(HOSTS, OFFICE, asked={"person": "{person_id}"}),
    "hours.training": kept(),
    # Whoever entered it or whom it is about; here nobody of the roles.
    "hours.edit": Row(NOBODY, NOBODY),
    "hours.change": Row(NOBODY, NOBODY),
    "hours.withdraw": Row(NOBODY, NOBODY),
    "hours.confirm": kept(),
    "hours.refuse": kept(note="没有结业证"),
    "hours.issue": kept(person="{person_id}"),
    "hours.certificate": kept(),
    "hours.certificate_pdf": kept(),
    "hours.make_pdf": kept(),
    "hours.check": everywhere(EVERYBODY),
    # ---- leave
    "leaves.ask": Row(BUSINESS, OFFICE),
    # Whoever has asked: inside that is the member.
    "leaves.withdraw": Row(frozenset({"member"}), NOBODY),
    "leaves.index": everywhere(HOSTS),
    "leaves.show": hosted(),
    "leaves.grant": hosted(),
    "leaves.refuse": hosted(note="来得及参加"),
    "leaves.take_back": hosted(note="批错了"),
    "leaves.of_event": hosted(),
    "leaves.entering": hosted(),
    "leaves.enter": hosted(),
    "leaves.make_ups": hosted(),
    "leaves.record": hosted(),
    "leaves.make_up": hosted(),
    "leaves.prove": hosted(),
    "leaves.remove": hosted(),
    # ---- records: inside those who keep them; above all the office
    "records.index": everywhere(HOSTS),
    "records.open_resolutions": everywhere(HOSTS),
    "records.new": Row(HOSTS, OFFICE, asked={"event": "{event_id}"}),
    "records.of_event": hosted(),
    "records.prepare": hosted(),
    "records.into_agenda": hosted(),
    "records.minutes": hosted(),
    "records.show": hosted(),
    "records.edit": hosted(),
    "records.notes": hosted(),
    "records.take_down": hosted(),
    "records.statement": hosted(),
    "records.said": hosted(),
    "records.supplement": hosted(text="更正"),
    "records.read_back": hosted(),
    "records.enter_vote": hosted(),
    "records.remove_vote": hosted(),
    "records.resolve": hosted(),
    "records.report": hosted(),
    "records.remove_resolution": hosted(),
    "records.confirm_as_recorder": hosted(),
    # What a recorder meets here is that something is missing still, as everybody does.
    "records.confirm_as_host": hosted(),
    "records.add": hosted(text="补充"),
    "records.book_page": hosted(),
    "records.summary_of": hosted(),
    "records.own": everywhere(BUSINESS),
    "records.pdf": hosted(),
    "records.make_pdf": hosted(),
    "records.minutes_pdf": hosted(),
    "records.templates": everywhere(HOSTS),
    "records.new_template": everywhere(HOSTS),
    "records.edit_template": hosted(name="模板", reported="要点"),
    "records.remove_template": hosted(),
    # A draft is for those who keep it.
    "records.read": hosted(),
    "records.sum_up": hosted(text="小结"),
    "records.summary_file": hosted(),
    # ---- feedback
    "feedback.results": hosted(),
    "feedback.setting": hosted(),
    "feedback.stop": hosted(),
    # Whoever was there: of all roles the member, at the event inside.
    "feedback.answering": Row(frozenset({"member"}), NOBODY),
    "feedback.answer": Row(frozenset({"member"}), NOBODY),
    "feedback.dismiss": Row(frozenset({"member"}), NOBODY),
    "feedback.index": everywhere(HOSTS),
    "feedback.new": everywhere(HOSTS),
    "feedback.edit": hosted(),
    "feedback.remove": hosted(),
    # ---- lessons
    "lessons.index": everywhere(BUSINESS),
    "lessons.new": everywhere(HOSTS),
    "lessons.preview": everywhere(HOSTS),
    "lessons.show": hosted(),  # nobody has published it yet
    "lessons.edit": hosted(),
    "lessons.submit": hosted(),
    "lessons.withdraw": hosted(),
    "lessons.discard": hosted(),
    "lessons.versions": hosted(),
    "lessons.version": Row(HOSTS, OFFICE, parts={"number": "1"}),
    "lessons.compare": hosted(),
    "lessons.review": Row(REVIEWERS, OFFICE),
    "lessons.publish": Row(REVIEWERS, OFFICE),
    "lessons.return_with_remark": Row(REVIEWERS, OFFICE),
    "lessons.archive": Row(REVIEWERS, OFFICE),
    "lessons.restore": Row(REVIEWERS, OFFICE),
    "lessons.materials": hosted(),
    "lessons.attach": hosted(),
    "lessons.add_picture": hosted(),
    "lessons.take_off": hosted(),
    "lessons.move_material": hosted(),
    "lessons.set_cover": hosted(),
    "lessons.all_series": everywhere(BUSINESS),
    "lessons.new_series": everywhere(HOSTS),
    "lessons.show_series": everywhere(BUSINESS),
    "lessons.edit_series": hosted(),
    "lessons.discard_series": hosted(),
    # ---- find anything; what each finds is in tests/find
    "find.index": everywhere(BUSINESS),
    # ---- exercises
    "exercises.new": Row(HOSTS, OFFICE, asked={"lesson": "{lesson_id}"}),
    "exercises.show": hosted(),
    "exercises.edit": hosted(),
    "exercises.discard": hosted(),
    "exercises.new_field": hosted(),
    "exercises.edit_field": hosted(),
    "exercises.move_field": hosted(),
    "exercises.remove_field": hosted(),
    "exercises.open_run": hosted(event_id="{event_id}"),
    "exercises.results": hosted(),
    "exercises.close": hosted(),
    "exercises.reopen": hosted(),
    # Whoever takes part: of all roles the member, at the event inside.
    "exercises.fill": Row(frozenset({"member"}), NOBODY),
    "exercises.enter": Row(frozenset({"member"}), NOBODY),
    "exercises.settle": Row(frozenset({"member"}), NOBODY),
    "exercises.back": Row(frozenset({"member"}), NOBODY),
    "exercises.correct": Row(frozenset({"member"}), NOBODY),
    "exercises.hand_in": Row(frozenset({"member"}), NOBODY),
    # ---- the three administrators
    "admin.accounts": OF_ACCOUNTS,
    "admin.account": OF_ACCOUNTS,
    "admin.new_account": OF_ACCOUNTS,
    "admin.create_account": Row(SYSADMIN, asked={"person": "{person_id}"}),
    "admin.new_person_account": OF_ACCOUNTS,
    "admin.create_person_account": OF_ACCOUNTS,
    "admin.deactivate": OF_ACCOUNTS,
    "admin.reactivate": OF_ACCOUNTS,
    "admin.unlock": OF_ACCOUNTS,
    "admin.set_expiry": OF_ACCOUNTS,
    "admin.reset_password": OF_ACCOUNTS,
    "admin.grants": OF_GRANTS,
    "admin.grants_of": OF_GRANTS,
    "admin.grant": OF_GRANTS,
    "admin.confirm": OF_GRANTS,
    "admin.withdraw": OF_GRANTS,
    "admin.audit": everywhere(AUDITOR),
    "admin.verify_audit": everywhere(AUDITOR),
    "admin.export_audit": everywhere(AUDITOR),
}
