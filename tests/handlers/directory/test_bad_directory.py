"""One workbook with every kind of bad row: each is named, and nothing is changed."""

import pytest

from handlers.directory import BadDirectory
from tests.handlers.directory.make import County, Tables, put

PHONE = "13900000777"


def refused(county: County, tables: Tables) -> list[str]:
    before = county.dump()
    with pytest.raises(BadDirectory) as caught:
        county.load(tables)
    assert county.dump() == before
    return [str(problem) for problem in caught.value.problems]


def spoil(tables: Tables) -> set[str]:
    """Makes one row bad in every way there is; what is expected of each, as `sheet!row column: start`."""
    expected = {
        (sheet, key, heading, value): problem
        for sheet, key, heading, value, problem in [
            ("地点", "YX0101", "名称", " ", "不能空"),
            ("地点", "YX0102", "上级", "", "不能空：只有县没有上级"),
            ("地点", "YX0103", "上级", "YX99", "地点里没有编码 YX99"),
            ("地点", "YX0104", "级别", "大村", "没有 大村；只能是 县 乡镇 村 组"),
            ("地点", "YX0105", "上级", "YX0106", "上级 YX0106 应比本级高"),
            ("地点", "YX", "上级", "YX01", "县不填上级"),
            ("地点", "YX0107", "级别", "县", "只能有一个县，第 2 行已经是"),
            ("单位", "SL", "名称", "局" * 65, "最多 64 个字符"),
            ("单位", "JT", "地点", "#REF!", "单元格里是表格软件的错误值 #REF!"),
            ("单位", "XZF", "上级", "XZF", "绕成了圈：XZF → XZF"),
            ("人员", "heruoping", "手机", "1390000010", "不是手机号"),
            ("人员", "tangxiaoyu", "手机", "1.39E+10", "不是手机号"),
            ("人员", "mengxi", "手机", "13900000101", "与第 2 行是同一个号码"),
            ("人员", "miaohe", "休假", "11-31..12-02", "11-31..12-02：应为 MM-DD..MM-DD"),
            ("人员", "kongmaidong", "休假", "下周", "下周：应为 MM-DD..MM-DD"),
            ("人员", "kezhu", "休假", "07-05..07-01", "07-05..07-01：结束在开始之前"),
            ("人员", "baizhiruo", "角色", "局长", "没有 局长；只能是 干部 调度 督导 纪检 操作员"),
            ("人员", "bianyao", "单位", "YBJ", "单位里没有编码 YBJ"),
            ("人员", "jiqin", "上级", "nobody", "人员里没有账号 nobody"),
            ("人员", "gezheng", "上级", "anningyuan", "绕成了圈：gezheng → anningyuan → gezheng"),
            ("人员", "pinglan", "备岗", "pinglan", "不能是他自己"),
            ("人员", "hengyan", "回避", "no.such", "没有账号 no.such"),
            ("人员", "dengta", "回避", "邓塔", "不能是他自己"),
            ("人员", "xingyuhong", "备岗", "xing yu", "xing yu：编码和账号里不能有空格"),
            ("人员", "maoling", "单位", PHONE, "单位里没有编码 …"),
            ("党员", "DY001", "类别", "优秀", "没有 优秀；只能是"),
            ("党员", "DY002", "方式", "微信；QQ", "没有 QQ；只能是"),
            ("党员", "DY003", "时区", "Asia/Yunxi", "没有时区 Asia/Yunxi"),
            ("党员", "DY004", "时区", "../../etc/passwd", "没有时区"),
            ("党员", "DY005", "联系人", "gone", "人员里没有账号 gone"),
            ("党员", "DY006", "手机", "13900000502", "与第 3 行是同一个号码"),
            ("党员", "DY007", "手机", "电话同上", "不是电话号码"),
            ("党员", "DY008", "支部", "", "不能空"),
            ("党员", "DY009", "编号", "DY002", "DY002 与第 3 行重复"),
            ("单位", "GD", "编码", "sl", "sl 与第 5 行重复"),
        ]
    }
    lines = {
        f"{sheet}!{put(tables, sheet, key, heading, value)} {heading}: {problem}"
        for (sheet, key, heading, value), problem in expected.items()
    }
    duties = tables["分工"]
    for row, heading, problem in [
        (["YX", "0399", "mengxi", ""], "类别", "没有类别 0399"),
        (["YX", "水电", "mengxi", ""], "类别", "没有类别 水电"),
        (["YX01", "紧急", "quzhen", ""], "地点", "紧急、保护只能写在县一级"),
        (["YX88", "03", "mengxi", ""], "地点", "地点里没有编码 YX88"),
        (["YX", "03", "mengxi", ""], "类别", "YX 03 与第 8 行重复"),
        (["YX", "0302", "", "mengxi"], "主办", "不能空"),
        (["YX", "0303", "mengxi", "qiaobai；nobody"], "协办", "人员里没有账号 nobody"),
    ]:
        duties.append(row)
        lines.add(f"分工!{len(duties)} {heading}: {problem}")
    return lines


def test_every_kind_of_bad_row_is_named_once_and_nothing_is_changed(county: County, tables: Tables) -> None:
    expected = spoil(tables)
    # what one of them makes wrong elsewhere: the other half of a circle, who named the vanished code
    echoes = {
        "人员!26 上级: 绕成了圈：anningyuan → gezheng → anningyuan",
        "地点!2 上级: 绕成了圈：YX → YX01 → YX",
        "地点!3 上级: 绕成了圈：YX01 → YX → YX01",
        "地点!12 上级: 县不填上级",
        "人员!10 单位: 单位里没有编码 GD",
        "人员!11 单位: 单位里没有编码 GD",
        "问答!36 单位: 单位里没有编码 GD",
        "问答!37 单位: 单位里没有编码 GD",
        "分工!94 类别: YX 0302 与第 10 行重复",
    }
    found = refused(county, tables)
    missing = {line for line in expected | echoes if not any(one.startswith(line) for one in found)}
    surplus = [one for one in found if not any(one.startswith(line) for line in expected | echoes)]
    assert (missing, surplus) == (set(), [])
    assert len(found) == len(set(found))


def test_no_number_of_a_person_is_quoted_back(county: County, tables: Tables) -> None:
    spoil(tables)
    put(tables, "人员", "quzhen", "角色", PHONE)
    put(tables, "党员", "DY010", "类别", "330100199001011234")
    told = "\n".join(refused(county, tables))
    assert "1390000" not in told
    assert "3301001990" not in told


def test_a_bad_row_over_a_loaded_directory_changes_nothing_either(county: County, tables: Tables) -> None:
    county.load(tables)
    row = put(tables, "党员", "DY001", "时区", "Mars")
    put(tables, "党员", "DY002", "所在地", "新址")
    assert refused(county, tables) == [
        f"党员!{row} 时区: 没有时区 Mars；例 Asia/Shanghai、Asia/Urumqi、Europe/Berlin"
    ]


@pytest.mark.parametrize(
    ("headings", "problem"),
    [
        (["编码", "名称", "别名", "上级"], "级别: 第 1 行没有这一列"),
        (["编码", "名称", "别名", "上级", "等级"], "级别: 第 1 行没有这一列"),
        (["编码", "名称", "别名", "上级", "级别", "级别"], "级别: 第 1 行有两个这样的列"),
        (["地点表"], "编码: 第 1 行没有这一列"),
        ([], "编码: 第 1 行没有这一列"),
    ],
)
def test_a_wrong_heading_is_named_alone_without_a_hundred_echoes(
    county: County, tables: Tables, headings: list[str], problem: str
) -> None:
    tables["地点"][0] = headings
    told = refused(county, tables)
    assert told[0].startswith(f"地点!1 {problem}")
    assert all(line.startswith("地点!1 ") for line in told)


def test_a_contact_who_left_is_named_as_such(county: County, tables: Tables) -> None:
    county.load(tables)
    county.load({"人员": [row for row in tables["人员"] if row[0] != "hekou"]})
    told = refused(county, {"党员": tables["党员"]})
    assert told
    assert all(line.endswith("联系人: 账号 hekou 的人已经离任") for line in told)


def test_a_file_without_any_known_sheet_is_refused(county: County) -> None:
    assert refused(county, {"Sheet1": [["a"], ["b"]]}) == [
        "工作簿!1 表名: 没有一张认得的表；表名应为 地点 单位 人员 分工 党员 送学 问答 连心室 值班 联户"
    ]
