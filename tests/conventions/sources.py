"""Our own source files, as the house rules see them."""

from pathlib import Path

TOP = Path(__file__).parents[2]
FOLDERS = ("bot", "scheduler", "handlers", "models")
MIGRATIONS = TOP / "models" / "migrations"


def sources(*folders: str) -> list[Path]:
    """Every Python file of these folders, or of all four."""
    return sorted(file for folder in folders or FOLDERS for file in (TOP / folder).rglob("*.py"))


def shown(file: Path) -> str:
    return file.relative_to(TOP).as_posix()
