"""The blueprint of feedback."""

from flask import Blueprint

bp = Blueprint("feedback", __name__, url_prefix="/events/<int:event_id>/feedback")
