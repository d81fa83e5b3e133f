"""The room's blueprint: page families register their routes on it."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")
