"""The survey of a stage: totals of five and more, and no way back to who answered."""

from datetime import date

from models.study import survey
from models.study.course import Course
from tests.matters import Matters


def test_fewer_than_five_answers_are_told_to_nobody(matters: Matters):
    with matters.database.transaction() as session:
        course = Course(county="YX", name="stage", began_on=date(2026, 12, 1))
        session.add(course)
        session.flush()
        number = course.id or 0
        for useful in (5, 4, 3, 5):
            survey.answer(session, number, "YX0101D", (useful, 4, 4), b"", matters.at)
        assert survey.total(session, number) is None
        keys = matters.knowledge.keys(session, matters.at)
        word = keys.sealed_here("字大一点")
        survey.answer(session, number, "YX0102D", (3, 4, 4), word, matters.at)
        assert survey.free_words(session, keys, number) == ["字大一点"]
        assert survey.total(session, number) == (5, 4.0, 4.0, 4.0)
        survey.answer(session, number, "YX0102D", (1, 1, 1), keys.sealed_here("来得太晚"), matters.at)
        assert survey.total(session, number) == (5, 4.0, 4.0, 4.0), (
            "the difference would be one person's answer"
        )
        assert survey.free_words(session, keys, number) == ["字大一点"]
        for _ in range(4):
            survey.answer(session, number, "YX0101D", (5, 5, 5), b"", matters.at)
        assert survey.total(session, number) == (10, 4.1, 4.1, 4.1)
        assert survey.free_words(session, keys, number) == ["字大一点", "来得太晚"]


def test_a_member_is_asked_once_a_stage(matters: Matters):
    with matters.database.transaction() as session:
        course = Course(county="YX", name="stage", began_on=date(2026, 12, 1))
        session.add(course)
        session.flush()
        assert survey.ask(session, "DY001", course.id or 0, matters.at)
        assert not survey.ask(session, "DY001", course.id or 0, matters.at)
