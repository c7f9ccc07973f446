"""A file over 300 lines has a noun missing; a file named `utils` has none at all."""

from tests.conventions.sources import TOP, shown, sources

MOST = 300
LONG = {  # file: why it may be long
    "models/migrations/versions/0001_first_tables.py": "one column a line; never edited again",
    "models/migrations/versions/0002_study.py": "one column a line; never edited again",
    "models/wording.py": "one name a line",
    "tests/models/test_ledger.py": "every way a ledger can be tampered with",
    "tests/models/test_working_time.py": "one table of cases",
    "tests/bot/wire/test_callback.py": "every way a callback can be wrong",
}
FORBIDDEN = frozenset(
    {
        "util",
        "utils",
        "helper",
        "helpers",
        "manager",
        "managers",
        "service",
        "services",
        "misc",
        "common",
    }
)


def test_no_file_grew_over_a_page() -> None:
    long = {
        shown(file)
        for file in sources("bot", "scheduler", "handlers", "models", "tests", "benchmarks")
        if len(file.read_text("utf-8").splitlines()) > MOST
    }
    assert long - LONG.keys() == set(), "split: a noun is missing"


def test_the_list_of_long_files_names_no_other() -> None:
    assert [
        name
        for name in LONG
        if not (TOP / name).is_file() or len((TOP / name).read_text("utf-8").splitlines()) <= MOST
    ] == []


def test_every_file_is_named_for_what_it_holds() -> None:
    assert [shown(file) for file in sources() if FORBIDDEN.intersection(file.stem.split("_"))] == []
