"""What is used of jieba: its dictionary, and the figures of its hidden Markov model.

The package itself is not imported: where setuptools is installed it brings `pkg_resources`, which takes a start longer
than all that is read here.
"""

from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

NEVER = -3.14e100  # the logarithm that jieba gives to what it has never seen


def _folder() -> Path:
    package = find_spec("jieba")
    if package is None or package.origin is None:
        message = "jieba is not installed"
        raise ModuleNotFoundError(message, name="jieba")
    return Path(package.origin).parent


FOLDER = _folder()
DICTIONARY = FOLDER / "dict.txt"


def _figures(name: str) -> Any:
    """The table that one of its modules holds, which need nothing of the package."""
    spec = spec_from_file_location(f"{__name__}.{name}", FOLDER / "finalseg" / f"{name}.py")
    if spec is None or spec.loader is None:
        message = f"jieba has no {name}"
        raise ModuleNotFoundError(message, name=name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.P


STARTS: dict[str, float] = _figures("prob_start")
STEPS: dict[str, dict[str, float]] = _figures("prob_trans")
EMITTED: dict[str, dict[str, float]] = _figures("prob_emit")
