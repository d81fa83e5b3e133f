"""htmx, both directions: the only module that knows htmx-flask.

htmx-flask 0.1.0 is used to read a request. Responses are ours: it sends no `Vary`, breaks
on Chinese trigger names, and two of its swap names are fused by a missing comma.
"""

import json
from collections.abc import Mapping

from flask import Flask, Response
from htmx_flask import Htmx
from htmx_flask import request as htmx_request

from portal.web.application import vary_on

Trigger = str | Mapping[str, object]

_htmx = Htmx()


def is_fragment_request() -> bool:
    """Return whether htmx asks for a part of the page (not a boosted or restored page)."""
    asked = htmx_request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def set_trigger(response: Response, trigger: Trigger) -> Response:
    """Make htmx fire the named event(s) on the page; any text is sent ASCII-escaped."""
    events = {trigger: None} if isinstance(trigger, str) else dict(trigger)
    response.headers["HX-Trigger"] = json.dumps(events, ensure_ascii=True)
    return response


def push_address(response: Response, address: str) -> Response:
    """Make htmx show this address, in place of the one it asked for."""
    response.headers["HX-Push-Url"] = address
    return response


def redirect_whole_page(location: str) -> Response:
    """Answer an htmx request by sending the whole browser page elsewhere."""
    return Response(status=204, headers={"HX-Redirect": location})


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        vary_on(response, "HX-Request")
    return response


def init_app(app: Flask) -> None:
    """Read htmx headers on every request; name them in `Vary`."""
    _htmx.init_app(app)
    app.after_request(_vary)
