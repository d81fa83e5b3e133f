"""Files for tests: good ones, and such as strangers send."""

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from docx import Document
from PIL import Image

OPEN_XML = "application/vnd.openxmlformats-officedocument."


def picture(
    form: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with a gradient: the left edge is dark, the right one light."""
    image = Image.linear_gradient("L").rotate(90).resize(size).convert(mode)
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def photograph_with_position() -> bytes:
    """A JPEG lying on its side, with a camera, a place and a comment in it."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x8825] = {1: "N", 2: (36.0, 3.0, 30.0), 3: "E", 4: (120.0, 23.0, 5.0)}
    return picture("JPEG", (400, 300), exif=exif, comment=b"SECRET-COMMENT")


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few hundred KB that unpacks to 900 million pixels."""
    row = zlib.compressobj(9)
    line = b"\0" + bytes(width // 8 + 1)
    data = b"".join(row.compress(line) for _ in range(height)) + row.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checked

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_and_script() -> bytes:
    """A GIF that is a script as well: `GIF89a=1;...`, and markup behind the picture."""
    return picture("GIF") + b"\n<script>alert(document.cookie)</script>"


def pdf(text: str = "Portal") -> bytes:
    """A PDF of one page that readers open."""
    fonts = b"/Resources << /Font << /F1 5 0 R >> >>"
    stream = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    content = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def pdf_and_page() -> bytes:
    """A PDF that is a web page as well."""
    return pdf().replace(b"%PDF-1.4\n", b"%PDF-1.4\n<html><script>alert(1)</script></html>\n", 1)


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def docx(text: str = "主题党课讲稿") -> bytes:
    content = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


def open_xml(main_part: str, **more: bytes) -> bytes:
    """An Office file of that main part, for instance presentationml.presentation."""
    types = f'<Types><Override ContentType="{OPEN_XML}{main_part}.main+xml"/></Types>'
    return zipped({"[Content_Types].xml": types, "main.xml": "<a/>", **more})


def pptx(**more: bytes) -> bytes:
    return open_xml("presentationml.presentation", **more)


def odt() -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"})


@cache
def zip_bomb() -> bytes:
    """An Office file of 600 KB that unpacks to 600 MB."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        types = (
            f'<Types><Override ContentType="{OPEN_XML}wordprocessingml.document.main+xml"/></Types>'
        )
        archive.writestr("[Content_Types].xml", types)
        with archive.open("word/document.xml", "w") as part:
            for _ in range(600):
                part.write(bytes(1024 * 1024))
    return content.getvalue()


def lying_zip_bomb() -> bytes:
    """The same, but it says of itself that it holds ten bytes."""
    content = bytearray(zip_bomb())
    size = (600 * 1024 * 1024).to_bytes(4, "little")
    at = content.find(size)
    while at >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
        at = content.find(size, at)
    return bytes(content)


def compound(*streams: str) -> bytes:
    """An old office file, as far as its directory goes."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    return head + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)


def mp4(*, brand: bytes = b"isom", film: bytes = b"x" * 200) -> bytes:
    def box(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content) + 8) + name + content

    return (
        box(b"ftyp", brand + bytes(4) + b"isommp42")
        + box(b"moov", b"mvhd" * 10)
        + box(b"mdat", film)
    )


def wav(seconds: int = 1) -> bytes:
    sound = bytes(8000 * seconds)
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8
    )
    return head + struct.pack("<4sI", b"data", len(sound)) + sound


def mp3() -> bytes:
    return b"ID3\x04\0\0\0\0\0\0" + (b"\xff\xfb\x90\x00" + bytes(413)) * 20


def svg_with_script() -> bytes:
    return (
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">'
        b"<script>alert(document.domain)</script></svg>"
    )


def page() -> bytes:
    return b"<!DOCTYPE html><html><body onload=alert(1)>hello</body></html>"
