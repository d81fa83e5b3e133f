"""What archives do in the background: they are made there."""

from flask import Flask

from portal.archives import queries, services
from portal.jobs import hooks


def init_app(_app: Flask) -> None:
    """Register with the workers."""
    hooks.register(hooks.Kind(queries.KIND, services.make, most_attempts=3))
    hooks.register(hooks.Kind(queries.FORGET, services.forget_file))
