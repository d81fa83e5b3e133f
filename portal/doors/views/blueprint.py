"""The room's blueprints: one for those who host and come, one for the system administrator."""

from flask import Blueprint

bp = Blueprint("doors", __name__)
standing_bp = Blueprint("door_tokens", __name__, url_prefix="/admin/door-tokens")
