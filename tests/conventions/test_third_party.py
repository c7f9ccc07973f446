"""What we stand on is listed, and under terms that let a county hand the service on."""

import re
from importlib.metadata import PackageNotFoundError, metadata

from tests.conventions.sources import TOP

PAGE = (TOP / "THIRD_PARTY.md").read_text("utf-8")
ROWS = re.findall(r"^\| ((?!licence|---).*?) \| (.*?) \|$", PAGE, re.MULTILINE)
LISTED = {name: licence for licence, names in ROWS for name in names.split(", ")}
PERMISSIVE = {"MIT", "MIT-0", "MIT-CMU", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0"}
JUSTIFIED = {"axe-playwright-python", "certifi", "hypothesis", "pathspec"}  # MPL-2.0; the page says why
COPYLEFT = re.compile(r"\b[AL]?GPL|\bMPL|Mozilla|European Union", re.IGNORECASE)


def test_every_pinned_package_is_listed_and_no_other() -> None:
    pins = (TOP / "constraints.txt").read_text("utf-8").splitlines()
    assert {
        name for name, _, _ in (pin.partition("==") for pin in pins if pin and pin[0] != "#")
    } == LISTED.keys()


def test_every_licence_is_permissive_or_justified() -> None:
    parts = {name: set(re.split(r" AND | OR ", licence)) for name, licence in LISTED.items()}
    assert {name for name, licences in parts.items() if licences - PERMISSIVE} == JUSTIFIED


def test_no_package_says_otherwise() -> None:
    assert {name for name in LISTED if COPYLEFT.search(_declared(name))} <= JUSTIFIED


def _declared(name: str) -> str:
    """The licence a package declares, in whichever of the three places; its first line is its name."""
    try:
        found = metadata(name)
    except PackageNotFoundError:  # of another platform or extra
        return ""
    said = found.get_all("License-Expression", []) + found.get_all("Classifier", [])
    text = [licence.partition("\n")[0] for licence in found.get_all("License", [])]
    return " ".join([*text, *(one for one in said if not one.startswith("Programming"))])
