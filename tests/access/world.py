"""The world in which every role tries every route: one Street, one object inside, one outside.

Inside is branch one of 汕头路, where the recorder and the branch secretary are; outside is the
branch of 海口路. The office stands above both. Nobody of the roles is meant by the event outside.
"""

import io
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from portal import clock
from portal.attendance import codes
from portal.attendance.models import AttendanceStatus, Method, Roll
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn, mark, record
from portal.bookings import queries as bookings
from portal.bookings.models import Booking
from portal.bookings.services import Visit, ask
from portal.cases import codes as case_codes
from portal.database import db, write_transaction
from portal.doors import services as doors
from portal.doors.models import DoorToken
from portal.doors.offline.models import DoorName
from portal.events import queries as events
from portal.events.models import (
    Audience,
    Event,
    EventDueOrganisation,
    EventMaterial,
    EventState,
)
from portal.exercises import services as exercises
from portal.exercises.models import FieldKind
from portal.exercises.services.building import Asked, Facts
from portal.feedback import services as feedback
from portal.feedback.questions import STANDARDS
from portal.lessons.models import Lesson, LessonMaterial, LessonState, LessonVersion
from portal.materials import previews
from portal.materials import services as materials
from portal.materials.services import uploads
from portal.people.imports.services import FileFacts
from portal.people.imports.waiting import Upload, WaitingRoom
from portal.people.models import Account, Membership, Organisation, Person, Post, Role, RoleGrant
from portal.people.services import sessions
from portal.records import services as records
from portal.records.models import (
    EventSummary,
    RecordKind,
    RecordTemplate,
    StatementKind,
    VoteBasis,
    VoteMethod,
)
from portal.records.services import Ballot, Said
from portal.signups import services as signups
from portal.signups.answer_models import StandIn, StandInState
from portal.signups.models import Signup, SignupHelper, SignupOrigin
from portal.sites.models import Closure, Level, Site, SitePicture, SiteTitle
from portal.sites.uses.queries import site_with_hours
from portal.workdays.models import Holiday
from tests import factories
from tests.access.expectations import ANONYMOUS, ROLES
from tests.bookings import worlds
from tests.factories import Street
from tests.materials import samples

# The attribute of Street that stands for a role.
WHO = {
    "member": "a",
    **{role: role for role in ROLES - {ANONYMOUS, "member"}},
}
INSIDE, OUTSIDE = "inside", "outside"


@dataclass(frozen=True)
class Side:
    """The objects on one side of the fence, by the name of the route's parameter."""

    numbers: dict[str, Any]


class World:
    """A portal with everything in it, put back to how it was after each successful write."""

    def __init__(self, app: Flask, folder: Path) -> None:
        self.app = app
        self._file = folder / "portal.sqlite"
        self._kept = folder / "kept.sqlite"
        with app.app_context():
            street = Street()
            self._files = self._upload(street)
            self.sides = {
                INSIDE: self._side(street, street.branch_one, street.b, told=street.a),
                OUTSIDE: self._side(street, street.branch_far, street.d, told=street.d),
            }
            self.cookies = {role: self._cookie(street, role) for role in WHO}
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        shutil.copy(self._file, self._kept)
        self._uploads = Path(app.instance_path) / "imports"
        self._kept_uploads = folder / "kept-imports"
        shutil.copytree(self._uploads, self._kept_uploads)

    def ask(self, role: str, method: str, path: str, data: dict[str, Any]) -> TestResponse:
        """Send one request as that role, and undo what it did."""
        client = self.app.test_client()
        if role != ANONYMOUS:
            client.set_cookie("portal", self.cookies[role])
        response = client.open(path, method=method, data=data or None, buffered=True)
        if method != "GET" and response.status_code < 400:
            self._put_back()
        return response

    def token(self, role: str, kind: str) -> str:
        """Return the token of a file that this role has uploaded, if it ever may."""
        return self._files.get((role, kind), "x" * 32)

    def _put_back(self) -> None:
        with self.app.app_context():
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
        shutil.copy(self._kept, self._file)
        shutil.rmtree(self._uploads, ignore_errors=True)
        shutil.copytree(self._kept_uploads, self._uploads)

    def _side(self, street: Street, branch: Organisation, person: Person, *, told: Person) -> Side:
        message = factories.message(told)
        post = Post(person_id=person.id, organisation_id=branch.id, title="组织委员")
        db.session.add(post)
        site = worlds.site(
            branch,
            person,
            name=f"{branch.name}示范点",
            titles=[SiteTitle(name="示范点", title_level=Level.DISTRICT)],
            closures=[Closure(starts_on=date(2030, 1, 1))],
        )
        route = factories.route(branch, person, [site])
        scheme = factories.scheme(branch, person)
        site_numbers = {
            "scheme_id": scheme.id,
            "sheet_id": factories.sheet(site, scheme).id,
            "site_id": site.id,
            "room_id": site.rooms[0].id,
            "title_id": site.titles[0].id,
            "closure_id": site.closures[0].id,
            "route_id": route.id,
            "stop_id": route.stops[0].id,
        }
        event = factories.event(
            branch,
            person,
            audience=Audience.OPEN if branch is street.branch_one else Audience.DUE,
            starts_at=clock.now() + timedelta(minutes=30),
        )
        if event.audience is Audience.DUE:
            db.session.add(EventDueOrganisation(event_id=event.id, organisation_id=branch.id))
        event_series = factories.event_series(branch, person)
        event.series_id, event.planned_at = event_series.id, event.starts_at
        event_template = factories.event_template(branch, person)
        holiday = Holiday(day=clock.today() + timedelta(days=event.id), name="假日")
        db.session.add(holiday)
        db.session.flush()
        find = select(Account.id).where(Account.person_id == person.id)
        grant = factories.grant(person, Role.RECORDER, branch)
        db.session.commit()
        with write_transaction():
            signups.sign_up(
                event=events.event_to_change(_with_grants(street.office), event.id),
                person=person,
                actor=person,
                origin=SignupOrigin.SELF,
            )
        with write_transaction():
            made = mark(
                event=events.event_to_change(_with_grants(street.office), event.id),
                person_id=person.id,
                status=AttendanceStatus.PRESENT,
                actor=street.office,
                timing=Timing(),
            ).mark
            mark_id = made.id if made is not None else 0
        questionnaire_id = self._feedback(street, branch, event.id)
        leave, make_up = factories.leave(event, told), factories.make_up(event, person)
        training, certificate = factories.training(person), factories.certificate(person)
        roll = db.session.scalars(select(Roll).where(Roll.event_id == event.id)).one()
        lesson = factories.lesson(branch, person, state=LessonState.DRAFT)
        series = factories.series(branch, person)
        practised = factories.lesson(branch, person, state=LessonState.DRAFT)
        exercise_id, field_id, run_id = self._exercise(person, event.id, practised)
        seconds = self.app.config["PORTAL_CODE_SECONDS"]
        booking = self._booking(site, person)
        case, other = (factories.case(branch, person, event=event) for _ in range(2))
        case_code = f"CASE{branch.id:08d}"
        case.code_hash = case_codes.hash_of(case_code)
        session = factories.event(
            branch,
            person,
            part_of_id=event.id,
            session_name="第一场",
            state=EventState.DRAFT,
            audience=event.audience,
        )
        numbers = {
            "case_id": case.id,
            "other_case_id": other.id,
            "case_code": case_code,
            "filter_id": 1,
            "event_id": event.id,
            "session_id": session.id,
            "booking_id": booking.id,
            "person_id": person.id,
            "organisation_id": branch.id,
            "account_id": db.session.scalar(find),
            "grant_id": grant.id,
            "signup_id": db.session.scalar(select(Signup.id).where(Signup.event_id == event.id)),
            "membership_id": db.session.scalar(
                select(Membership.id).where(Membership.person_id == person.id)
            ),
            "post_id": post.id,
            "mark_id": mark_id,
            "request_id": leave.id,
            "archive_id": factories.archive(branch, person).id,
            "make_up_id": make_up.id,
            "training_id": training.id,
            "certificate_id": certificate.id,
            "lesson_id": lesson.id,
            "series_id": series.id,
            **site_numbers,
            "exercise_id": exercise_id,
            "field_id": field_id,
            "run_id": run_id,
            "message_id": message.id,
            "event_series_id": event_series.id,
            "event_template_id": event_template.id,
            "holiday_id": holiday.id,
            "questionnaire_id": questionnaire_id,
            "token_id": self._token(event, person).id,
            "kiosk_id": self._kiosk(event, person),
            "scan_id": self._scan(event, person),
            "name_id": self._door_name(event, person).id,
            "helper_id": self._helper(street, person),
            "stand_in_id": self._stand_in(street, event, person),
            "paper_id": doors.print_sheet(event=event, actor=person).id,
            "page": 1,
            "standing_id": self._token(street.street, street.sysadmin).id,
            "code": codes.new_code(roll.code_secret, event.id, clock.now(), seconds=seconds),
        }
        db.session.commit()  # what follows begins transactions of its own
        numbers |= self._records(event, branch, person)
        numbers |= self._materials(street, branch, person, event, lesson)
        shown = materials.keep(
            stream=io.BytesIO(samples.picture(size=(40, 60 + branch.id))),
            filename="外景.png",
            owner=branch,
            actor=person,
        )
        picture = SitePicture(
            site_id=site_numbers["site_id"],
            material_id=shown.id,
            alt_text="合影",
            position=1,
        )
        db.session.add(picture)
        db.session.flush()
        numbers["picture_id"] = picture.id
        db.session.commit()
        return Side(numbers)

    @staticmethod
    def _records(event: Event, branch: Organisation, person: Person) -> dict[str, int]:
        """A draft of the event with one of everything in it."""
        with write_transaction():
            record = records.begin(
                event=events.event(event.id),
                kind=RecordKind.SEMINAR,
                organisation=db.session.merge(branch),
                late_reason="",
                actor=db.session.merge(person),
            )
            actor = record.created_by
            said = Said("client-0001", "来人", "业户", StatementKind.QUESTION, "几点？")
            statement = records.take_down(record=record, said=said, actor=actor)
            resolution = records.resolve(
                record=record, text="印发", owner="委员", due_on=None, actor=actor
            )
            ballot = Ballot(
                matter="公约",
                basis=VoteBasis.COMMITTEE,
                method=VoteMethod.HANDS,
                present=3,
                votes_for=3,
                listed=3,
            )
            vote = records.enter_vote(record=record, ballot=ballot, actor=actor)
            now = clock.now()
            summary = EventSummary(event_id=event.id, text="小结", written_by=actor, written_at=now)
            db.session.add(summary)
            template = RecordTemplate(
                organisation=record.organisation, name="党课", kept_by_id=actor.id, kept_at=now
            )
            db.session.add(template)
            db.session.flush()
            return {
                "template_id": template.id,
                "record_id": record.id,
                "statement_id": statement.id,
                "resolution_id": resolution.id,
                "vote_id": vote.id,
            }

    @staticmethod
    def _door_name(event: Event, actor: Person) -> DoorName:
        """Somebody whom a door without a network has written down."""
        made = DoorName(
            event_id=event.id,
            client_id=str(event.id),
            name="来人",
            at=clock.now(),
            received_at=clock.now(),
            device="东门",
            received_by_id=actor.id,
        )
        db.session.add(made)
        db.session.flush()
        return made

    @staticmethod
    def _token(about: Event | Organisation, person: Person) -> DoorToken:
        """A token of a device at the door."""
        made, _ = doors.make_token(
            name="东门",
            about=about,
            may_read=True,
            may_write=True,
            expires_at=clock.now() + timedelta(days=1),
            actor=person,
        )
        return made

    @staticmethod
    def _kiosk(event: Event, person: Person) -> int:
        """A kiosk that somebody left at the door."""
        made, _ = doors.start_kiosk(
            event=event,
            name="东门",
            pin_hash="",
            masks_names=True,
            takes_tails=False,
            actor=person,
        )
        return made.id

    @staticmethod
    def _scan(event: Event, person: Person) -> str:
        """What a scanner has seen there."""
        at = clock.now()
        seen = CheckIn(f"scan-{event.id}", person.id, at, Method.SCAN)
        record(event=event, items=[seen], actor=person, timing=Timing(), device="东门")
        return seen.client_id

    def _exercise(self, person: Person, event_id: int, lesson: Lesson) -> tuple[int, int, int]:
        """Open an exercise of the lesson at the event; return it, its field, and the run."""
        event = events.event(event_id)
        event.lesson_id = lesson.id
        exercise = exercises.create(lesson=lesson, facts=Facts(title="练习"), actor=person)
        asked = Asked(kind=FieldKind.TEXT, label="姓名", answer="测试人")
        field = exercises.add_field(exercise=exercise, asked=asked, actor=person)
        run = exercises.open_run(exercise=exercise, event=event, actor=person)
        return exercise.id, field.id, run.id

    def _feedback(self, street: Street, branch: Organisation, event_id: int) -> int:
        """Ask for feedback; inside, the member was there. Return a template of the branch."""
        office = _with_grants(street.office)
        with write_transaction():
            asked = events.event(event_id)
            feedback.ask(
                event=asked,
                name="问卷",
                questions=STANDARDS[0].questions,
                days=7,
                version=None,
                actor=office,
            )
            template = feedback.write_template(
                organisation=db.session.merge(branch),
                name="问卷",
                questions=STANDARDS[0].questions,
                actor=db.session.merge(office),
            )
            if asked.audience is Audience.OPEN:
                member = db.session.merge(street.a)
                signups.sign_up(event=asked, person=member, actor=member)
        if asked.audience is Audience.OPEN:
            with write_transaction():
                mark(
                    event=events.event_to_change(_with_grants(street.office), event_id),
                    person_id=street.a.id,
                    status=AttendanceStatus.PRESENT,
                    actor=street.office,
                    timing=Timing(),
                )
        return template.id

    @staticmethod
    def _helper(street: Street, person: Person) -> int:
        """The office signs the person up when asked."""
        db.session.add(
            SignupHelper(
                helper_id=street.office.id,
                person_id=person.id,
                relation="邻居",
                granted_by_id=street.office.id,
                granted_at=clock.now(),
            )
        )
        db.session.commit()
        return street.office.id

    @staticmethod
    def _stand_in(street: Street, event: Event, person: Person) -> int:
        """The person comes instead of the office."""
        row = StandIn(
            event_id=event.id,
            invited_id=street.office.id,
            person_id=person.id,
            state=StandInState.STANDING,
            named_by_id=street.office.id,
            named_at=clock.now(),
        )
        db.session.add(row)
        db.session.commit()
        return row.id

    def _booking(self, site: Site, person: Person) -> Booking:
        """A visit that was asked for at the site."""
        board = bookings.board(
            site_with_hours(site.id), clock.today(), clock.today() + timedelta(days=30)
        )
        made = ask(
            board=board,
            visit=Visit(party_size=5, purpose="参观", unit="测试单位"),
            starts_at=worlds.at(worlds.coming_day(), 9),
            rooms=board.rooms,
            actor=person,
        )
        db.session.commit()
        return made

    @staticmethod
    def _materials(
        street: Street, branch: Organisation, person: Person, event: Event, lesson: Lesson
    ) -> dict[str, Any]:
        """Return a material of event and lesson, and an upload that a secretary has begun."""
        material = materials.keep(
            stream=io.BytesIO(samples.picture(size=(40 + branch.id, 40))),
            filename="合影.png",
            owner=branch,
            actor=person,
        )
        # As if it were a paper of which a preview has been made.
        previews.path_of(material.file).write_bytes(samples.pdf())
        db.session.add(EventMaterial(event_id=event.id, material_id=material.id, position=1))
        version = select(LessonVersion.id).where(LessonVersion.lesson_id == lesson.id)
        db.session.add(
            LessonMaterial(
                version_id=db.session.scalar(version), material_id=material.id, position=1
            )
        )
        inside = branch is street.branch_one
        upload, key = uploads.begin(
            filename="录像.mp4",
            length=1000,
            owner=street.shantou if inside else street.haikou,
            actor=street.secretary if inside else street.secretary2,
        )
        return {"material_id": material.id, "upload_id": upload.id, "upload_key": key}

    def _cookie(self, street: Street, role: str) -> str:
        person: Person = getattr(street, WHO[role])
        account = db.session.scalars(select(Account).where(Account.person_id == person.id)).one()
        token = sessions.open_login_session(account=account, address="", browser="")
        db.session.commit()
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        cookie = client.get_cookie("portal")
        assert cookie is not None
        return cookie.value

    def _upload(self, street: Street) -> dict[tuple[str, str], str]:
        room = WaitingRoom(Path(self.app.instance_path) / "imports")
        files = {
            "people": "姓名,所在党支部\n导入测试,汕头路社区第一党支部\n",
            "organisations": "组织编码,组织名称,上级编码\nZHL-01-09,新支部,ZHL-01\n",
            "holidays": "名称,日期\n春节,2031-01-23\n",
            "cases": "工单编号,诉求内容,社区\nQD-1,路灯不亮,汕头路社区第一党支部\n",
        }
        tokens = {}
        for role in ("sysadmin", "office", "secretary", "branch"):
            person: Person = getattr(street, WHO[role])
            account_id = db.session.scalars(
                select(Account.id).where(Account.person_id == person.id)
            ).one()
            for kind, text in files.items():
                content = text.encode()
                facts = FileFacts(f"{kind}.csv", "0" * 64)
                tokens[role, kind] = room.keep(Upload(account_id, kind, facts, content))
        return tokens


def _with_grants(person: Person) -> Person:
    """Return the person as policies need it."""
    to_grants = selectinload(Person.grants).joinedload(RoleGrant.organisation)
    statement = select(Person).where(Person.id == person.id).options(to_grants)
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()
