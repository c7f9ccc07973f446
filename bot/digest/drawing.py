"""A drawing: boxes, lines, dots and words with places, from which a page's SVG and a picture are both made."""

from dataclasses import dataclass, field

WIDTH = 340  # units; a telephone shows one as about a pixel


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    paint: str


@dataclass(frozen=True)
class Stroke:
    """A line through points; `mark`: what stands at each of them."""

    points: tuple[tuple[float, float], ...]
    paint: str
    mark: str = ""

    @property
    def path(self) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)


@dataclass(frozen=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "start"
    size: int = 12


@dataclass
class Drawing:
    """`told`: what it shows, for whoever cannot see it; `table`: the same numbers."""

    title: str
    told: str
    height: float
    boxes: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    table: list[tuple[str | int, ...]] = field(default_factory=list)
    width: float = WIDTH
