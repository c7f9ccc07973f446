"""The county's worst day: a villager accuses the village secretary, in five wordings and once only as a whole.

Whatever the service writes, sends, logs, shows, counts or exports afterwards is looked through for the words; and for
a letter, a list or a line that reaches the accused, his stand-in, his relative on file or his superior.
"""

from pathlib import Path

from sqlmodel import select

from handlers.digest.compose import differs, window_of
from models.digest import Digest
from models.letter import Letter
from models.message import PIECE, Message
from models.petition import State
from models.text import Text
from models.verification import verify
from models.villager import Villager
from tests import traces
from tests.world import World

ACCUSED, STAND_IN, RELATIVE, SUPERIOR = "shiyangeng", "bochuan", "yinhe", "quzhen"
WORDINGS = (
    "石桥村支书石砚耕把修路款吃了，一共三万八",
    "石书记的侄儿开着小车还吃低保",
    "石桥村石支书让我送两条红塔烟才肯盖章",
    "shiyangeng 把集体的杉树偷偷卖了装自己腰包",
    "俺们石桥村那个当书记的虚报危房名单套国家的钱",
)
BURST = ("修路款的事", "我们石桥村支书", "他吃了")
# What no form of the words may leave behind; none of it stands in the directory or in our own sentences.
PLANTED = (*WORDINGS, *BURST, "三万八", "侄儿", "红塔烟", "杉树", "套国家", "修路款")
EVERY_WORD = ("待办", "待分", "待访", "日报", "周报", "月报", "超期", "帮助")


async def test_no_word_of_an_accusation_is_left_anywhere_and_nobody_near_the_accused_hears(
    world: World, tmp_path: Path, capfd, caplog
):
    with traces.kept_logs() as logs:
        for index, words in enumerate(WORDINGS):
            [reply] = await world.villager(f"v{index}").says(words)
            assert "12388" in reply
            assert await world.villager(f"v{index}").repeats() == [reply], "a retry is told the same"
        for words in BURST:
            await world.villager("burst").says(words)
            world.clock.move(seconds=20)
        assert "12388" in world.villager("burst").chat.texts()[-1]
        for hours in (1, 24, 24 * 7, 24 * 35):  # over the year's end: day, week, month and quarter are told
            await world.tick(hours=hours)
        number = world.petitions()[0].number or ""
        asked = {
            account: [reply for word in EVERY_WORD for reply in await world.cadre(account).says(word)]
            for account in (ACCUSED, STAND_IN, RELATIVE, SUPERIOR)
        }
        for account in asked:
            for word in (f"看 {number}", f"签收 {number}", f"派 {number} 1205 瞿臻"):
                asked[account] += await world.cadre(account).says(word)
        shown = await traces.pages(world, f"/console/petition/{number}")
    said = capfd.readouterr()
    everything = (
        traces.stored(world, tmp_path)
        | traces.opened(world)
        | traces.digests(world)
        | traces.chats(world)
        | shown
        | {"stdout": said.out.encode(), "stderr": said.err.encode(), "logs": logs.getvalue().encode()}
        | {"logs of the libraries": caplog.text.encode()}
    )
    assert {
        name: found for name, what in everything.items() if (found := traces.found_in(what, PLANTED))
    } == {}

    for account, replies in asked.items():
        assert world.letters(account) == []
        assert world.cadre(account).chat.texts() == replies, "nothing but answers to his own words"
        assert not any(number in reply.replace(" ", "") and "没有找到" not in reply for reply in replies)


async def test_of_accusations_bare_rows_and_one_number_a_quarter_are_left(world: World):
    for index, words in enumerate(WORDINGS):
        await world.villager(f"v{index}").says(words)
    for words in BURST:
        await world.villager("burst").says(words)
        world.clock.move(seconds=20)
    await world.tick(days=45)

    [matter] = world.petitions()  # the burst had a number before it accused anybody
    assert (matter.state, matter.leaf, matter.place, matter.owner) == (State.REDIRECTED, None, None, None)
    with world.service.database.reading() as session:
        rows = [one for one in session.exec(select(Message)) if one.lane == "accusation"]
        assert session.exec(select(Text)).all() == []
        assert [one for one in session.exec(select(Letter)) if one.petition is not None] == []
        assert len(session.exec(select(Villager)).all()) == 1, "of the other five nobody is known"
        told = {digest.period: digest.content for digest in session.exec(select(Digest))}
        keys = world.service.knowledge.keys(session, world.clock.now())
        assert verify(session, keys, window_of, differs)[0] is None
    pieces = [one.kind for one in rows].count(PIECE)
    assert pieces >= 1, "what came before the burst accused anybody"
    assert len(rows) == len(WORDINGS) + len(BURST)
    for row in rows:
        kept = (row.villager, row.petition, row.text, row.media, row.reply, row.key_id)
        assert kept == (None, None, None, b"", b"", None)
    assert told["quarter"]["counts"]["accusations"] == len(rows) - pieces
    assert told["month"]["counts"]["accusations"] is None
    for period in ("month", "quarter"):
        for rows_ in ("by_place", "by_office", "by_category"):
            assert {row["code"] for row in told[period][rows_]} <= {"*"}, "no place, no office, no category"
