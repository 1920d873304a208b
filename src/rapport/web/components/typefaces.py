"""Newsreader and Inter, cut down from the installed font packages to what pages and letters need.

Never downloads. Built once per version of the fonts and of this recipe, then kept in the user's cache.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from fontTools import subset  # type: ignore[import-untyped]  # the library carries no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

What = TypeVar("What")

RECIPE = "1"  # raise it when anything below changes what comes out

PREFIX = "components/fonts"

# Latin with its extensions, accents, punctuation, currency, arrows, signs of calculation, simple shapes.
CHARACTERS = (
    "0020-024F,0259,02B0-02FF,0300-036F,1E00-1EFF,2000-206F,2070-209F,20A0-20BF,2100-214F,2150-218F,2190-21FF,"
    "2200-22FF,25A0-25FF,2713,2717,FB00-FB06"
)
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "onum", "pnum", "case", "frac"]

_PACKAGES = ("fontpkg-newsreader", "fontpkg-inter", "fontpkg-noto-sans", "fonttools")
_NEWSREADER = ("fontpkg_newsreader", "Newsreader[opsz,wght].ttf")
_INTER = ("fontpkg_inter", "Inter[opsz,wght].ttf")
_NOTO = ("fontpkg_noto_sans", "NotoSans[wdth,wght].ttf")

# For a page: one variable file each, from regular to bold, at every optical size.
PAGE_FILES = {"newsreader.woff2": _NEWSREADER, "inter.woff2": _INTER}

# For a letter: fixed files, since typst does not read variable ones. Name, source, place on its axes, weight's name.
LETTER_FILES: dict[str, tuple[tuple[str, str], dict[str, float], str]] = {
    "Newsreader-Regular.ttf": (_NEWSREADER, {"wght": 400, "opsz": 16}, "Regular"),
    "Newsreader-SemiBold.ttf": (_NEWSREADER, {"wght": 600, "opsz": 28}, "SemiBold"),
    "Inter-Regular.ttf": (_INTER, {"wght": 400, "opsz": 14}, "Regular"),
    "Inter-SemiBold.ttf": (_INTER, {"wght": 600, "opsz": 14}, "SemiBold"),
    "NotoSans-Regular.ttf": (_NOTO, {"wght": 400, "wdth": 100}, "Regular"),
}


def build(target: Path) -> list[Path]:
    """Make the pages' typefaces in `target`; at once if they are there already."""
    return _made(target, PAGE_FILES, _page_file)


def font_paths() -> list[Path]:
    """Folders with the fixed typefaces, for typst's `font_paths`: families Newsreader, Inter and Noto Sans."""
    folder = cache() / "letters"
    _made(folder, LETTER_FILES, _letter_file)
    return [folder]


@lru_cache(maxsize=1)
def cache() -> Path:
    """Where built typefaces are kept: by version, in the user's own cache, or for this process if there is none."""
    stamp = " ".join([RECIPE, *(version(package) for package in _PACKAGES)])
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = home / "rapport" / "typefaces" / sha256(stamp.encode()).hexdigest()[:16]
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return Path(tempfile.mkdtemp(prefix="rapport-typefaces-"))
    return folder


class TypefaceFinder(BaseFinder):
    """Lets `collectstatic`, the test client and whitenoise find the typefaces, building them when first asked."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(cache() / "pages")
        self.storage.prefix = PREFIX  # type: ignore[attr-defined]

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        folder, _slash, name = path.replace(os.sep, "/").rpartition("/")
        if folder != PREFIX or name not in PAGE_FILES:
            return []
        build(cache() / "pages")
        found = str(cache() / "pages" / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        build(cache() / "pages")
        for name in PAGE_FILES:
            yield name, self.storage


def _made(target: Path, wanted: Mapping[str, What], make: Callable[[What, Path], None]) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    for name, what in wanted.items():
        if not (target / name).exists():
            handle, draft = tempfile.mkstemp(dir=target, prefix=".draft-")
            os.close(handle)
            make(what, Path(draft))
            Path(draft).chmod(0o644)
            Path(draft).replace(target / name)  # two processes may build at once; each puts a whole file
    return [target / name for name in wanted]


def _source(where: tuple[str, str]) -> TTFont:
    package, name = where
    return TTFont(str(files(package).joinpath("files", name)), lazy=True)


def _page_file(where: tuple[str, str], draft: Path) -> None:
    with _source(where) as font:
        _cut(font, CHARACTERS)
        instancer.instantiateVariableFont(font, {"wght": (400, 700)}, inplace=True)
        font.flavor = "woff2"
        font.save(str(draft))


def _letter_file(what: tuple[tuple[str, str], dict[str, float], str], draft: Path) -> None:
    where, axes, weight = what
    with _source(where) as font:
        if where != _NOTO:  # the fallback keeps every script it has
            _cut(font, CHARACTERS)
        instancer.instantiateVariableFont(font, axes, inplace=True)
        family = {_NEWSREADER: "Newsreader", _INTER: "Inter", _NOTO: "Noto Sans"}[where]
        _rename(font, family, weight)
        font.save(str(draft))


def _cut(font: TTFont, characters: str) -> None:
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = ["*"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(characters))
    cutter.subset(font)


def _rename(font: TTFont, family: str, weight: str) -> None:
    """Give a fixed file its own plain names, so that typst tells the weights apart."""
    names = font["name"]
    for record in list(names.names):
        if record.nameID in {16, 17, 21, 22, 25}:
            names.removeNames(nameID=record.nameID)
    for name_id, words in (
        (1, family),
        (2, weight),
        (4, f"{family} {weight}"),
        (6, f"{family}-{weight}".replace(" ", "")),
    ):
        names.setName(words, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = {"Regular": 400, "SemiBold": 600}[weight]
