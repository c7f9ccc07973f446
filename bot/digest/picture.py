"""A bulletin's charts as one picture for a chat, in a Chinese font of the machine; without one there is none."""

from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot.digest.drawing import WIDTH, Drawing

SCALE = 3  # pixels a unit: sharp on a telephone
EDGE = 14
HEAD = 30
# Free fonts with all common characters, where Debian, Ubuntu and openEuler keep them. The first that is there is used.
FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
)
PAINTS = {"new": "#0b4f94", "ended": "#6b8f3a", "late": "#a31d16", "mark": "#1b1f24", "grid": "#d5d0c4"}
INK, PAPER = "#1b1f24", "#ffffff"
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


@cache
def font_file() -> str | None:
    """The Chinese font of this machine."""
    return next((name for name in FONTS if Path(name).is_file()), None)


def picture(title: str, drawings: list[Drawing]) -> bytes | None:
    """A PNG, or None where no font can write it or there is nothing to draw."""
    file = font_file()
    if file is None or not drawings:
        return None
    height = EDGE * 2 + HEAD + sum(one.height + HEAD + EDGE for one in drawings)
    image = Image.new("RGB", (round((WIDTH + EDGE * 2) * SCALE), round(height * SCALE)), PAPER)
    pen = _Pen(ImageDraw.Draw(image), file)
    pen.write(EDGE, EDGE + 18, title, "start", 17)
    y = float(EDGE + HEAD)
    for drawing in drawings:
        pen.write(EDGE, y + 18, drawing.title, "start", 14)
        pen.draw(drawing, EDGE, y + HEAD)
        y += drawing.height + HEAD + EDGE
    saved = BytesIO()
    image.quantize(32).save(saved, "PNG", optimize=True)
    return saved.getvalue()


class _Pen:
    """Draws at `SCALE`."""

    def __init__(self, draw: ImageDraw.ImageDraw, file: str) -> None:
        self._draw, self._file = draw, file
        self._fonts: dict[int, ImageFont.FreeTypeFont] = {}

    def write(self, x: float, y: float, text: str, anchor: str, size: int) -> None:
        if size not in self._fonts:
            self._fonts[size] = ImageFont.truetype(self._file, size * SCALE)
        at = (x * SCALE, y * SCALE)
        self._draw.text(at, text, fill=INK, font=self._fonts[size], anchor=ANCHORS[anchor])

    def draw(self, drawing: Drawing, x: float, y: float) -> None:
        for stroke in drawing.strokes:
            points = [((x + a) * SCALE, (y + b) * SCALE) for a, b in stroke.points]
            self._draw.line(
                points, fill=PAINTS[stroke.paint], width=SCALE if stroke.paint == "grid" else 2 * SCALE
            )
            for a, b in points if stroke.mark else ():
                spot = (a - 3 * SCALE, b - 3 * SCALE, a + 3 * SCALE, b + 3 * SCALE)
                shape = self._draw.ellipse if stroke.mark == "circle" else self._draw.rectangle
                shape(spot, fill=PAINTS[stroke.paint])
        for box in drawing.boxes:
            if box.width > 0 and box.height > 0:
                corner = ((x + box.x) * SCALE, (y + box.y) * SCALE)
                opposite = ((x + box.x + box.width) * SCALE, (y + box.y + box.height) * SCALE)
                self._draw.rectangle((corner, opposite), fill=PAINTS[box.paint])
        for word in drawing.words:
            self.write(x + word.x, y + word.y, word.text, word.anchor, word.size)
