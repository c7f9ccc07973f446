"""What members say to a lesson, and what they do not mean by it."""

from zoneinfo import ZoneInfo

import pytest

from handlers.study.words import words
from models.study.change import ChangeKind


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("收到", "arrived"),
        ("收到了。", "arrived"),
        ("看完了！", "arrived"),
        (" １ ", "arrived"),
        ("没空", "busy"),
        ("打不开", "otherwise"),
        ("2", "otherwise"),
        ("没收到补贴款", None),
        ("看完病了，药费怎么报", None),
        ("好久没来水了", None),
        ("3", None),
    ],
)
def test_an_answer_is_the_whole_message_or_none(said: str, meant: str | None):
    assert words().answer(said) == meant


@pytest.mark.parametrize(
    ("said", "kind", "value", "zone"),
    [
        ("我到东莞了", ChangeKind.MOVED, "东莞", ""),
        ("到德国汉堡了", ChangeKind.MOVED, "德国汉堡", "Europe/Berlin"),
        ("我回老家了", ChangeKind.MOVED, "回老家", ""),
        ("换号了 13812345678", ChangeKind.PHONE, "13812345678", ""),
        ("我换了个号", ChangeKind.PHONE, "", ""),
        ("眼睛不行了", ChangeKind.EYES, "", ""),
        ("眼睛花，看不清字", ChangeKind.EYES, "", ""),
        ("耳朵背了", ChangeKind.EARS, "", ""),
    ],
)
def test_what_changed_is_heard(said: str, kind: ChangeKind, value: str, zone: str):
    found = words().changed(said)
    assert found is not None
    assert (found.kind, found.value, found.zone) == (kind, value, zone)


@pytest.mark.parametrize(
    "said", ["村里的路修到我家了没有人管，前年就说要修到现在都没有动", "停水三天了", "收到", ""]
)
def test_a_matter_is_no_change(said: str):
    assert words().changed(said) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("绑定 1234 5678", "12345678"),
        ("绑定１２３４５６７８", "12345678"),
        ("绑定：12345678", "12345678"),
        ("绑定 123", ""),
        ("绑定", ""),
        ("收到", None),
    ],
)
def test_a_code_is_read_in_whatever_groups(said: str, code: str | None):
    assert words().code(said) == code


def test_three_figures_and_a_word_are_a_rating():
    assert words().rated("5 4 5 讲得好") == ((5, 4, 5), "讲得好")
    assert words().rated("545") == ((5, 4, 5), "")
    assert words().rated("5，4，6") is None
    assert words().rated("123456") is None or words().rated("123456") == ((1, 2, 3), "456")


def test_every_zone_of_a_place_is_one():
    for zone in words().zones.values():
        assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("said", "outright"),
    [
        ("眼睛不行了", True),
        ("我眼睛也花了。", True),
        ("耳朵背了", True),
        ("眼睛不行了，头也痛得很", False),
        ("眼睛突然看不见了", False),
        ("我妈眼睛不行了", False),
        ("人不行了", False),
        ("心脏不行了", False),
    ],
)
def test_only_old_eyes_and_ears_alone_are_no_danger(said: str, outright: bool):
    assert words().is_outright(said) is outright
