"""Other training: entered with its document, confirmed by the branch, once."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.hours import queries
from portal.hours.kinds import Cause, Source, TrainingState, Unit
from portal.hours.models import LONGEST_TITLE, Training
from portal.hours.services.recounting import recount
from portal.materials.models import Material
from portal.people.models import Person

_LONGEST_DAYS = 366
_DECIDED = "这条培训记录已经处理过，请刷新后查看。"


class DuplicateTrainingError(InvalidInputError):
    """The same training, or the event that it was, gives hours already."""


@dataclass(frozen=True)
class Details:
    """What is entered; `quantity` in halves of the unit."""

    source: Source
    title: str
    organiser: str
    document_no: str
    starts_on: date
    ends_on: date
    unit: Unit
    quantity: int


def title_key(title: str) -> str:
    """Return what tells that two titles are the same: no case, width, spaces or marks."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(letter for letter in folded if letter.isalnum())[:LONGEST_TITLE]


def enter(
    *,
    person: Person,
    details: Details,
    material: Material | None,
    is_confirmed: bool,
    actor: Person,
) -> Training:
    """Enter other training; `is_confirmed` where whoever enters it may confirm it as well.

    Raises InvalidInputError for days that cannot be, or more than they hold; and
    DuplicateTrainingError for what stands already: same title, first day and person, whether it
    was entered or is an event on whose roll the person is.
    """
    check(details)
    _check_new(person.id, details)
    now = clock.now()
    made = Training(
        person_id=person.id,
        title_key=title_key(details.title),
        state=TrainingState.CONFIRMED if is_confirmed else TrainingState.WAITING,
        material_id=material.id if material else None,
        entered_by_id=actor.id,
        entered_at=now,
        decided_by_id=actor.id if is_confirmed else None,
        decided_at=now if is_confirmed else None,
        **details.__dict__,
    )
    _keep(made, add=True)
    _note("hours.training_entered", made, actor)
    _follow(made)
    return made


def change(
    *, training: Training, details: Details, material: Material | None, actor: Person
) -> None:
    """Put right what was entered, as long as nobody has decided; a file that is left out stays."""
    _check_waiting(training)
    check(details)
    _check_new(training.person_id, details, but=training.id)
    years = _years(training)
    for name, value in details.__dict__.items():
        setattr(training, name, value)
    training.title_key = title_key(details.title)
    if material is not None:
        training.material_id = material.id
    _keep(training)
    _note("hours.training_changed", training, actor)
    _follow(training, years)


def confirm(*, training: Training, actor: Person) -> None:
    """Say that it took place: its hours count from now on."""
    _decide(training, TrainingState.CONFIRMED, "", actor)
    _note("hours.training_confirmed", training, actor)
    _follow(training)


def refuse(*, training: Training, note: str, actor: Person) -> None:
    """Say that it does not count, and why; raise InvalidInputError without a reason."""
    if not note:
        raise InvalidInputError("请写明不认定的理由，本人会看到。", field="note")
    _decide(training, TrainingState.REFUSED, note, actor)
    _note("hours.training_refused", training, actor, reason=note)
    _follow(training)


def withdraw(*, training: Training, actor: Person) -> None:
    """Take back what was entered by mistake, before anybody has decided."""
    _decide(training, TrainingState.WITHDRAWN, "", actor)
    _note("hours.training_withdrawn", training, actor)
    _follow(training)


def take_back(*, training: Training, note: str, actor: Person) -> None:
    """Take back a confirmation given by mistake, and say why."""
    if training.state is not TrainingState.CONFIRMED:
        raise ConflictError(_DECIDED)
    if not note:
        raise InvalidInputError("请写明撤销认定的理由，本人会看到。", field="note")
    training.state, training.decision_note = TrainingState.REFUSED, note
    training.decided_by_id, training.decided_at = actor.id, clock.now()
    db.session.flush()
    _note("hours.training_taken_back", training, actor, reason=note)
    _follow(training)


def check(details: Details) -> None:
    """Raise InvalidInputError for days that cannot be, or for more than they hold."""
    if details.ends_on < details.starts_on:
        raise InvalidInputError("结束日期早于开始日期。", field="ends_on")
    if details.ends_on > clock.today():
        raise InvalidInputError("培训还没有结束，结束以后再登记。", field="ends_on")
    days = (details.ends_on - details.starts_on).days + 1
    if days > _LONGEST_DAYS:
        raise InvalidInputError("一次培训不超过一年，请核对日期。", field="ends_on")
    if details.quantity < 1:
        raise InvalidInputError("请填写培训多长，至少半个。", field="quantity")
    most = days * details.unit.most_a_day
    if details.quantity > most * 2:
        raise InvalidInputError(
            f"从开始到结束共 {days} 天，最多 {most} {details.unit.label}。", field="quantity"
        )
    if not title_key(details.title):
        raise InvalidInputError("请填写培训的名称。", field="title")


def _check_new(person_id: int, details: Details, *, but: int | None = None) -> None:
    key = title_key(details.title)
    if queries.twin_of(person_id, key, details.starts_on, but=but) is not None:
        raise DuplicateTrainingError(
            "同一天同名的培训已经登记过，一次培训只计一次学时。", field="title"
        )
    for _event_id, title in queries.events_attended_on(person_id, details.starts_on):
        if title_key(title) == key:
            raise DuplicateTrainingError(
                "这是门户里的活动，名册上已经有您，学时会自动计入，不用另外登记。", field="title"
            )


def _keep(training: Training, *, add: bool = False) -> None:
    """Write it; the database decides that no two are the same."""
    try:
        with db.session.begin_nested():
            if add:
                db.session.add(training)
            db.session.flush()
    except IntegrityError as error:
        raise DuplicateTrainingError(
            "同一天同名的培训刚刚登记过，一次培训只计一次学时。", field="title"
        ) from error


def _check_waiting(training: Training) -> None:
    if training.state is not TrainingState.WAITING:
        raise ConflictError(_DECIDED)


def _decide(training: Training, state: TrainingState, note: str, actor: Person) -> None:
    _check_waiting(training)
    training.state, training.decision_note = state, note
    training.decided_by_id, training.decided_at = actor.id, clock.now()
    db.session.flush()


def _years(training: Training) -> set[int]:
    return set(range(training.starts_on.year, training.ends_on.year + 1))


def _follow(training: Training, before: set[int] | None = None) -> None:
    """Reckon the person's hours at once: it is one person, and the page that follows shows them."""
    for year in sorted(_years(training) | (before or set())):
        recount([training.person_id], year, cause=Cause.TRAINING)


def _note(action: str, training: Training, actor: Person, **more: object) -> None:
    audit.record(
        action,
        training,
        actor=actor,
        person=training.person_id,
        title=training.title,
        day=training.starts_on,
        **more,
    )
