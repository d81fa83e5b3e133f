"""Pictures are made anew: what is kept holds pixels, and nothing that came along with them.

Position, camera and every other note (EXIF, XMP, comments) is gone; the picture stands upright.
"""

import io
import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from portal.materials.judging import markers
from portal.materials.judging.verdict import BROKEN, MIXED, RefusedFileError, Verdict
from portal.materials.limits import Limits
from portal.materials.models import MaterialKind

TAKEN = {"image/jpeg", "image/png", "image/apng", "image/gif", "image/webp", "image/bmp"}
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
LONGEST_SIDE = 2560
# A drawing without loss that is larger than this is a photograph after all.
_LARGE_PNG = 1536 * 1024
# How a decoder says that the file is no picture, or more than one can hold.
_FAULTS = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    MemoryError,
    struct.error,
    zlib.error,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def picture(path: Path, limits: Limits) -> Verdict:
    """Make the picture anew beside `path`; raise RefusedFileError when that cannot be done."""
    if markers.found_in_file(path):
        raise RefusedFileError(MIXED)
    most = limits.picture_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:
                if image.width * image.height > most:
                    raise RefusedFileError(_too_many(image.width, image.height, most))
                made, extension = _made(image)
                content = _written(made, extension)
                if extension == "png" and len(content) > _LARGE_PNG and made.mode == "RGB":
                    extension = "jpg"
                    content = _written(made, extension)
    except _BOMBS as error:
        raise RefusedFileError(
            f"图片的像素多得不正常（最多 {most // 10_000} 万），没有保存。"
        ) from error
    except _FAULTS as error:
        raise RefusedFileError(BROKEN) from error
    remade = path.with_name(f"{path.name}.made")
    remade.write_bytes(content)
    media_type = "image/jpeg" if extension == "jpg" else "image/png"
    return Verdict(MaterialKind.PICTURE, media_type, extension, made.width, made.height, remade)


def _too_many(width: int, height: int, most: int) -> str:
    return (
        f"图片有 {width} × {height} 像素，超过了 {most // 10_000} 万像素的上限，没有保存。"
        "请缩小后再上传。"
    )


def _made(image: Image.Image) -> tuple[Image.Image, str]:
    """Return the pixels upright and no larger than is shown, and how to write them."""
    source = image.format
    if source == "JPEG":
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # decodes large photographs at a fraction
    upright = ImageOps.exif_transpose(image)
    profile = upright.info.get("icc_profile")
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if has_alpha else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if profile and not has_alpha and upright.mode == "RGB":
        plain = _in_usual_colours(plain, profile)
    plain.info = {}
    return plain, "png" if has_alpha or source in {"PNG", "GIF", "BMP"} else "jpg"


def _in_usual_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in sRGB, so that it looks the same without its profile."""
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed if changed is not None else image


def _written(image: Image.Image, extension: str) -> bytes:
    content = io.BytesIO()
    if extension == "jpg":
        image.save(content, "JPEG", quality=85, optimize=True, progressive=True)
    else:
        image.save(content, "PNG", optimize=True)
    return content.getvalue()


def thumbnail(source: Path, to: Path, longest: int) -> None:
    """Write a small WebP of a kept picture."""
    with Image.open(source, formats=("JPEG", "PNG")) as image:
        if image.format == "JPEG":
            image.draft("RGB", (longest, longest))
        small = image.convert("RGBA" if image.mode in {"RGBA", "LA", "PA", "P"} else "RGB")
        small.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        small.info = {}
        small.save(to, "WEBP", quality=80)
