"""The posters that hang in the villages."""

from pathlib import Path

import pytest
import segno

from bot.commands import qr
from models.errors import LianxinError
from models.place import Place

VILLAGES = [
    Place(code="YX0101", name="石桥村", level="village"),
    Place(code="a/b", name="<大坪>村", level="village"),
]


class Platform:
    """Gives an address for a scene, until it is told to fail."""

    def __init__(self) -> None:
        self.scenes: list[str] = []
        self.down = False

    async def create(self, scene: str) -> str:
        if self.down:
            raise LianxinError("40001")
        self.scenes.append(scene)
        return f"http://example.invalid/q/{scene}"


async def test_every_village_gets_a_page_with_its_own_code(tmp_path: Path) -> None:
    platform = Platform()
    assert await qr.run(VILLAGES, platform.create, tmp_path / "posters") == 0
    assert platform.scenes == ["v:YX0101", "v:a/b"]
    page = (tmp_path / "posters" / "YX0101.html").read_text("utf-8")
    drawn = segno.make("http://example.invalid/q/v:YX0101", error="m", micro=False)
    assert drawn.svg_inline(border=4, omitsize=True) in page
    for words in ("石桥村", "12345", "119", "编号"):
        assert words in page
    notice = (tmp_path / "posters" / "YX0101.txt").read_text("utf-8")
    assert "石桥村" in notice
    assert "请私聊" in notice
    assert (tmp_path / "posters" / "YX0101.png").read_bytes().startswith(b"\x89PNG")
    other = (tmp_path / "posters" / "a%2Fb.html").read_text("utf-8")
    assert "&lt;大坪&gt;村" in other
    assert "<大坪>" not in other


async def test_a_poster_that_is_there_is_neither_replaced_nor_asked_for_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = Platform()
    (tmp_path / "YX0101.html").write_text("mine")
    assert await qr.run(VILLAGES, platform.create, tmp_path) == 0
    assert (tmp_path / "YX0101.html").read_text() == "mine"
    assert platform.scenes == ["v:a/b"]
    assert "没有覆盖" in capsys.readouterr().out


async def test_without_the_platform_it_says_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform = Platform()
    platform.down = True
    assert await qr.run(VILLAGES, platform.create, tmp_path) == 1
    assert "YX0101 石桥村：没有拿到二维码：40001" in capsys.readouterr().err
    platform.down = False
    assert await qr.run(VILLAGES, platform.create, tmp_path) == 0
    assert len(platform.scenes) == len(VILLAGES)


async def test_a_county_without_villages_is_told_what_to_do_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await qr.run([], Platform().create, tmp_path) == 1
    assert "lianxin load" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert await qr.run(VILLAGES, Platform().create, tmp_path / "file") == 1
