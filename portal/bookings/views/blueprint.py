"""The blueprint of bookings of visits."""

from flask import Blueprint

bp = Blueprint("bookings", __name__)
