"""Study is a service, never a score (design.md 7; 国办函〔2026〕12号): the schema itself has no place for one."""

import re

from models.tables import metadata

# Whatever would count, time or rank a person; `survey_answer` rates the service, and belongs to nobody.
SCORES = re.compile(
    r"score|point|credit|mark|rank|grade|level|minute|second|duration|length|watch|view|read|progress|streak|"
    r"check_?in|attendance|overdue|\blate\b|_late"
)
STUDY = {
    *("member", "course", "lesson", "study_due", "study_attempt", "unreachable_way", "subscription"),
    *("study_task", "member_change", "binding_code", "binding_try", "survey_asked", "survey_answer"),
}
SERVICE = {"service_notice", "late_proposal"}  # an office's own figures


def test_no_table_of_study_has_a_place_for_a_score_a_minute_or_a_rank() -> None:
    assert {
        f"{name}.{column.name}"
        for name in STUDY
        for column in metadata.tables[name].columns
        if SCORES.search(column.name)
    } == set()


def test_figures_are_kept_of_offices_and_no_member_is_in_them() -> None:
    for name in SERVICE:
        assert "member" not in metadata.tables[name].columns


def test_a_survey_answer_leads_back_to_nobody() -> None:
    columns = set(metadata.tables["survey_answer"].columns.keys())
    assert columns == {"id", "course", "branch", "month", "useful", "timely", "fitting", "word"}


def test_the_study_tables_name_no_petition() -> None:
    """Membership and petitions are joined in no way a table could keep."""
    for name in STUDY | SERVICE:
        named = {key.column.table.name for key in metadata.tables[name].foreign_keys}
        assert named <= STUDY | {"villager"}, name
