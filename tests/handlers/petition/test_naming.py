"""Whom villagers mean: one line a way of saying it."""

import pytest

from bot.application import prepare
from handlers.petition.naming import People
from models.place import LOCAL, Level
from tests.world import Template, TestClock, copied

ALL = frozenset({*LOCAL, Level.TOWNSHIP, Level.COUNTY})
SECRETARY, CHAIR = {"shiyangeng"}, {"taowan"}
TOWNSHIP = {"quzhen", "bochuan", "yinhe"}


@pytest.fixture(scope="module")
def people(template: Template, tmp_path_factory: pytest.TempPathFactory) -> People:
    service = prepare(copied(template, tmp_path_factory.mktemp("naming")), TestClock().now, template.reader)
    with service.database.transaction() as session:
        found = service.knowledge.county(session, TestClock().now()).people
    service.writer.close()
    service.database.close()
    return found


@pytest.mark.parametrize(
    ("words", "place", "meant"),
    [
        ("支书不理人", "YX0101", SECRETARY),
        ("我们村支部书记不理人", "YX0101", SECRETARY),
        ("书记不理人", "YX010102", SECRETARY),
        ("村主任不理人", "YX0103", CHAIR),
        ("村长不理人", "YX0103", CHAIR),
        ("村干部不理人", "YX0101", SECRETARY),
        ("会计不理人", "YX0101", SECRETARY),
        ("石砚耕不理人", None, SECRETARY),
        ("石砚耕主任不理人", "YX0103", SECRETARY),
        ("石书记不理人", None, SECRETARY),
        ("石书记不理人", "YX0101", SECRETARY),
        ("瞿镇长不理人", "YX0101", {"quzhen"}),
        ("镇长不理人", "YX0101", {"quzhen"}),
        ("乡长不理人", "YX0202", {"maoling"}),
        ("民政办主任不理人", "YX0101", {"yinhe"}),
        ("镇干部不理人", "YX0101", TOWNSHIP),
        ("主任不理人", "YX0103", {"taowan", "bochuan", "yinhe"}),
        ("SHIYANGENG不理人", None, SECRETARY),
        ("石桥村村委会不理人", "YX0101", SECRETARY),
        ("水利局不理人", None, {"jiangshuisheng", "mengxi"}),
        ("供电所不理人", "YX0101", {"fangyanqiu", "qiaobai"}),
        ("县公安局的戈峥局长不理人", None, {"gezheng", "anningyuan"}),
        ("石硯耕不理人", None, SECRETARY),
        ("水管坏了", "YX0101", set()),
    ],
)
def test_who_is_meant(
    people: People, template: Template, words: str, place: str | None, meant: set[str]
) -> None:
    named = people.named(template.reader.plain(words), place, ALL)
    assert named.accounts.keys() == meant
    assert not named.vague


@pytest.mark.parametrize("words", ["支书不理人", "镇长不理人", "主任不理人"])
def test_a_post_without_a_place_is_too_vague(people: People, words: str) -> None:
    assert people.named(words, None, ALL).vague


def test_an_office_that_is_only_gone_to_is_not_blamed(people: People) -> None:
    assert people.named("供电所门口的路坏了", "YX0101", frozenset()).accounts == {}


def test_who_may_be_meant_sits_in_the_township_or_its_villages(people: People) -> None:
    assert people.may_be_meant("YX0101") == TOWNSHIP | SECRETARY | CHAIR | {"dingping"}
    assert "tangxiaoyu" not in people.may_be_meant(None)
