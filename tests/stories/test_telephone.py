"""The telephone desk: a clerk writes while the villager speaks, files by one key, and reads a number aloud."""

from models.petition import State
from tests.bot.pages.browser import Browser, Page, add_user
from tests.relay import PHONE
from tests.stories.test_relay import counted
from tests.world import World, number_in

WATER = "大坪村停水三天了，水管坏了"
ACCUSES = "我要举报大坪村支书收钱，低保要给他五千块才批"
CLERK = "tangxiaoyu"  # a dispatcher of the county


async def desk(world: World, person: str | None = CLERK) -> Browser:
    browser = Browser(world)
    await browser.log_in(add_user(world, f"clerk-{person}", "dispatcher", person))
    await browser.get("/console/desk")
    return browser


def told(page: Page) -> str:
    """The number as it is read aloud."""
    _, _, after = page.text.partition('class="aloud">')
    return after.partition("<")[0].replace(" ", "")


async def test_a_call_is_filed_by_one_key_and_its_number_is_read_aloud_in_pairs(small_world: World):
    browser = await desk(small_world)
    page = await browser.post("/console/desk", phone=PHONE, text=WATER, who="吴大娘", once="o1", part="1")
    number = told(page)
    assert f"{number[:2]} {number[2:4]} {number[4:]}" in page.text
    petition = small_world.petition(number)
    assert (petition.creator, petition.leaf, petition.place) == (CLERK, "0301", "YX0102")

    assert "不想留名，现在说，或者再打来" in page.text
    assert "发“" not in page.text, "nothing to type for somebody who listens"

    again = await browser.post("/console/desk", phone=PHONE, text=WATER, who="吴大娘", once="o1", part="1")
    assert told(again) == number
    later = await browser.post("/console/desk", phone=PHONE, text="是昨天夜里开始的", once="o2", part="1")
    assert "不想留名" not in later.text, "said once to each caller"
    assert len(small_world.petitions()) == 1

    await small_world.tick(seconds=91)
    assert small_world.petition(number).owner == "mengxi"


async def test_while_he_speaks_his_own_open_matters_and_like_ones_appear_and_nothing_is_kept(
    small_world: World,
):
    browser = await desk(small_world)
    mine = told(await browser.post("/console/desk", phone=PHONE, text=WATER, once="o1", part="1"))
    [other] = await small_world.villager().says("大坪村没水了，停水")
    await small_world.tick(seconds=91)
    before = counted(small_world)

    page = await browser.post("/console/desk/look", phone=PHONE, text="大坪村昨天停水，管子断了", part="1")
    own, _, alike = page.text.partition("像同一件的")
    assert mine in own.replace(" ", "")
    assert number_in(other) in alike.replace(" ", "")
    assert 'data-where="大坪村"' in page.text
    assert 'data-when="昨天"' in page.text
    assert 'data-how="管子断了"' in page.text
    assert counted(small_world) == before

    strange = await browser.post("/console/desk/look", phone="13800000009", text="", part="1")
    assert mine not in strange.text.replace(" ", "")


async def test_what_the_clerk_fills_in_is_filed_with_the_words_and_his_choice_of_kind_holds(
    small_world: World,
):
    browser = await desk(small_world)
    page = await browser.post(
        "/console/desk",
        phone=PHONE,
        text="没水了",
        where="大坪村",
        when="前天晚上",
        leaf="0301",
        once="o1",
        part="1",
    )
    petition = small_world.petition(told(page))
    assert (petition.place, petition.leaf) == ("YX0102", "0301")
    await small_world.tick(seconds=91)
    assert "前天晚上" in (await small_world.cadre("mengxi").says(f"看 {petition.number}"))[0]


async def test_an_accusation_stops_at_the_desk_and_not_a_word_is_kept(small_world: World):
    browser = await desk(small_world)
    before = counted(small_world)
    look = await browser.post("/console/desk/look", phone=PHONE, text=ACCUSES, part="1")
    assert "12388" in look.text
    assert "不要登记" in look.text
    assert counted(small_world) == before
    page = await browser.post("/console/desk", phone=PHONE, text=ACCUSES, who="吴大娘", once="o1", part="1")
    assert "12388" in page.text
    assert told(page) == ""
    assert counted(small_world) == before | {"message": before["message"] + 1}


async def test_danger_is_read_aloud_first_pushed_at_once_and_the_hand_over_is_in_the_time_line(
    small_world: World,
):
    browser = await desk(small_world)
    look = await browser.post("/console/desk/look", phone=PHONE, text="大坪村我家着火了", part="1")
    assert "马上打 119" in look.text
    page = await browser.post(
        "/console/desk", phone=PHONE, text="大坪村我家着火了", handed="119", once="o1", part="1"
    )
    number = told(page)
    await small_world.tick(seconds=1)
    assert small_world.petition(number).owner is not None
    line = await browser.get(f"/console/petition/{number}")
    assert "电话转给了报警或急救" in line.text


async def test_whoever_wrote_it_down_neither_owns_it_nor_calls_back(small_world: World):
    browser = await desk(small_world)
    number = told(await browser.post("/console/desk", phone=PHONE, text=WATER, once="o1", part="1"))
    await small_world.tick(seconds=91)
    clerk, owner = small_world.cadre(CLERK), small_world.cadre("mengxi")
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 来水了")
    [refusal] = await clerk.says(f"回访 {number} 解决")
    assert small_world.petition(number).state is State.PROPOSED, refusal


async def test_without_a_script_the_page_works_by_its_buttons(small_world: World):
    browser = await desk(small_world)
    looked = await browser.post("/console/desk/look", phone=PHONE, text=WATER)
    assert "<h1>接电话</h1>" in looked.text
    assert WATER in looked.text
    filed = await browser.post("/console/desk", phone=PHONE, text=WATER, once="o1")
    assert "<h1>接电话</h1>" in filed.text
    assert told(filed)
    assert (await browser.post("/console/desk", phone=PHONE, text="  ")).status == 200


async def test_one_story_by_telephone_and_by_text_message_ends_in_one_time_line(world: World):
    """The desk writes the call down; the same line asks how far it is, hurries, and says that it is solved."""
    browser = await desk(world)
    number = told(await browser.post("/console/desk", phone=PHONE, text=WATER, once="o1", part="1"))
    await world.tick(seconds=91)
    more = await browser.post("/console/desk", phone=PHONE, text="大坪村还是停水", once="o2", part="1")
    assert told(more) == number
    assert len(world.petitions()) == 1
