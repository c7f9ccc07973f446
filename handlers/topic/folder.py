"""A rule set's folder, replaced whole or not at all."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """An empty folder to fill and try out, which then takes the place of `folder`; what stood there goes last.

    Whatever is raised meanwhile leaves `folder` as it was.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old = fresh.with_name(f"{fresh.name}-old")
    try:
        yield fresh
        fresh.chmod(0o755)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    finally:
        if old.exists() and not folder.exists():  # stopped between the two
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
        shutil.rmtree(fresh, ignore_errors=True)


def quoted(value: object) -> str:
    """As TOML writes a text."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
