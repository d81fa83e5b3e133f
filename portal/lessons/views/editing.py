"""Writing a lesson: beginning it, and writing on while the draft keeps itself."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal import clock
from portal.errors import ConflictError, InvalidInputError, NotFoundError, PortalError
from portal.lessons import comparison, policies, queries, services
from portal.lessons import details as written
from portal.lessons.comparison import FieldChange
from portal.lessons.details import LABELS, Details
from portal.lessons.forms import FIELD_OF, NONE, Choices, NewForm, WritingForm, values
from portal.lessons.models import (
    LecturerOrigin,
    Lesson,
    LessonForm,
    LessonState,
    LessonVersion,
)
from portal.lessons.views.blueprint import bp, kept, own_part
from portal.materials import settings
from portal.materials.models import MaterialKind
from portal.people.access import allowed, current_person, current_reader, signed_in
from portal.people.models import Person
from portal.web import htmx, merging
from portal.web.forms import lines
from portal.web.numbers import asked_number
from portal.web.templating import render
from portal.web.transaction import writes

# What the form's buttons ask for.
PREVIEW, SUBMIT = "preview", "submit"
KEEP = "keep"


@dataclass(frozen=True)
class Difference:
    """What somebody else wrote into a field meanwhile, against what was typed."""

    change: FieldChange
    was_taken: bool


@bp.route("/new", methods=["GET", "POST"])
@allowed(policies.may_write)
@writes
def new() -> Response:
    """Begin a lesson; it is a draft, and the rest is written on the next page."""
    actor, organisations, choices = current_person(), own_part(), _choices()
    asked = asked_number("series")
    form = NewForm(
        data={
            "form": LessonForm.LECTURE.value,
            "series": asked if asked in {one.id for one in choices.series} else NONE,
            "route": NONE,
            "organisation": organisations[0].id,
            "lecturer_origin": LecturerOrigin.INSIDE.value,
        }
    )
    form.offer(choices)
    form.offer_organisations(organisations)
    if form.validate_on_submit():
        chosen = next(one for one in organisations if one.id == form.organisation.data)
        try:
            lesson = services.create(
                details=form.details(choices), organisation=chosen, actor=actor
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("已存为草稿。接着写正文，写的内容会自动保存。")
            return redirect(url_for("lessons.edit", lesson_id=lesson.id))
    status = 422 if form.is_submitted() else 200
    return render("lessons/new.html", form=form, is_rescue=False, status=status)


@bp.route("/<int:lesson_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit(lesson_id: int) -> Response:
    """Write the draft; of what is published or returned, the next version."""
    try:
        lesson = kept(lesson_id, to_change=request.method == "POST")
    except NotFoundError as error:
        if request.method == "POST" and policies.may_write(current_reader()):
            return _as_new(error)
        raise
    return _Desk(lesson).answer()


class _Desk:
    """One request of the writing page: what is written now, and what was typed."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.newest = queries.newest(lesson)
        self.before = written.of(self.newest)
        self.choices = _choices(self.newest)
        self.form = WritingForm(
            data={
                **values(self.before),
                "version": _mark(self.newest),
                "seen": merging.seen(written.words(self.before)),
                "desk": secrets.token_hex(8),
            }
        )
        self.form.offer(self.choices)

    @property
    def is_keeping(self) -> bool:
        """Whether the page sends what is being typed, by itself."""
        return htmx.is_fragment_request() and request.form.get("then") in {None, KEEP}

    def answer(self) -> Response:
        """Show the page, or do what its button says."""
        if self.newest.state is LessonState.IN_REVIEW or self.lesson.state is LessonState.ARCHIVED:
            return self._refused()
        if not self.form.is_submitted():
            return self.page()
        is_valid = self.form.validate()
        if request.form.get("then") == PREVIEW:
            return self.page(status=200, preview=lines(self.form.body.data))
        if not is_valid:
            return self.kept(self._first_error(), 422) if self.is_keeping else self.page(422)
        return self._saved()

    def _refused(self) -> Response:
        """Say that it can not be written now; what was typed stays on the page."""
        sentence = (
            "这堂课正在审核，现在不能修改。要改请先撤回。"
            if self.newest.state is LessonState.IN_REVIEW
            else "这堂课已经归档，不能修改。要改请先恢复发布。"
        )
        if not self.form.is_submitted():
            raise ConflictError(sentence)
        if self.is_keeping:
            return self.kept(f"没有保存：{sentence}", 409)
        self.form.form_errors.append(f"{sentence}您填写的内容都在下面，没有丢失。")
        return self.page(409)

    def _saved(self) -> Response:
        typed = self.form.details(self.choices)
        differences = self._differences(typed)
        if differences and self.is_keeping:
            return self.kept("没有自动保存：别人同时改了这份草稿。请点“保存草稿”核对。", 409)
        if differences:
            now = written.words(self.before)
            self.form.take({"version": _mark(self.newest), "seen": merging.seen(now)})
            return self.page(409, differences=differences)
        actor, desk = current_person(), self.form.desk.data or ""
        write = services.keep_draft if self.is_keeping else services.edit
        try:
            version = services.version_to_write(lesson=self.lesson, actor=actor)
            write(lesson=self.lesson, version=version, details=typed, actor=actor, desk=desk[:32])
        except InvalidInputError as error:
            self.form.add_refusal(error)
            return self.kept(error.message, 422) if self.is_keeping else self.page(422)
        self.newest = queries.newest(self.lesson)
        now = written.words(written.of(self.newest))
        self.form.take({"version": _mark(self.newest), "seen": merging.seen(now)})
        if self.is_keeping:
            return self.kept("", 200)
        return self._onward()

    def _onward(self) -> Response:
        """Ask for a review if that was the button; stay where a lecturer must be chosen."""
        version = self.newest
        is_unclear = (
            version.lecturer_origin is LecturerOrigin.INSIDE
            and bool(version.lecturer_name)
            and version.lecturer_id is None
        )
        if is_unclear:
            return self._ask_who()
        if request.form.get("then") == SUBMIT:
            lacks = written.missing(version)
            if lacks:
                # The draft is on disk, so this answer is no refusal.
                sentence = f"草稿已保存，但还不能提交审核，缺少：{'、'.join(lacks)}。"
                self.form.form_errors.append(sentence)
                return self.page(200)
            services.submit(lesson=self.lesson, actor=current_person())
            flash("已提交审核，审核人会在待办里看到。")
        else:
            flash("草稿已保存。")
        return redirect(url_for("lessons.show", lesson_id=self.lesson.id))

    def _ask_who(self) -> Response:
        """The draft is kept; the lecturer's name fits nobody of the roster, or several."""
        namesakes = queries.persons_named(self.newest.lecturer_name)
        self.form.offer_lecturers(namesakes)
        sentence = (
            "花名册里有几位同名的人，请选是哪一位。"
            if namesakes
            else "花名册里没有这个姓名。请核对；如果是从外面请来的，请选“外请”。"
        )
        flash("草稿已保存，主讲人还要核对。")
        field = self.form.lecturer_id if namesakes else self.form.lecturer_name
        field.errors = [*field.errors, sentence]
        # The draft is on disk, so this answer is no refusal.
        return self.page(200)

    def _differences(self, typed: Details) -> list[Difference]:
        """Return where somebody else wrote while this form was open; take over what was not."""
        form, newest = self.form, self.newest
        own_desk = bool(form.desk.data) and form.desk.data == newest.desk
        if not form.version.data or form.version.data == _mark(newest) or own_desk:
            return []
        now, mine = written.words(self.before), written.words(typed)
        carried = form.seen.data or ""
        theirs = merging.changed_since(carried, now) if carried else set(now)
        touched = merging.changed_since(carried, mine) if carried else set(now)
        names = [name for name in LABELS if name in theirs and now[name] != mine[name]]
        taken = [name for name in names if name not in touched]
        form.take({FIELD_OF.get(n, n): values(self.before)[FIELD_OF.get(n, n)] for n in taken})
        found = comparison.differences(
            {name: mine[name] for name in names},
            {name: now[name] for name in names},
            {name: LABELS[name] for name in names},
        )
        return [Difference(change, change.name in taken) for change in found]

    def _first_error(self) -> str:
        return next((str(found[0]) for found in self.form.errors.values() if found), "")

    def kept(self, refusal: str, status: int) -> Response:
        """Answer to the page that sends by itself: one line, and the marks of the form."""
        return render(
            "lessons/edit.html",
            block="kept",
            status=status,
            form=self.form,
            refusal=refusal,
            kept_at=clock.now(),
        )

    def page(
        self,
        status: int = 200,
        *,
        differences: Sequence[Difference] = (),
        preview: str | None = None,
    ) -> Response:
        """Answer with the whole writing page."""
        if not self.form.lecturer_id.choices:
            self.form.offer_lecturers(self._namesakes())
        return render(
            "lessons/edit.html",
            status=status,
            lesson=self.lesson,
            newest=self.newest,
            form=self.form,
            picture_limit=settings.limits().of(MaterialKind.PICTURE),
            differences=differences,
            preview=self.form.body.data or "" if preview is None else preview,
            refusal="",
            kept_at=None,
        )

    def _namesakes(self) -> Sequence[Person]:
        """Return those who bear the lecturer's name, where there are several."""
        found = queries.persons_named(self.form.lecturer_name.data or "")
        return found if len(found) > 1 else []


def _choices(version: LessonVersion | None = None) -> Choices:
    """Return the series and routes to choose from, with the one that stands there already."""
    return Choices(
        series=queries.series_to_choose(),
        routes=queries.routes_to_choose(current_reader(), version),
    )


def _mark(version: LessonVersion) -> str:
    """Return what the form carries: which version, and how often it had been saved."""
    return f"{version.number}.{version.revision}"


def _as_new(error: PortalError) -> Response:
    """Offer what was typed as a new lesson: the draft has been thrown away meanwhile."""
    organisations, choices = own_part(), _choices()
    form = NewForm(data={"organisation": organisations[0].id})
    form.offer(choices)
    form.offer_organisations(organisations)
    form.form_errors.append(f"{error.message}您填写的内容都在下面，需要时可以存为新的草稿。")
    return render("lessons/new.html", form=form, is_rescue=True, status=404)


@bp.post("/preview")
@allowed(policies.may_write)
def preview() -> Response:
    """Show what is being typed as readers will see it."""
    form = WritingForm()
    return render("lessons/preview.html", block="preview", preview=lines(form.body.data))
