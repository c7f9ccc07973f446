"""`lianxin digest` and `lianxin verify`, as typed: what they print, and how they end."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.__main__ import main
from bot.application import Service, prepare
from bot.commands import digest as command
from scheduler import digest
from tests.matters import Matters

KEYS = [
    "period",
    "from",
    "to",
    "made_at",
    "checkpoint",
    "counts",
    "rates",
    "by_place",
    "by_office",
    "by_category",
]
COUNTS = [
    *("new", "people", "closed", "confirmed", "half", "disputed", "unanswered", "withdrawn", "declined"),
    *("redirected", "merged", "joined", "reopened", "rehearsed", "open", "due", "late", "accusations"),
]


@pytest.fixture
def service(matters: Matters) -> Iterator[Service]:
    started = prepare(matters.settings, lambda: matters.at, matters.knowledge._reader)
    yield started
    started.writer.close()
    started.database.close()


@pytest.fixture
def config(matters: Matters, tmp_path: Path) -> str:
    """A configuration file for the very database the matters are in."""
    file = tmp_path / "config.toml"
    service, database = matters.settings.service, matters.settings.database
    file.write_text(
        f'[service]\ndata_key = "{service.data_key}"\ndata_dir = "."\n[database]\nurl = "{database.url}"\n',
        encoding="utf-8",
    )
    return str(file)


def test_the_json_is_as_others_rely_on_it_and_its_checkpoint_verifies(
    matters: Matters, service: Service, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.told()
    assert command.run(service, "month", matters.at.date(), "json", None) == 0
    told = json.loads(capsys.readouterr().out)
    assert [key for key in told if key != "basis"] == KEYS
    assert set(told["counts"]) >= set(COUNTS)
    assert (told["period"], told["from"], told["to"]) == ("month", "2026-11-01", "2026-11-30")
    assert (told["counts"]["new"], told["counts"]["accusations"]) == (1, None)
    assert set(told["rates"][0]) >= {"id", "name", "numerator", "denominator", "value", "formula"}
    assert {frozenset(row) for row in told["by_place"]} == {frozenset(("code", "name", "counts"))}

    assert main(["verify", "--config", config, "--checkpoint", told["checkpoint"]]) == 0
    assert capsys.readouterr().out.startswith("ok: 1 petitions, ")
    matters.signed(1)
    assert main(["verify", "--config", config, "--checkpoint", told["checkpoint"][:16]]) == 0


def test_a_digest_counts_what_a_rehearsal_made_ahead_of_the_wall_clock(
    matters: Matters, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.later(days=700)
    matters.database._wall_clock = lambda: matters.at - timedelta(days=700)
    matters.told()
    assert command.run(service, "day", matters.at.date(), "json", None) == 0
    counts = json.loads(capsys.readouterr().out)["counts"]
    assert (counts["new"], counts["rehearsed"]) == (1, 2)


@pytest.mark.parametrize("form", ["text", "html", "xlsx"])
def test_every_form_goes_to_a_file(matters: Matters, service: Service, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"digest.{form}"
    assert command.run(service, "quarter", matters.at.date(), form, out) == 0
    assert out.read_bytes()[:2] == {"text": "民".encode()[:2], "html": b"<!", "xlsx": b"PK"}[form]


def test_a_file_that_cannot_be_written_is_said_in_one_line(
    matters: Matters, service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.told()
    assert command.run(service, "day", matters.at.date(), "text", tmp_path / "none" / "x") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_future_is_bad_usage_and_the_time_before_the_first_petition_is_empty(
    matters: Matters, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.told()
    assert command.run(service, "day", date(2999, 1, 1), "json", None) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert command.run(service, "month", date(2001, 1, 1), "json", None) == 0
    assert not any(json.loads(capsys.readouterr().out)["counts"].values())


@pytest.mark.parametrize(
    "bad",
    [
        ["digest", "--period", "year", "--on", "2026-11-22"],
        ["digest", "--period", "day", "--on", "2026-02-30"],
        ["digest", "--period", "day", "--on", "yesterday"],
        ["digest", "--period", "day", "--on", "2026-11-22", "--format", "pdf"],
        ["digest", "--period", "day"],
        ["verify", "--checkpoint", "xyz"],
        ["verify", "--checkpoint", "abc"],
    ],
)
def test_bad_usage_ends_with_two_and_one_line(bad: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:  # argparse's own way out, or ours
        raise SystemExit(main(bad))
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)


def test_verify_names_the_place_of_the_first_difference_and_ends_with_one(
    matters: Matters, config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    matters.told()
    matters.later(days=1)
    digest.publish(matters.station, matters.at)
    assert main(["verify", "--config", config]) == 0
    with matters.database.transaction() as session:
        session.connection().execute(text("UPDATE petition_event SET kind = 'hear' WHERE position = 2"))
    assert main(["verify", "--config", config]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].endswith(", event 2: changed")
    assert lines[-1].startswith("petition ")


def test_verify_makes_no_database(tmp_path: Path, config: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(config)
    file.write_text(
        "\n".join(
            'url = "sqlite:///none.db"' if line.startswith("url") else line
            for line in file.read_text().splitlines()
        )
    )
    assert main(["verify", "--config", config]) == 1
    assert not (tmp_path / "none.db").exists()
    assert "lianxin migrate" in capsys.readouterr().err
