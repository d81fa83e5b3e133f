"""Series of lessons."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.lessons import list_queries, policies, queries, services
from portal.lessons.forms import SeriesForm
from portal.lessons.views.blueprint import bp, kept_series, own_part
from portal.people.access import allowed, current_person, current_reader, signed_in
from portal.web.forms import lines
from portal.web.templating import render
from portal.web.transaction import writes


@bp.get("/series/")
@allowed(policies.may_read)
def all_series() -> Response:
    """Every series with the number of its published lessons."""
    return render(
        "lessons/all_series.html",
        found=queries.all_series(),
        is_writer=policies.may_write(current_reader()),
    )


@bp.route("/series/new", methods=["GET", "POST"])
@allowed(policies.may_write)
@writes
def new_series() -> Response:
    """Begin a series."""
    organisations = own_part()
    form = SeriesForm(data={"organisation": organisations[0].id})
    form.organisation.choices = [(one.id, one.name) for one in organisations]
    if form.validate_on_submit():
        chosen = next(one for one in organisations if one.id == form.organisation.data)
        try:
            series = services.create_series(
                name=form.name.data or "",
                summary=lines(form.summary.data),
                organisation=chosen,
                actor=current_person(),
            )
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            flash("系列已建好，接着把课放进来。")
            return redirect(url_for("lessons.show_series", series_id=series.id))
    status = 422 if form.is_submitted() else 200
    return render("lessons/series_form.html", form=form, series=None, was=None, status=status)


@bp.get("/series/<int:series_id>")
@allowed(policies.may_read)
def show_series(series_id: int) -> Response:
    """The lessons of a series, in the order in which they were published."""
    reader, series = current_reader(), queries.series(series_id)
    return render(
        "lessons/series.html",
        series=series,
        lessons=list_queries.of_series(reader, series),
        is_keeper=policies.may_keep(reader, series),
        is_writer=policies.may_write(reader),
    )


@bp.route("/series/<int:series_id>/edit", methods=["GET", "POST"])
@signed_in
@writes
def edit_series(series_id: int) -> Response:
    """Change name and words of a series; whoever comes second is told what stands there now."""
    series = kept_series(series_id)
    form = SeriesForm(
        data={
            "name": series.name,
            "summary": series.summary,
            "organisation": series.organisation_id,
            "version": series.version,
        }
    )
    form.organisation.choices = [(series.organisation_id, series.organisation.name)]
    was = None
    if form.validate_on_submit():
        if form.version.data and form.version.data != str(series.version):
            was = series
            form.take({"version": series.version})
        else:
            try:
                services.edit_series(
                    series=series,
                    name=form.name.data or "",
                    summary=lines(form.summary.data),
                    actor=current_person(),
                )
            except InvalidInputError as error:
                form.add_refusal(error)
            else:
                flash("已保存。")
                return redirect(url_for("lessons.show_series", series_id=series.id))
    status = 409 if was else 422 if request.method == "POST" else 200
    return render("lessons/series_form.html", form=form, series=series, was=was, status=status)


@bp.post("/series/<int:series_id>/discard")
@signed_in
@writes
def discard_series(series_id: int) -> Response:
    """Throw away an empty series."""
    series = kept_series(series_id)
    name = series.name
    services.discard_series(series=series, actor=current_person())
    flash(f"系列“{name}”已删除。")
    return redirect(url_for("lessons.all_series"))
