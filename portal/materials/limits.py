"""How large files may be, and how many one account may keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.materials.models import MaterialKind

MB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """The limits of PORTAL_MAX_* and their like; sizes in bytes."""

    picture: int
    document: int
    audio: int
    video: int
    picture_pixels: int
    quota: int
    uploads: int
    upload_time: timedelta

    def of(self, kind: MaterialKind) -> int:
        """Return the size of the largest file of that kind that is taken."""
        match kind:
            case MaterialKind.PICTURE:
                return self.picture
            case MaterialKind.AUDIO:
                return self.audio
            case MaterialKind.VIDEO:
                return self.video
            case _:
                return self.document

    @property
    def largest(self) -> int:
        """Return the size of the largest file of any kind."""
        return max(self.of(kind) for kind in MaterialKind)


def limits_of(settings: Mapping[str, Any]) -> Limits:
    """Return what the settings say."""
    return Limits(
        picture=settings["PORTAL_MAX_PICTURE_MB"] * MB,
        document=settings["PORTAL_MAX_DOCUMENT_MB"] * MB,
        audio=settings["PORTAL_MAX_AUDIO_MB"] * MB,
        video=settings["PORTAL_MAX_VIDEO_MB"] * MB,
        picture_pixels=settings["PORTAL_MAX_PICTURE_MEGAPIXELS"] * 1_000_000,
        quota=settings["PORTAL_QUOTA_MB"] * MB,
        uploads=settings["PORTAL_MAX_UPLOADS"],
        upload_time=timedelta(hours=settings["PORTAL_UPLOAD_HOURS"]),
    )
