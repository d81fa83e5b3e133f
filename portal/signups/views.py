"""Pages of signups."""

from flask import Blueprint

bp = Blueprint("signups", __name__, url_prefix="/events/<int:event_id>")
