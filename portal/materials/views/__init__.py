"""Pages of stored files and the library of materials; all hang on the blueprint `materials`."""

from portal.materials.views import library, serving, showing, uploading, uploads
from portal.materials.views.blueprint import bp

__all__ = ["bp", "library", "serving", "showing", "uploading", "uploads"]
