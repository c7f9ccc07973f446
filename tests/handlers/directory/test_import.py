"""What an operator sees when the county's directory is loaded."""

from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest

from handlers.directory import BadDirectory
from models.base import Session
from models.directory import directory_version
from models.duty import owner_for
from models.member import Kind, Member, Way, member_by_phone, open_field
from models.office import Office
from models.officer import Officer, Role, officer_by_phone, officers
from models.place import Place, villages
from tests.handlers.directory.make import NOON, County, Tables, drop, put

LATER = NOON + timedelta(days=1)


def test_the_sample_county_loads_without_a_word_of_complaint(county: County, tables: Tables) -> None:
    imported = county.load(tables)
    assert (imported.added, imported.changed, imported.left) == (
        sum(len(rows) - 1 for rows in tables.values()),
        0,
        [],
    )
    assert (imported.notes, imported.version) == ([], 1)
    with county.database.reading() as session:
        assert len(villages(session)) == 20
        assert session.get_one(Place, "YX0103").aliases == ["桃树湾", "桃湾"]
        bochuan = session.get_one(Officer, "bochuan")
        assert bochuan.roles == [Role.DISPATCHER, Role.CADRE]
        assert officer_by_phone(session, county.keyring, "13900000133") == bochuan
        abroad = member_by_phone(session, county.keyring, "13900000517")
        assert abroad is not None
        assert (abroad.kind, abroad.zone, abroad.ways) == (Kind.AWAY, "Europe/Berlin", [Way.WECHAT, Way.POST])
        assert open_field(county.keyring, abroad, "location") == "德国汉堡"


def test_the_sample_county_has_an_owner_for_every_matter_in_every_village(
    county: County, tables: Tables
) -> None:
    county.load(tables)
    with county.database.reading() as session:
        for village in villages(session):
            for top in range(1, 17):
                for above_village in (False, True):
                    leaf = f"{top:02d}05"
                    assert owner_for(session, village.code, leaf, NOON, above_village=above_village)


def test_loading_the_same_twice_changes_nothing(county: County, tables: Tables) -> None:
    county.load(tables)
    before = county.dump()
    again = county.load(tables, at=LATER)
    assert (again.added, again.changed, again.left, again.version) == (0, 0, [], 1)
    assert county.dump() == before


def test_what_people_type_is_read_as_they_mean_it(county: County, tables: Tables) -> None:
    county.load(tables)
    before = county.dump()
    put(tables, "地点", "YX0103", "名称", " 桃 树　湾村\u200b ")
    put(tables, "地点", "YX0103", "别名", "桃树湾; 桃湾，桃湾")
    put(tables, "人员", "bochuan", "手机", "+86 139-0000-0133")
    put(tables, "人员", "bochuan", "角色", "调度、干部 ；")
    put(tables, "人员", "mengxi", "休假", "１２－28 至 2027-1-5")
    put(tables, "人员", "mengxi", "手机", "１３９００００0108.0")
    put(tables, "党员", "DY001", "时区", "")
    put(tables, "党员", "DY002", "方式", "")
    for row in tables["分工"]:
        row[1] = {"0301": "301", "03": " ３ ", "1201": "1201.0", "*": "＊"}.get(row[1], row[1])
    tables["人员"] = [[*row, "备注"] for row in tables["人员"]]
    tables["说明"] = [["随便写"]]
    shuffled = {name: [row[::-1] for row in rows] for name, rows in reversed(tables.items())}
    imported = county.load(shuffled)
    assert (imported.added, imported.changed) == (0, 0)
    assert imported.notes == ["不认得的表 说明，没有用", "人员：不认得的列 备注，没有用"]
    assert county.dump() == before


def test_one_changed_cell_is_one_changed_row_and_a_new_version(county: County, tables: Tables) -> None:
    county.load(tables)
    put(tables, "党员", "DY001", "手机", "13900000999")
    put(tables, "人员", "quzhen", "备岗", "yinhe")
    imported = county.load(tables, at=LATER)
    assert (imported.added, imported.changed, imported.version) == (0, 2, 2)
    with county.database.reading() as session:
        assert member_by_phone(session, county.keyring, "13900000501") is None
        assert member_by_phone(session, county.keyring, "13900000999") == session.get(Member, "DY001")


def test_a_sheet_that_is_absent_or_untouched_leaves_its_rows(county: County, tables: Tables) -> None:
    county.load(tables)
    before = county.dump()
    imported = county.load({"党员": tables["党员"], "人员": tables["人员"][:1]})
    assert imported.notes == ["人员：只有表头，当作没有这张表"]
    assert county.dump() == before


def test_who_is_no_longer_in_the_sheet_has_left_and_his_matters_are_handed_over(
    county: County, tables: Tables
) -> None:
    county.load(tables)
    drop(tables, "人员", "shazhou")
    for row in tables["分工"]:
        row[2] = "税翎" if row[2] == "shazhou" else row[2]
        row[2] = "shuiling" if row[2] == "税翎" else row[2]
    told: list[tuple[str, str | None]] = []

    def hand_over(session: Session, account: str, at: datetime) -> None:
        assert at == LATER
        assert session.get_one(Officer, account).left_at == LATER
        owner = owner_for(session, "YX0303", "1206", at)
        told.append((account, owner.lead.account if owner else None))

    assert county.load(tables, hand_over, LATER).left == ["shazhou"]
    assert told == [("shazhou", "shuiling")]
    assert county.load(tables, hand_over, LATER + timedelta(days=1)).left == []
    with county.database.reading() as session:
        assert "shazhou" not in {officer.account for officer in officers(session)}


def test_nobody_may_leave_while_his_matters_have_nowhere_to_go(county: County, tables: Tables) -> None:
    county.load(tables)
    before = county.dump()
    people = [row for row in tables["人员"] if row[0] != "shazhou"]
    with pytest.raises(BadDirectory, match=r"人员!1 账号: shazhou 不在表里了：100237 没有人接"):
        county.load({"人员": people}, lambda *_: "100237 没有人接")
    assert county.dump() == before


def test_who_comes_back_is_here_again(county: County, tables: Tables) -> None:
    county.load(tables)
    without = [row for row in tables["人员"] if row[0] != "shazhou"]
    left = county.load({"人员": without})
    assert left.left == ["shazhou"]
    assert "分工里还有离任的 shazhou，将由备岗或上一级接" in left.notes
    assert county.load({"人员": tables["人员"]}).changed == 1
    with county.database.reading() as session:
        assert session.get_one(Officer, "shazhou").left_at is None


def test_of_a_member_who_left_nothing_personal_stays(county: County, tables: Tables) -> None:
    county.load(tables)
    drop(tables, "党员", "DY001")
    county.load(tables, at=LATER)
    with county.database.reading() as session:
        member = session.get_one(Member, "DY001")
        assert (member.left_at, member.name, member.phone, member.location) == (LATER, b"", b"", b"")
        assert member_by_phone(session, county.keyring, "13900000501") is None


def test_a_village_may_end_only_when_nothing_names_it_any_more(county: County, tables: Tables) -> None:
    county.load(tables)
    drop(tables, "地点", "YX0103")
    with pytest.raises(BadDirectory, match=r"地点!1 编码: 少了 YX0103，可是 单位 YX0103W 还在用它"):
        county.load({"地点": tables["地点"]})
    drop(tables, "分工", "YX0103")
    put(tables, "单位", "YX0103W", "地点", "YX01")
    imported = county.load(tables, at=LATER)
    assert imported.changed == 5  # the place, its three duties, the committee that moved
    with county.database.reading() as session:
        assert session.get_one(Place, "YX0103").ended_at == LATER
        assert session.get_one(Office, "YX0103W").place == "YX01"


def test_what_nobody_answers_for_is_said(county: County, tables: Tables) -> None:
    tables["分工"] = [row for row in tables["分工"] if row[1] not in {"07", "*", "紧急"}]
    put(tables, "人员", "yanqingfeng", "角色", "干部")
    put(tables, "党员", "DY004", "联系人", "")
    put(tables, "党员", "DY004", "手机", "")
    for row in tables["分工"]:
        row[3] = "quzhen" if row[1] == "保护" else row[3]
    put(tables, "人员", "yinhe", "回避", "某某某")
    assert sorted(county.load(tables).notes) == sorted(
        [
            "没有人是 纪检",
            "县一级的分工没有 紧急，将由值班台接收",
            "县一级的分工没有覆盖大类 07，这些将进待分",
            "保护的 quzhen 不在县级单位，收不到保护类的事",
            "1 名高龄、患病或识字困难的党员没有联系人：DY004",
            "1 名党员的方式要用电话，却没有号码：DY004",
            "人员第 35 行：回避里有不是人员表里的人，只按姓名回避",
        ]
    )


def test_nothing_personal_of_a_member_can_be_read_in_the_database(county: County, tables: Tables) -> None:
    county.load(tables)
    stored = b"".join(path.read_bytes() for path in _files(county))
    for row in tables["党员"][1:]:
        assert row[1].encode() not in stored
        assert not row[2] or row[2].encode() not in stored
    assert b"13900000101" not in stored


def test_five_thousand_members_take_less_than_a_minute(county: County, tables: Tables) -> None:
    pattern = tables["党员"][1]
    tables["党员"] += [[f"M{n}", pattern[1], f"138{n:08d}", *pattern[3:]] for n in range(5000)]
    start = perf_counter()
    assert county.load(tables).added > 5000
    assert perf_counter() - start < 60
    with county.database.reading() as session:
        assert directory_version(session) == 1


def _files(county: County) -> list[Path]:
    database = Path(county.database.url.database or "")
    return sorted(database.parent.glob("county.db*"))
