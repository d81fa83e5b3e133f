"""Pictures and papers of the demo, drawn and written here: nobody's photograph, nobody's text."""

import io
import math
import struct
from collections.abc import Sequence

import xlsxwriter
from docx import Document
from PIL import Image, ImageDraw

_SKY = [(247, 224, 196), (205, 222, 232), (232, 205, 205), (214, 226, 206)]
_ROOFS = [(158, 27, 34), (184, 134, 43), (90, 104, 118), (122, 84, 66)]


def street(number: int, *, size: tuple[int, int] = (1280, 960)) -> Image.Image:
    """Return a row of houses by the sea under a morning sky; each number another one."""
    width, height = size
    sky = _SKY[number % len(_SKY)]
    picture = Image.new("RGB", size, sky)
    draw = ImageDraw.Draw(picture)
    sun = width * (0.2 + 0.13 * (number % 5))
    draw.ellipse((sun - 60, height * 0.12, sun + 60, height * 0.12 + 120), fill=(250, 243, 222))
    draw.rectangle((0, height * 0.62, width, height), fill=tuple(c - 60 for c in sky))
    for wave in range(9):
        y = height * (0.66 + 0.04 * wave)
        draw.line((0, y, width, y), fill=tuple(c - 45 for c in sky), width=2 + wave // 2)
    for house in range(6):
        left = width * (0.04 + 0.155 * house)
        wide, tall = width * 0.13, height * (0.2 + 0.05 * ((house * 7 + number * 3) % 6))
        top, ground = height * 0.68 - tall, height * 0.68
        draw.rectangle((left, top, left + wide, ground), fill=(244, 239, 228))
        roof = _ROOFS[(house + number) % len(_ROOFS)]
        draw.polygon(
            [(left - 12, top), (left + wide / 2, top - 70), (left + wide + 12, top)], fill=roof
        )
        for row in range(int(tall // 70)):
            for column in range(3):
                x, y = left + wide * (0.14 + 0.3 * column), top + 18 + row * 66
                draw.rectangle((x, y, x + wide * 0.16, y + 34), fill=(176, 196, 208))
    return picture


def written(picture: Image.Image, form: str = "JPEG") -> bytes:
    """Return the file of a picture."""
    content = io.BytesIO()
    picture.save(content, form, quality=82)
    return content.getvalue()


def paper(title: str, parts: Sequence[tuple[str, str]]) -> bytes:
    """Return a Word file: a title, then headings with their paragraphs."""
    content = io.BytesIO()
    document = Document()
    document.add_heading(title, level=0)
    for heading, text in parts:
        document.add_heading(heading, level=1)
        document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


def table(rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return an Excel file of one sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("路线")
        sheet.set_column(0, len(rows[0]) - 1, 22)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def handout(lines: Sequence[str]) -> bytes:
    """Return a PDF of one page; readers bring the Chinese letters themselves (STSong-Light)."""
    drawn = [b"0.62 0.11 0.13 rg 56 790 483 3 re f 0.12 0.14 0.16 rg"]
    for number, line in enumerate(lines):
        large = number == 0
        letters = line.encode("utf-16-be").hex().upper().encode()
        place = 800 if large else 770 - 24 * number
        drawn.append(b"BT /F1 %d Tf 56 %d Td <%s> Tj ET" % (20 if large else 12, place, letters))
    stream = b"\n".join(drawn)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %s >>"
        % b"/Resources << /Font << /F1 5 0 R >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H %s >>"
        % b"/DescendantFonts [6 0 R]",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 %s >>"
        % b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 7 0 R",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 752 /Descent -271 %s >>"
        % b"/FontBBox [-25 -254 1000 880] /ItalicAngle 0 /CapHeight 737 /StemV 58",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % place for place in places)
    content += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def chime(seconds: int = 4) -> bytes:
    """Return a WAV of a few soft tones."""
    rate, notes = 8000, (392, 523, 659, 523)
    sound = bytearray()
    for number in range(rate * seconds):
        at = number / rate
        note = notes[int(at) % len(notes)]
        fading = math.exp(-3 * (at % 1))
        sound.append(128 + int(70 * fading * math.sin(2 * math.pi * note * at)))
    head = struct.pack(
        "<4sI4s4sIHHIIHH", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, 1, 1, rate, rate, 1, 8
    )
    return head + struct.pack("<4sI", b"data", len(sound)) + bytes(sound)
