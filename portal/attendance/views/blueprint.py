"""The room's blueprint: page families register their routes on it."""

from flask import Blueprint

bp = Blueprint("attendance", __name__)
