"""The parts of a page that are drawn from the code, between two comments."""

from pathlib import Path


def drawn(page: Path, name: str) -> str:
    """What the page shows now."""
    _, _, rest = page.read_text("utf-8").partition(_begin(name))
    return rest.partition(_end(name))[0].strip()


def redraw(page: Path, name: str, drawing: str) -> None:
    """Puts `drawing` there."""
    before, begin, rest = page.read_text("utf-8").partition(_begin(name))
    _, end, after = rest.partition(_end(name))
    page.write_text(f"{before}{begin}\n{drawing}\n{end}{after}", encoding="utf-8")


def _begin(name: str) -> str:
    return f"<!-- {name}: drawn by tests/conventions/{name}.py -->"


def _end(name: str) -> str:
    return f"<!-- /{name} -->"
