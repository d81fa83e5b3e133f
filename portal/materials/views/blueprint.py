"""The blueprint of stored files and the library of materials."""

from flask import Blueprint

bp = Blueprint("materials", __name__, url_prefix="/materials")
