"""Draw the icons of the installed page (static/door-*.png) as static/mark.svg has them."""

from pathlib import Path

from PIL import Image, ImageDraw

STATIC = Path(__file__).resolve().parent.parent / "static"
RED, WHITE, GOLD = "#9e1b22", "#ffffff", "#e3b75c"
# The mark is drawn on 28 units, four times as large as it is kept so that edges are smooth.
UNITS, FINER = 28, 4


def draw(size: int) -> Image.Image:
    """Return the mark as a square of that many pixels, red to its edges."""
    scale = size * FINER / UNITS
    image = Image.new("RGB", (size * FINER, size * FINER), RED)
    pen = ImageDraw.Draw(image)
    width = round(2 * scale)

    def line(*points: tuple[float, float], colour: str = WHITE) -> None:
        pen.line([(x * scale, y * scale) for x, y in points], colour, width, "curve")

    line((7, 19), (7, 11.5), (14, 7), (21, 11.5), (21, 19))
    line((14, 19), (14, 14))
    line((7, 22), (21, 22), colour=GOLD)
    return image.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    for size in (192, 512):
        draw(size).quantize(16).save(STATIC / f"door-{size}.png", optimize=True)
