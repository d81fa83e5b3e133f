"""The settings of the portal that is running, as this room's services ask for them."""

from pathlib import Path

from flask import current_app

from portal.materials.limits import Limits, limits_of
from portal.materials.storage import Files


def limits() -> Limits:
    """Return the limits of this portal."""
    return limits_of(current_app.config)


def files() -> Files:
    """Return the store of this portal's files."""
    return Files(Path(current_app.instance_path) / "files")


def parts() -> Path:
    """Return the folder of uploads under way."""
    return Path(current_app.instance_path) / "uploads"


def soffice() -> str:
    """Return the setting that names LibreOffice; empty for that of the search path."""
    return str(current_app.config["PORTAL_SOFFICE"])


def workbench() -> Path:
    """Return the folder in which previews are made."""
    return Path(current_app.instance_path) / "previews"


def clamd() -> str:
    """Return where the virus scanner of this portal answers; empty if there is none."""
    return str(current_app.config["PORTAL_CLAMD"])


def x_accel() -> str:
    """Return the internal address from which the proxy sends files; empty if we send them."""
    return str(current_app.config["PORTAL_X_ACCEL"])
