"""The charts of a bulletin. Each says its numbers in words too; what is cut off is said."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from bot.digest.drawing import WIDTH, Box, Drawing, Stroke, Word
from bot.digest.table import labels

LEFT, RIGHT, TOP, PLOT = 34.0, 8.0, 30.0, 120.0
LINE = 24.0  # height of a row of bars
NAME = 108.0  # room for a name beside a bar
NAME_LETTERS = 8
MOST_DAYS = 45  # more are told by the week
WEEK = timedelta(days=7)
KEYS = (("new", "new", "square"), ("closed", "ended", "circle"), ("late", "late", "cross"))


def charts(content: dict[str, Any]) -> list[Drawing]:
    """All that have anything to show."""
    drawn = [days(content["days"]), ages(content["ages"]), topics(content["topics"])]
    if len(content["trend"]) > 1:
        drawn.append(trend(content["trend"]))
    return [one for one in drawn if one.table]


def days(rows: list[tuple[str, int, int]]) -> Drawing:
    """Intake beside closure, day by day; by the week where the days are many."""
    say = labels()["chart"]
    weekly = len(rows) > MOST_DAYS
    told = _weeks(rows) if weekly else [(date.fromisoformat(day), new, ended) for day, new, ended in rows]
    drawing = Drawing(say["days"], say["weeks_told" if weekly else "days_told"], TOP + PLOT + 24)
    drawing.columns = (say["day"], say["new"], say["ended"])
    drawing.table = [(f"{day:%m-%d}", new, ended) for day, new, ended in told]
    most = _top(max(new, ended) for _, new, ended in told)
    step = (WIDTH - LEFT - RIGHT) / max(1, len(told))
    bar = max(1.2, step * 0.38)
    _scale(drawing, most)
    for number, (day, new, ended) in enumerate(told):
        x = LEFT + number * step
        drawing.boxes.append(_standing(x + step * 0.08, bar, new, most, "new"))
        drawing.boxes.append(_standing(x + step * 0.54, bar, ended, most, "ended"))
        if number % max(1, len(told) // 6) == 0:
            drawing.words.append(Word(x, TOP + PLOT + 16, f"{day.month}-{day.day}", size=11))
    _legend(drawing, (("new", say["new"]), ("ended", say["ended"])))
    return drawing


def _weeks(rows: list[tuple[str, int, int]]) -> list[tuple[date, int, int]]:
    told: dict[date, tuple[int, int]] = {}
    for day, new, ended in rows:
        monday = date.fromisoformat(day)
        monday -= timedelta(days=monday.weekday())
        before = told.get(monday, (0, 0))
        told[monday] = (before[0] + new, before[1] + ended)
    return [(monday, *both) for monday, both in told.items()]


def ages(counts: list[int]) -> Drawing:
    """How old what is open is."""
    say = labels()["chart"]
    rows = list(zip(say["age"], counts, strict=True))
    return _bars(say["ages"], say["ages_told"], [(name, number, None) for name, number in rows])


def topics(told: dict[str, Any]) -> Drawing:
    """What most is new of, and how it was in the period before; it says how many it leaves out."""
    say, left_out = labels()["chart"], told["left_out"]
    title = say["topics"] + (say["topics_left_out"].format(count=left_out) if left_out else "")
    rows = [(row["name"], row["new"], row["before"]) for row in told["rows"]]
    return _bars(title, say["topics_told"], rows)


def _bars(title: str, told: str, rows: list[tuple[str, int, int | None]]) -> Drawing:
    drawing = Drawing(title, told, 12 + LINE * len(rows))
    if not any(number for _, number, _ in rows):
        return drawing
    most = max([1, *(max(number, before or 0) for _, number, before in rows)])
    room = WIDTH - NAME - RIGHT - 36
    for line, (name, number, before) in enumerate(rows):
        y = 6 + LINE * line
        drawing.words.append(Word(NAME - 6, y + 16, _short(name), "end"))
        drawing.boxes.append(Box(NAME, y + 4, room * number / most, LINE - 8, "new"))
        drawing.words.append(Word(NAME + room * max(number, before or 0) / most + 6, y + 16, str(number)))
        if before is not None:
            drawing.boxes.append(Box(NAME + room * before / most - 1, y + 1, 2, LINE - 2, "mark"))
    drawing.table = [tuple(one for one in row if one is not None) for row in rows]
    return drawing


def trend(rows: list[dict[str, Any]]) -> Drawing:
    """The county beside its own past."""
    say = labels()["chart"]
    drawing = Drawing(say["trend"], say["trend_told"], TOP + PLOT + 24)
    drawing.columns = (say["until"], say["new"], say["ended"], say["late"])
    drawing.table = [(row["last"], row["new"], row["closed"], row["late"]) for row in rows]
    most = _top(row[name] for row in rows for name, _, _ in KEYS)
    _scale(drawing, most)
    step = (WIDTH - LEFT - RIGHT - 12) / max(1, len(rows) - 1)
    for name, paint, mark in KEYS:
        points = tuple(
            (LEFT + 6 + number * step, TOP + PLOT * (1 - row[name] / most)) for number, row in enumerate(rows)
        )
        drawing.strokes.append(Stroke(points, paint, mark))
    for number, row in enumerate(rows):
        if number % max(1, len(rows) // 5) == 0:
            anchor = "middle" if 0 < number < len(rows) - 1 else "start" if number == 0 else "end"
            drawing.words.append(Word(LEFT + 6 + number * step, TOP + PLOT + 16, row["last"][2:], anchor, 11))
    _legend(drawing, tuple((paint, say[paint]) for _, paint, _ in KEYS))
    return drawing


def _top(numbers: Iterable[int]) -> int:
    """Where the scale ends: half of it is a whole number of matters too."""
    most = max(numbers, default=0)
    return 1 if most < 2 else most + most % 2


def _standing(x: float, width: float, number: int, most: int, paint: str) -> Box:
    height = PLOT * number / most
    return Box(x, TOP + PLOT - height, width, height, paint)


def _scale(drawing: Drawing, most: int) -> None:
    for part in (0.0, 0.5, 1.0):
        y = TOP + PLOT * (1 - part)
        drawing.strokes.append(Stroke(((LEFT, y), (WIDTH - RIGHT, y)), "grid"))
        if part != 0.5 or most > 1:
            drawing.words.append(Word(LEFT - 5, y + 4, f"{most * part:g}", "end", 11))


def _legend(drawing: Drawing, keys: tuple[tuple[str, str], ...]) -> None:
    for number, (paint, name) in enumerate(keys):
        drawing.boxes.append(Box(LEFT + number * 76, 6, 12, 12, paint))
        drawing.words.append(Word(LEFT + number * 76 + 17, 17, name))


def _short(name: str) -> str:
    return name if len(name) <= NAME_LETTERS else name[: NAME_LETTERS - 1] + "…"
