"""The blueprint of sign-ups."""

from flask import Blueprint

bp = Blueprint("signups", __name__, url_prefix="/events/<int:event_id>/signups")
