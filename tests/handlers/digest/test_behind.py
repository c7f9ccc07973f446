"""Every number opens the list it was counted from, and nobody finds in it what he must not know; on both databases."""

from handlers.digest.behind import behind
from handlers.digest.compose import basis
from handlers.digest.period import Kind, Period
from handlers.lanes import Satisfaction
from models.counting import count
from models.figure import FIGURES, How
from models.petition import Petition
from models.scope import Scope
from tests.handlers.digest.figures import MONDAY
from tests.matters import DOLE, LAMP, WATER, Matters

MONTH = Period.of(Kind.MONTH, MONDAY)
COUNTY = Scope("lubaichuan", desk=True, area=None)


def test_a_number_and_its_list_are_of_one_length(matters: Matters) -> None:
    for who, leaf in enumerate((WATER, LAMP, DOLE, WATER)):
        matters.told(leaf, who=str(who))
    matters.closed(matters.told(who="x"))
    matters.closed(matters.told(LAMP, who="y"), Satisfaction.HALF)
    matters.sent_back(matters.told(who="z"))
    with matters.reading() as (session, county):
        tally = count(session, basis(session, county, MONTH, matters.at).window)
        for name, figure in FIGURES.items():
            if figure.how in (How.TIMES, How.PERSONS):
                continue
            found = behind(session, county, COUNTY, MONTH, matters.at, name)
            assert len(found) == tally.total[name], name
            for code, counted in tally.by["category"].items():
                told = behind(session, county, COUNTY, MONTH, matters.at, name, "category", code)
                assert len(told) == counted[name], (name, code)


def test_who_must_not_hear_of_a_matter_finds_it_behind_no_number_and_in_no_row(matters: Matters) -> None:
    """A conduct complaint is one of the total and stands in no row by which anybody could tell whose it is."""
    plain, conduct = matters.told(who="a"), matters.told("1108", place="YX0101", who="b")
    with matters.reading() as (session, county):
        tally = count(session, basis(session, county, MONTH, matters.at).window)
        assert tally.counts()["new"] == 2
        assert tally.codes("category")[-1] == "*"
        assert "1108" not in tally.codes("category")
        village = Scope(session.get_one(Petition, conduct).excluded[0], desk=True, area=None)
        found = behind(session, county, village, MONTH, matters.at, "new")
        assert plain in found
        assert conduct not in found
        assert behind(session, county, COUNTY, MONTH, matters.at, "new", "category", "*") == []
