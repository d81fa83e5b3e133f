"""HTTP and Jinja, no feature: what every room's views stand on."""

from flask import Flask

from portal.web import (
    assets,
    care,
    csrf,
    errors,
    health,
    htmx,
    numbers,
    once,
    security,
    templating,
    transaction,
    uploads,
)


def init_app(app: Flask) -> None:
    """Set up everything between a request and a room, in the order it acts."""
    numbers.init_app(app)
    security.init_app(app)
    htmx.init_app(app)
    once.init_app(app)
    uploads.init_app(app)
    csrf.init_app(app)
    transaction.init_app(app)
    assets.init_app(app)
    care.init_app(app)
    templating.init_app(app)
    errors.init_app(app)
    health.init_app(app)
