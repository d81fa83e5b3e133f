"""A training in two sessions, one held and one to come; at the first one people signed out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from portal.attendance import services as attendance
from portal.attendance.models import Direction, Method
from portal.attendance.rules import Timing
from portal.attendance.services import CheckIn
from portal.demo import organisations as places
from portal.demo.life import Act
from portal.demo.programme import Calendar
from portal.demo.world import World
from portal.events import moves, queries, services
from portal.events.details import Details
from portal.events.models import Event, EventKind
from portal.events.sessions import queries as sessions
from portal.events.sessions import services as writing
from portal.events.sessions.services import Written
from portal.people.models import Person
from portal.signups import services as signups

_TITLE = "支部骨干培训班"
_PLACE = "汕头路社区党群服务中心三楼会议室"
_PEOPLE = 12
_DOOR = "三楼扫码枪"
_MINUTE = timedelta(minutes=1)


@dataclass
class _Training:
    """What is done about the training, each at its moment."""

    world: World
    day: Calendar
    ids: dict[str, int] = field(default_factory=dict)

    @property
    def host(self) -> Person:
        return self.world.host_of(places.SHANTOU)

    @property
    def whole(self) -> Event:
        return queries.event(self.ids["whole"])

    @property
    def first(self) -> Event:
        return queries.event(sessions.sessions_of(self.ids["whole"])[0].id)

    @property
    def people(self) -> list[Person]:
        """Who signs up: members without accounts, who leave the demo accounts as they were."""
        known = {person.id for person in self.world.persons.values()}
        members = self.world.below(places.SHANTOU)
        return [one for one in members if one.id not in known and not one.is_exempt][-_PEOPLE:]

    def write(self) -> None:
        starts_at = self.day.on(-1, "9:00")
        details = Details(
            title=_TITLE,
            kind=EventKind.LESSON,
            starts_at=starts_at,
            ends_at=starts_at + 150 * _MINUTE,
            host=self.world.organisations[places.SHANTOU],
            place=_PLACE,
            capacity=20,
            summary="两场都参加。第一场讲组织生活怎么开，第二场分组演练；每场签到、签退。",
            contact="汕头路社区党群服务中心，总机转 8101",
        )
        made = services.create(details=details, actor=self.host)
        self.ids["whole"] = made.id
        for days, name, lecturer in (
            (-1, "第一场：组织生活怎么开", "社区党委组织委员"),
            (6, "第二场：分组演练", "各支部书记"),
        ):
            starts_at = self.day.on(days, "9:00")
            written = Written(
                name=name,
                starts_at=starts_at,
                ends_at=starts_at + 150 * _MINUTE,
                lecturer=lecturer,
            )
            writing.add(whole=self.whole, written=written, actor=self.host)

    def publish(self) -> None:
        moves.publish(event=self.whole, actor=self.host)

    def sign_up(self) -> None:
        signups.sign_up_many(event=self.whole, people=self.people, actor=self.host)

    def open(self) -> None:
        attendance.ask_to_sign_out(
            event=self.first, signs_out=True, early_grace=10, minimum_stay=30, actor=self.host
        )

    def come(self) -> None:
        start = self.first.starts_at
        self._scanned(self.people[:-1], lambda place: start - (12 - place) * _MINUTE)

    def leave(self) -> None:
        """Two leave half an hour before the end, one forgets to sign out."""
        end = self.first.ends_at
        self._scanned(self.people[:2], lambda place: end - (34 - place) * _MINUTE, Direction.OUT)
        self._scanned(self.people[2:-2], lambda place: end + place * _MINUTE / 2, Direction.OUT)

    def _scanned(
        self,
        people: Sequence[Person],
        moment: Callable[[int], datetime],
        direction: Direction | None = None,
    ) -> None:
        items = [
            CheckIn(str(uuid4()), person.id, moment(place), Method.SCAN, direction=direction)
            for place, person in enumerate(people)
        ]
        attendance.record(
            event=self.first, items=items, actor=self.host, timing=Timing(), device=_DOOR
        )


def course_acts(world: World, day: Calendar) -> list[Act]:
    """Return what happens to the training; its second session is still to come."""
    training = _Training(world, day)
    start = day.on(-1, "9:00")
    return [
        Act(start - timedelta(days=9), training.write),
        Act(start - timedelta(days=8, hours=20), training.publish),
        Act(start - timedelta(days=6), training.sign_up),
        Act(start - 20 * _MINUTE, training.open),
        Act(start + 2 * _MINUTE, training.come),
        Act(start + 165 * _MINUTE, training.leave),
    ]
