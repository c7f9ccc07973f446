"""The year's notice arrives, and open dates move with it, visibly."""

from handlers.calendar import apply_notice, read_notice
from models.ledger import events_of
from scheduler.calendar import look_ahead, move_deadlines
from tests.stories.test_petition import told
from tests.world import World

NOTICE = """
year = 2026
source = "an invented notice"
off = ["2026-01-01..2026-01-03", "2026-02-16..2026-02-22", "2026-05-01..2026-05-03", "2026-10-01..2026-10-07",
       "2026-11-25"]
work = []
"""


async def test_a_new_holiday_moves_an_open_date_and_the_ledger_says_so(small_world: World):
    world = small_world
    number = await told(world, "石桥村低保停了，去年有的")
    before = world.petition(number).finish_due
    at = world.clock.now()
    with world.service.database.transaction() as session:
        change = apply_notice(session, read_notice(NOTICE), at)
    assert move_deadlines(world.service.station, change, at) == 1
    after = world.petition(number).finish_due
    assert before is not None
    assert after is not None
    assert after > before
    with world.service.database.reading() as session:
        assert events_of(session, world.petition(number).identity)[-1].kind == "reset_clocks"


async def test_the_operators_are_warned_before_the_known_days_run_out(small_world: World):
    look_ahead(small_world.service.station, small_world.clock.now())
    look_ahead(small_world.service.station, small_world.clock.now())
    assert [wording for to, wording, _ in small_world.letters("weizhiyuan")] == ["calendar.short"]
