"""A digest as text, page and workbook: the same figures in each, and nothing in a name can do harm."""

import json
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.digest import FORMATS, rendered
from models.figure import COUNTS

SHANGHAI = ZoneInfo("Asia/Shanghai")
NAUGHTY = '=HYPERLINK("http://x") <script>'


@pytest.fixture
def content() -> dict[str, Any]:
    counts = dict.fromkeys(COUNTS, 0) | {"new": 7, "late": 2, "accusations": None}
    row = {"code": "YX0101", "name": NAUGHTY, "counts": dict.fromkeys(COUNTS, 0) | {"new": 7}}
    return {
        "period": "month",
        "from": "2026-11-01",
        "to": "2026-11-30",
        "made_at": "2026-12-01T00:00:00+00:00",
        "checkpoint": "ab" * 32,
        "counts": counts,
        "rates": [
            {
                "id": "a",
                "name": "A",
                "numerator": 634.4,
                "denominator": 670,
                "value": 0.9469,
                "formula": "a ÷ b",
            },
            {"id": "b", "name": "B", "numerator": 1, "denominator": 4, "value": None, "formula": "c ÷ d"},
        ],
        "by_place": [row],
        "by_office": [],
        "by_category": [],
        "basis": {"until": "2026-11-30T16:00:00+00:00"},
    }


def test_json_is_the_record_itself(content: dict[str, Any]) -> None:
    assert json.loads(rendered(content, "json", SHANGHAI)) == content


@pytest.mark.parametrize("form", ["text", "html"])
def test_text_and_page_tell_figures_rates_with_formulas_and_the_checkpoint(
    content: dict[str, Any], form: str
) -> None:
    told = rendered(content, form, SHANGHAI).decode()
    for said in (
        "94.69%",
        "634.4",
        "670",
        "a ÷ b",
        "不足5件不算率",
        "ab" * 32,
        "2026-11-01 至 2026-11-30",
        "未分类",
    ):
        assert (said in told) == (said != "未分类"), said
    assert "检举" not in told, "a month's digest says nothing of accusations"
    assert "未完" not in told


def test_a_period_that_still_runs_says_how_far_it_was_counted(content: dict[str, Any]) -> None:
    content["basis"]["until"] = "2026-11-20T02:30:00.000001+00:00"
    assert "未完，算到 2026-11-20 10:30" in rendered(content, "text", SHANGHAI).decode()


def test_the_page_escapes_names_and_asks_nothing_of_anybody_else(content: dict[str, Any]) -> None:
    told = rendered(content, "html", SHANGHAI).decode()
    assert "<script>" not in told
    assert "src=" not in told
    assert "href=" not in told


def test_the_workbook_has_a_sheet_a_table_numbers_as_numbers_and_no_formula(content: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(BytesIO(rendered(content, "xlsx", SHANGHAI)))
    assert len(book.sheetnames) == 5
    [places] = [sheet for sheet in book.worksheets if sheet.cell(3, 1).value == "YX0101"]
    assert str(places.cell(3, 2).value).endswith(NAUGHTY)
    assert places.cell(3, 2).data_type == "s"
    assert places.cell(3, 3).value == 7
    assert len(FORMATS) == 4


def test_columns_stand_in_line_although_our_letters_are_twice_as_wide(content: dict[str, Any]) -> None:
    [line] = [
        one
        for one in rendered(content, "text", SHANGHAI).decode().splitlines()
        if one.startswith("新增（件）")
    ]
    [other] = [
        one for one in rendered(content, "text", SHANGHAI).decode().splitlines() if one.startswith("已超期 ")
    ]
    assert line.endswith(" 7")
    width = {text: sum(2 if ord(letter) > 255 else 1 for letter in text) for text in (line, other)}
    assert width[line] == width[other]
