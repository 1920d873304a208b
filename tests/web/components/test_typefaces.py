"""The typefaces: cut once, found by whoever serves static files, fixed ones for letters."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from rapport.web.components import typefaces


def test_a_page_gets_two_small_variable_typefaces() -> None:
    made = typefaces.build(typefaces.cache() / "pages")
    assert [path.name for path in made] == ["newsreader.woff2", "inter.woff2"]
    for path in made:
        assert 50_000 < path.stat().st_size < 200_000
        font = TTFont(path)
        assert {"wght", "opsz"} == {axis.axisTag for axis in font["fvar"].axes}
        assert {ord(letter) for letter in "aÄéřșŁ–“”’…€≥½"} <= set(font.getBestCmap())


def test_a_second_build_touches_nothing() -> None:
    folder = typefaces.cache() / "pages"
    before = [path.stat().st_mtime_ns for path in typefaces.build(folder)]
    assert [path.stat().st_mtime_ns for path in typefaces.build(folder)] == before


def test_a_first_build_leaves_no_file_open(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(typefaces, "PAGE_FILES", {"inter.woff2": typefaces.PAGE_FILES["inter.woff2"]})
    assert typefaces.build(tmp_path) == [tmp_path / "inter.woff2"]
    gc.collect()  # a file that was left open speaks up here, and a warning is a failure


def test_static_files_find_them() -> None:
    found = finders.find("components/fonts/inter.woff2")
    assert found
    assert Path(found).read_bytes()[:4] == b"wOF2"
    assert finders.find("components/fonts/other.woff2") is None
    listed = {f"{getattr(storage, 'prefix', '')}/{name}" for name, storage in typefaces.TypefaceFinder().list(None)}
    assert listed == {"components/fonts/newsreader.woff2", "components/fonts/inter.woff2"}


def test_letters_get_fixed_typefaces_with_plain_names() -> None:
    (folder,) = typefaces.font_paths()
    font = TTFont(folder / "Newsreader-SemiBold.ttf")
    assert "fvar" not in font
    assert font["name"].getDebugName(1) == "Newsreader"
    assert font["OS/2"].usWeightClass == 600
    assert {path.name for path in folder.glob("*.ttf")} == set(typefaces.LETTER_FILES)


def test_without_a_cache_of_the_user_a_folder_of_the_process_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    typefaces.cache.cache_clear()
    try:
        assert typefaces.cache().is_dir()
    finally:
        typefaces.cache.cache_clear()
