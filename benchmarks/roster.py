"""A county's roster in one workbook: 63,636 members in 2,010 branches loaded, and refused whole where rows are bad.

Each load is `lianxin load`, a process of its own; its memory is the most it ever held, everything together.
"""

import base64
import csv
import os
import re
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import xlsxwriter

from tests.world import SAMPLE

MEMBERS = int(os.environ.get("LIANXIN_BENCH_MEMBERS", "63636"))
BRANCHES, COMMITTEES = 2_010, 80
BAD = 200
KINDS = ("普通",) * 6 + ("流动", "挂靠", "高龄", "识字困难")
NAMED = re.compile(r"^党员!(\d+) ([^:]+): .+$")
ROOT = Path(__file__).resolve().parents[1]
SHEETS = ("地点", "单位", "人员", "分工", "党员")
# The column a bad row is bad in, and what stands there.
FAULTS = (
    ("姓名", ""),
    ("手机", "1390000"),
    ("支部", "B9999"),
    ("类别", "年轻"),
    ("联系人", "nobody"),
    ("时区", "Asia/Yunxi"),
    ("方式", "飞鸽"),
    ("编号", "M 1"),
)


@dataclass(frozen=True)
class Load:
    """One run of `lianxin load`."""

    status: int
    said: list[str]
    seconds: float  # of a processor
    megabytes: float


def main() -> int:
    print(f"{'':<58}{'measured':>12}{'goal':>10}")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        config = _configured(folder)
        wrong = _workbook(folder / "bad.xlsx", BAD)
        bad = _load(config, folder / "bad.xlsx")
        named = {(int(found[1]), found[2]) for line in bad.said if (found := NAMED.match(line))}
        _row(f"{MEMBERS:,} rows of which {BAD} are bad: named", len(named & wrong), "", BAD)
        _row("named, and not bad", len(named - wrong), "", 0)
        _row("rows of any table after it", _rows(folder), "", 0)
        _row("time of a processor", bad.seconds, "s")
        _row("memory at its most", bad.megabytes, "MB")
        _workbook(folder / "good.xlsx", 0)
        good = _load(config, folder / "good.xlsx")
        _row(f"{MEMBERS:,} good rows: loaded", _rows(folder), "", MEMBERS)
        _row("time of a processor", good.seconds, "s")
        _row("memory at its most", good.megabytes, "MB")
    return int(named != wrong or bad.status != 1 or good.status != 0)


def _row(what: str, value: float, unit: str, goal: float | None = None) -> None:
    told = f"{value:,.0f}" if isinstance(value, int) else f"{value:.1f}"
    print(f"{what:<58}{told:>9} {unit:<3}{'' if goal is None else f'{goal:,}':>9}", flush=True)


def _configured(folder: Path) -> Path:
    file = folder / "config.toml"
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    file.write_text(f'[service]\ndata_dir = "var"\ndata_key = "{key}"\n', "utf-8")
    return file


def _workbook(file: Path, bad: int) -> set[tuple[int, str]]:
    """Writes it; the (row, column) of every cell that is bad, spread over all rows."""
    wrong: set[tuple[int, str]] = set()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        for name in SHEETS:
            rows = list(csv.reader((SAMPLE / f"{name}.csv").read_text("utf-8").splitlines()))
            rows = rows[:1] if name == "党员" else rows
            sheet = book.add_worksheet(name)
            further = _branches() if name == "单位" else _members() if name == "党员" else iter(())
            for number, row in enumerate(chain(rows, further)):
                index = number - 1
                if name == "党员" and number and index * bad // MEMBERS != (index - 1) * bad // MEMBERS:
                    column, value = FAULTS[len(wrong) % len(FAULTS)]
                    row[rows[0].index(column)] = value
                    wrong.add((number + 1, column))
                sheet.write_row(number, 0, row)
    return wrong


def _branches() -> Iterator[list[str]]:
    for number in range(COMMITTEES):
        yield [f"C{number:02}", f"第{number}党委", "", "", "YX"]
    for number in range(BRANCHES):
        yield [f"B{number:04}", f"第{number}支部", "", f"C{number % COMMITTEES:02}", "YX"]


def _members() -> Iterator[list[str]]:
    for number in range(MEMBERS):
        kind = KINDS[number % len(KINDS)]
        zone = "Europe/Berlin" if number % 50 == 0 else ""
        yield [
            *(f"M{number:06}", f"党员{number}", f"138{number:08}", f"B{number % BRANCHES:04}", kind),
            *("dingping" if kind in ("高龄", "识字困难") else "", "大坪村", zone, "微信；短信；上门"),
        ]


def _load(config: Path, file: Path) -> Load:
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "load", str(file), "--config", str(config)],
            cwd=config.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=told,
            stderr=told,
        )
        _, status, used = os.wait4(process.pid, 0)
        told.seek(0)
        said = told.read().decode().splitlines()
    return Load(os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _rows(folder: Path) -> int:
    """Members on file; where there are none, whatever else of the directory is."""
    with sqlite3.connect(folder / "var" / "lianxin.db") as connection:
        [(members, others)] = connection.execute(
            "SELECT (SELECT count(*) FROM member), (SELECT count(*) FROM office) + (SELECT count(*) FROM officer)"
        )
    return int(members or others)


if __name__ == "__main__":
    raise SystemExit(main())
