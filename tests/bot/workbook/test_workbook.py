"""Files as counties really send them."""

import csv
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import SQLModel

from bot.commands import load
from bot.workbook.plain import BadFile
from bot.workbook.reading import read_directory
from bot.workbook.template import write_template
from handlers.directory import forms, nobody_is_meant
from models.base import Session
from models.database import Database
from models.key import Keyring
from tests.handlers.directory.make import CATEGORIES, NOON, SAMPLE, sample


def workbook(path: Path, tables: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(path)
    return path


def cells(path: Path, name: str) -> list[list[str]]:
    sheet = next(sheet for sheet in read_directory(path).sheets if sheet.name == name)
    return [list(row.cells) for row in sheet.rows]


def run(tmp_path: Path, *paths: Path) -> list[int]:
    """Loads one file after another into one fresh county; the exit codes."""
    database = Database(f"sqlite:///{tmp_path}/county.db")
    SQLModel.metadata.create_all(database.engine)
    with database.transaction() as session:
        keyring = Keyring.of(session, bytes(32), NOON)
    codes = [
        load.run(database, keyring, path, CATEGORIES, at=NOON, on_left=stays, on_people=nobody_is_meant)
        for path in paths
    ]
    database.close()
    return codes


def stays(_session: Session, account: str, _at: datetime) -> str | None:
    return f"{account} must not leave"


def test_the_folder_and_the_workbook_of_it_are_the_same_directory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = workbook(tmp_path / "county.xlsx", sample())
    assert run(tmp_path, SAMPLE, book) == [0, 0]
    first, second = capsys.readouterr().out.splitlines()
    rows = sum(len(table) - 1 for table in sample().values())
    assert first == f"目录已导入：新增 {rows} 行，变更 0 行，离任 0 人（目录第 1 版）。"
    assert second == "目录没有变化（第 1 版）。"


def test_a_filled_template_loads_and_an_empty_one_sends_nobody_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_template(tmp_path / "empty.xlsx")
    book = openpyxl.load_workbook(tmp_path / "empty.xlsx")
    assert book.sheetnames == [form.name for form in forms().values()]
    for name, rows in sample().items():
        assert [cell.value for cell in book[name][1]] == rows[0]
        for row in rows[1:]:
            book[name].append(row)
    book.save(tmp_path / "filled.xlsx")
    assert run(tmp_path, tmp_path / "filled.xlsx", tmp_path / "empty.xlsx", SAMPLE) == [0, 0, 0]
    assert capsys.readouterr().out.count("目录没有变化（第 1 版）。") == 2


def test_the_template_explains_itself_and_offers_the_words(tmp_path: Path) -> None:
    assert load.template(tmp_path / "t.xlsx") == 0
    people = openpyxl.load_workbook(tmp_path / "t.xlsx")["人员"]
    notes = {cell.value: cell.comment.text for cell in people[1] if cell.comment}
    assert "MM-DD..MM-DD" in notes["休假"]
    assert notes["账号"].startswith("必填")
    lists = [rule.formula1 for rule in people.data_validations.dataValidation]
    assert '"干部,调度,督导,纪检,操作员"' in lists
    assert any(rule.startswith("'单位'!") for rule in lists)


def test_a_template_never_replaces_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "t.xlsx"
    file.write_text("mine")
    assert load.template(file) == 1
    assert file.read_text() == "mine"
    assert "没有覆盖" in capsys.readouterr().err


def test_numbers_dates_and_merged_cells_are_read_as_they_look(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "b.xlsx",
        {
            "人员 ": [
                ["账号", "休假", "手机"],
                [138.0, date(2026, 7, 1), 13900000001.0],
                [1.5, datetime(2026, 7, 1, 8, 30), None],  # noqa: DTZ001 - a spreadsheet knows no zone
                [None, None, None],
                [True, time(8, 5), " x "],
            ]
        },
    )
    book = openpyxl.load_workbook(path)
    book.worksheets[0].merge_cells("C2:C4")
    book.save(path)
    assert cells(path, "人员") == [
        ["138", "2026-07-01", "13900000001"],
        ["1.5", "2026-07-01 08:30", "13900000001"],
        ["", "", "13900000001"],
        ["True", "08:05", " x "],
    ]


def test_a_formula_counts_with_its_result_and_is_named_where_it_has_none(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx", {"地点": [["编码", "名称"], ["YX", '="云溪"&"县"']]})
    assert [str(problem) for problem in read_directory(path).problems] == [
        "地点!2 名称: 这一格是公式，没有算好的结果；请粘贴为值"
    ]
    _put_result(path, "云溪县")
    reading = read_directory(path)
    assert (list(reading.sheets[0].rows[0].cells), reading.problems) == (["YX", "云溪县"], [])


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.xlsx", None, "没有这个文件"),
        ("empty.xlsx", b"", "不是 .xlsx 工作簿"),
        ("words.xlsx", "地点,编码".encode(), "不是 .xlsx 工作簿"),
        ("sheet.csv", "编码".encode(), "一张 CSV"),
        ("old.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "旧的 .xls"),
        (
            "locked.xlsx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "打开密码",
        ),
        ("cut.xlsx", b"PK\x03\x04" + bytes(100), "可能坏了"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, told: str
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    assert run(tmp_path, file) == [1]
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1


def test_a_damaged_workbook_is_told_wherever_the_damage_is(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "whole.xlsx", sample()).read_bytes()
    for cut in range(1, 12):
        damaged = tmp_path / "damaged.xlsx"
        position = len(whole) * cut // 12
        damaged.write_bytes(whole[:position] + bytes(400) + whole[position + 400 :])
        with suppress(BadFile):  # what is hit may be a part that does not matter
            read_directory(damaged)
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as other:
        other.writestr("readme.txt", "not a workbook")
    with pytest.raises(BadFile, match="可能坏了"):
        read_directory(tmp_path / "other.xlsx")


def test_a_csv_in_gbk_is_told_how_to_be_saved_and_causes_no_echoes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    for name, rows in sample().items():
        with (folder / f"{name}.csv").open(
            "w", encoding="gbk" if name == "地点" else "utf-8-sig", newline=""
        ) as file:
            csv.writer(file).writerows(rows)
    assert run(tmp_path, folder) == [1]
    assert capsys.readouterr().err.splitlines() == [
        "没有导入，什么都没有改。共 1 处要改：",
        "地点!1 文件: 不是 UTF-8 编码（像是 GBK）；请另存为“CSV UTF-8（逗号分隔）”",
    ]
    (folder / "地点.csv").write_text('编码,名称,别名,上级,级别\nYX,"云溪县,,,县\n', "utf-8")
    assert run(tmp_path, folder) == [1]
    assert "不是合格的 CSV" in capsys.readouterr().err


def test_a_folder_without_csv_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"没有 \.csv 文件"):
        read_directory(tmp_path)


def test_a_word_at_the_very_end_of_a_sheet_does_not_cost_an_hour(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("人员")
    sheet["A1"] = "账号"
    sheet["A1048576"] = " "
    book.save(tmp_path / "b.xlsx")
    problem = read_directory(tmp_path / "b.xlsx").problems[0]
    assert str(problem).startswith("人员!1048576 文件: 有 1048576 行")


def _put_result(path: Path, result: str) -> None:
    """What a spreadsheet program does when it saves: the formula keeps its result beside it."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    formula = parts[name].split(b"<f>")[1].split(b"</f>")[0]
    shown = b"<f>" + formula + b"</f><v>" + result.encode() + b"</v>"
    parts[name] = parts[name].replace(b"<f>" + formula + b"</f><v></v>", shown)
    parts[name] = parts[name].replace(b"<f>" + formula + b"</f><v/>", shown)
    parts[name] = parts[name].replace(b"<f>" + formula + b"</f><v />", shown)
    parts[name] = parts[name].replace(b'r="B2"', b'r="B2" t="str"')
    with zipfile.ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)
