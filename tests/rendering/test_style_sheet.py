import re
from pathlib import Path

from webapp import paths
from webapp.rendering.style_sheet import join_style_sheets

SOURCES = sorted((paths.static() / "css").glob("*.css"))


def test_tokens_come_first_and_custom_media_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "tokens.css").write_text("@custom-media --desk (min-width: 60rem);\n@layer a;\n")
    (tmp_path / "b.css").write_text("@media (--desk) and (scripting: enabled) {}\n")
    (tmp_path / "a.css").write_text("a {}\n")
    (tmp_path / "a.txt").write_text("no style sheet")
    assert join_style_sheets(tmp_path) == ("@layer a;\na {}\n@media (min-width: 60rem) and (scripting: enabled) {}\n")


def test_every_source_stands_in_the_one_sheet_in_a_layer() -> None:
    joined = join_style_sheets(paths.static() / "css")
    assert len(SOURCES) > 30
    for source in SOURCES:
        text = source.read_text("utf-8")
        assert ("@layer" in text) is (source.name != "fonts.css"), source.name
    assert joined.count("{") == sum(source.read_text("utf-8").count("{") for source in SOURCES)


def test_sheets_of_one_page_are_apart_and_need_no_joining() -> None:
    joined = join_style_sheets(paths.static() / "css")
    for sheet in (paths.static() / "css" / "pages").glob("*.css"):
        text = sheet.read_text("utf-8")
        assert text not in joined
        assert "@layer components" in text or "@layer print" in text
        assert re.findall(r"@(?:custom-)?media[^{]*\(--", text) == []


def test_widths_are_named_by_three_breakpoints_alone() -> None:
    widths = {
        width
        for source in SOURCES
        for width in re.findall(r"@media[^{]*?((?:min|max)-width[^)]*)", source.read_text("utf-8"))
    }
    assert widths == set()
    assert "--" not in "".join(re.findall(r"@media ([^{]*)\{", join_style_sheets(paths.static() / "css")))


def test_what_a_sheet_points_to_is_there() -> None:
    folder = paths.static() / "css"
    addresses = re.findall(r'url\("([^"]+)"\)', join_style_sheets(folder))
    assert [address for address in addresses if not (folder / address).resolve().is_file()] == []
    assert len(addresses) == 1
