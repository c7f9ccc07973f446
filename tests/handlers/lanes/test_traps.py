"""Which lane wins, where the words of one stand in the message of another."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.lanes import Command, Satisfaction
from handlers.topic import Understanding

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("traps.toml").read_text("utf-8"))
TRAPS = [
    pytest.param(
        text,
        row,
        id=f"{row['trap']} {text}",
        marks=[pytest.mark.xfail(reason=row["known"], strict=False)] if "known" in row else [],
    )
    for row in TOLD["trap"]
    for text in row["texts"]
]


def pairs(table: str) -> list[tuple[str, str]]:
    return [(name, text) for name, texts in TOLD[table].items() for text in texts]


@pytest.mark.parametrize(("text", "row"), TRAPS)
def test_a_message_goes_its_own_lane(text: str, row: dict[str, Any], understanding: Understanding):
    lane = understanding.route(text).lane
    assert lane in row.get("lanes", [lane])
    assert lane not in row.get("never", [])


def test_a_concept_stands_where_one_of_its_words_counts(understanding: Understanding):
    read = understanding.rules.lanes.read
    readings = [read(text) for row in TOLD["trap"] for text in row["texts"]]
    bits = readings[0]._vocabulary.bits
    for reading in readings:
        standing = [name for name, bit in bits.items() if reading.standing & bit]
        assert standing == [name for name in bits if reading.spans(name)], reading.text


@pytest.mark.parametrize(("name", "text"), pairs("satisfaction"))
def test_how_a_matter_ended_is_heard_with_its_negations(name: str, text: str, understanding: Understanding):
    assert understanding.rules.lanes.answers.satisfaction_of(text) is Satisfaction(name)


@pytest.mark.parametrize("text", TOLD["no_satisfaction"]["texts"])
def test_what_says_nothing_of_the_end_is_no_answer(text: str, understanding: Understanding):
    assert understanding.rules.lanes.answers.satisfaction_of(text) is None


@pytest.mark.parametrize(("name", "text"), pairs("command"))
def test_a_command_is_understood_in_any_width_and_with_any_sign(
    name: str, text: str, understanding: Understanding
):
    assert understanding.rules.lanes.answers.command_of(text) is Command(name)


@pytest.mark.parametrize("text", TOLD["no_command"]["texts"])
def test_a_sentence_that_holds_a_command_is_none(text: str, understanding: Understanding):
    assert understanding.rules.lanes.answers.command_of(text) is None


def test_every_command_and_every_answer_has_its_row():
    assert TOLD["command"].keys() == {command.value for command in Command}
    assert TOLD["satisfaction"].keys() == {answer.value for answer in Satisfaction}
