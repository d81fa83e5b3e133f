"""Addresses as QR codes: an SVG in the page, for screens and paper."""

from functools import lru_cache

import segno
from markupsafe import Markup


@lru_cache(maxsize=64)
def qr_picture(address: str) -> Markup:
    """Return the address as a QR code, an SVG that takes the size its place has."""
    code = segno.make(address, error="m", micro=False)
    return Markup(  # noqa: S704  segno's own markup, nothing typed is in it
        code.svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None, dark="#1f2328")
    )
