"""Forms about a part of a site (a room, an honour, a closure, a picture): one way to answer."""

from collections.abc import Callable
from typing import Protocol

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.errors import InvalidInputError
from portal.people.edit_history import ChangedMeanwhileError
from portal.sites.models import Site
from portal.web.forms import Form
from portal.web.templating import render


class Part(Protocol):
    """What the form is about: it carries a version."""

    version: int


def answered(
    template: str,
    *,
    site: Site,
    form: Form,
    part: Part | None,
    save: Callable[[], str],
    onward: str,
    differing: Callable[[], dict[str, list[str]]] = dict,
) -> Response:
    """Save what was typed, say what `save` returns and go `onward`; else show the form again.

    Whoever comes second is told what changed (409): `differing` says where that is not what was
    typed. The template gets `site`, `form` and the `part`, None while it is new.
    """
    stale, told = None, {}
    if form.validate_on_submit():
        try:
            flash(save())
        except ChangedMeanwhileError as error:
            stale, told = error, differing()
            form.take({"version": getattr(part, "version", None)})
        except InvalidInputError as error:
            form.add_refusal(error)
        else:
            return redirect(onward)
    return render(
        template,
        site=site,
        form=form,
        part=part,
        stale=stale,
        differing=told,
        status=409 if stale else 422 if form.is_submitted() else 200,
    )
