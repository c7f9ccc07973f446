"""How any command ends that cannot do its work: 1, or 2 where what was asked is wrong, and one line on stderr."""

import socket
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.serving import alone

PAST = "2026-11-22T08:00:00+08:00"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What `lianxin init` wrote, in the folder one stands in."""
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        (["serve", "--config", "elsewhere.toml"], 2, "elsewhere.toml: no such file"),
        (["--config", "elsewhere.toml", "serve"], 2, "elsewhere.toml: no such file"),
        (["tick", "--at", "2026-11-22T08:00:00"], 2, "--at"),
        (["tick", "--at", "noon"], 2, "--at"),
        (["demo", "--port", "70000"], 2, "70000"),
        (["menu"], 2, "wechat: the table is missing"),
        (["qr", "posters"], 2, "wechat: the table is missing"),
        (["init"], 1, "config.toml is there already"),
        (["load", "nowhere.xlsx"], 1, "nowhere.xlsx"),
        (["load", "--template", "nowhere/empty.xlsx"], 1, "nowhere/empty.xlsx"),
        (["backup", "nowhere/copy.db"], 1, "nowhere/copy.db"),
        (["verify", "--checkpoint", "noon"], 2, "--checkpoint"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_an_exit_code(
    config: Path, capsys: pytest.CaptureFixture[str], typed: list[str], code: int, told: str
) -> None:
    capsys.readouterr()
    assert _ends(typed) == code
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


@pytest.mark.parametrize(
    ("was", "becomes", "code", "told"),
    [
        ('data_dir = "var"', 'data_dir = "no.db/var"', 1, "no.db"),
        ("sqlite:///var/lianxin.db", "sqlite:///no.db", 1, "not a database"),
        ("sqlite:///var/lianxin.db", "sqlite:///nowhere/lianxin.db", 1, "nowhere/lianxin.db"),
        ("sqlite:///var/lianxin.db", "postgresql://a:b@127.0.0.1:1/c", 1, "database.url"),
        ("sqlite:///var/lianxin.db", "mysql://a:b@127.0.0.1/c", 2, 'database.url: write "sqlite:///'),
        ('rules = ""', 'rules = "nowhere"', 2, "routing.rules: "),
        ('E0 = "2 hours"', 'E0 = "soon"', 2, "clocks.tiers: E0: "),
    ],
)
def test_what_is_not_as_the_configuration_says_is_one_line_too(
    config: Path, capsys: pytest.CaptureFixture[str], was: str, becomes: str, code: int, told: str
) -> None:
    config.with_name("no.db").write_text("no database, and no folder", encoding="utf-8")
    written = config.read_text("utf-8")
    assert was in written
    config.write_text(written.replace(was, becomes), encoding="utf-8")
    capsys.readouterr()
    assert _ends(["tick", "--at", PAST]) == code
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


def test_a_port_that_is_taken_is_one_line(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        config.write_text(
            config.read_text("utf-8").replace("port = 8080", f"port = {port}"), encoding="utf-8"
        )
        capsys.readouterr()
        assert _ends(["serve"]) == 1
    assert (
        capsys.readouterr().err == f"lianxin: 127.0.0.1:{port}: Address already in use; choose another port\n"
    )


def _ends(typed: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:  # argparse's own way out, or ours
        raise SystemExit(main(typed))
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_second_process_on_sqlite_is_one_line(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(config.parent / "var"):
        assert _ends(["serve"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("lianxin: ")
    assert error.count("\n") == 1
    assert "another process" in error
    assert "PostgreSQL" in error
