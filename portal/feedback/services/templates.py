"""Questionnaires of an organisation: write, change, delete."""

from sqlalchemy.exc import IntegrityError

from portal import clock
from portal.audit import services as audit
from portal.database import db
from portal.errors import ConflictError, InvalidInputError
from portal.feedback import queries
from portal.feedback.models import LONGEST_NAME, FeedbackTemplate
from portal.feedback.questions import Question, check, kept
from portal.people.models import Organisation, Person

_TAKEN = "这个组织已经有同名的问卷模板，请换一个名称。"


def write_template(
    *, organisation: Organisation, name: str, questions: tuple[Question, ...], actor: Person
) -> FeedbackTemplate:
    """Keep a questionnaire under a name that the organisation has not used yet."""
    _check(name, questions)
    now = clock.now()
    template = FeedbackTemplate(
        organisation=organisation,
        name=name,
        questions=kept(questions),
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(template)
    except IntegrityError as error:
        raise InvalidInputError(_TAKEN, field="name") from error
    audit.record(
        "feedback.template_written",
        template,
        actor=actor,
        name=name,
        organisation=organisation.code,
    )
    return template


def change_template(
    *,
    template: FeedbackTemplate,
    version: int,
    name: str,
    questions: tuple[Question, ...],
    actor: Person,
) -> None:
    """Change name and questions; events that use it already keep the questions they have."""
    _check(name, questions)
    if template.version != version:
        raise ConflictError("别人刚刚改过这份模板。您写的还在下面；确认要用就再提交一次。")
    namesake = queries.find_namesake(template.organisation, name)
    if namesake is not None and namesake.id != template.id:
        raise InvalidInputError(_TAKEN, field="name")
    if (template.name, template.questions) == (name, kept(questions)):
        return
    template.name, template.questions = name, kept(questions)
    template.updated_at = clock.now()
    db.session.flush()
    audit.record("feedback.template_changed", template, actor=actor, name=name)


def remove_template(*, template: FeedbackTemplate, actor: Person) -> None:
    """Delete it; events that use it already keep the questions they have."""
    audit.record("feedback.template_removed", template, actor=actor, name=template.name)
    db.session.delete(template)
    db.session.flush()


def _check(name: str, questions: tuple[Question, ...]) -> None:
    if not name:
        raise InvalidInputError("请给模板起个名称。", field="name")
    if len(name) > LONGEST_NAME:
        raise InvalidInputError(f"名称最多 {LONGEST_NAME} 个字。", field="name")
    check(questions)
