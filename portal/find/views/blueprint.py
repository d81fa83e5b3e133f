"""The blueprint of the search page."""

from flask import Blueprint

bp = Blueprint("find", __name__)
