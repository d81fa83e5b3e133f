"""Style and scripts: content-hashed addresses, compressed once, cached for good.

`asset('portal.css')` gives `/static/<hash>/portal.css`. The address changes with the
content, so browsers may keep the file for a year; gzip happens once a process.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, abort, current_app, request, url_for
from werkzeug.wrappers import Response

bp = Blueprint("assets", __name__)
_ONE_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file ready to send."""

    digest: str
    mimetype: str
    plain: bytes
    zipped: bytes


def _load(path: Path) -> Asset:
    plain = path.read_bytes()
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    digest = hashlib.sha256(plain).hexdigest()[:16]
    return Asset(digest, mimetype, plain, gzip.compress(plain, 9, mtime=0))


def _find(name: str) -> Asset | None:
    known: dict[str, Asset] = current_app.extensions["portal_assets"]
    if name in known and not current_app.debug:
        return known[name]
    folder = Path(current_app.root_path).parent / "static"
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return None
    known[name] = _load(path)
    return known[name]


def asset(name: str) -> str:
    """Return the address of a file under static/, its content hash in it."""
    found = _find(name)
    return url_for("assets.send", digest=found.digest if found else "missing", name=name)


def content(name: str) -> str:
    """Return the text of a file under static/; raise FileNotFoundError where there is none."""
    found = _find(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.plain.decode()


@bp.get("/static/<digest>/<path:name>")
def send(digest: str, name: str) -> Response:
    """Send the file; a stale hash gets the present content, but is not kept for good."""
    found = _find(name)
    if found is None:
        abort(404)
    zipped = request.accept_encodings["gzip"] > 0 and len(found.zipped) < len(found.plain)
    response = Response(found.zipped if zipped else found.plain, mimetype=found.mimetype)
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = _ONE_YEAR if digest == found.digest else "no-cache"
    response.set_etag(found.digest)
    return response.make_conditional(request)


send.access_level = "public"  # type: ignore[attr-defined]


def init_app(app: Flask) -> None:
    """Serve static/ and give templates `asset`."""
    app.extensions["portal_assets"] = {}
    app.register_blueprint(bp)
    # While the portal runs its files do not change, except under a developer's hands.
    app.add_template_global(asset if app.debug else lru_cache(maxsize=256)(asset), "asset")
