"""The blueprint of themed lessons."""

from flask import Blueprint

bp = Blueprint("lessons", __name__, url_prefix="/lessons")
