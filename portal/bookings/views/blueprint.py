"""The blueprint of bookings of visits."""

from flask import Blueprint

bp = Blueprint("bookings", __name__, url_prefix="/sites/<int:site_id>/bookings")
