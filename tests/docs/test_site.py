"""The documentation: built strictly and offline, nothing in it fetched from elsewhere, its code blocks run."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WITH_CODE = [DOCS / "index.md", *sorted((DOCS / "tutorials").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)", re.MULTILINE)
FETCHED = re.compile(r"""<(?:script|img|iframe|source|link)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//([^"'/]+)""", re.I)
SHEET = re.compile(r"""url\(\s*["']?(?:https?:)?//|@import""", re.IGNORECASE)
NOWHERE = {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9", "no_proxy": ""}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as CI builds it, without a way out."""
    place = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(place)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **NOWHERE, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


def test_every_page_is_there(site: Path) -> None:
    pages = {page.relative_to(DOCS).with_suffix(".html") for page in DOCS.rglob("*.md") if page.name != "README.md"}
    assert not [str(page) for page in sorted(pages) if not (site / page).exists()]


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    hosts = {host for page in site.rglob("*.html") for host in FETCHED.findall(page.read_text(encoding="utf-8"))}
    assert not hosts
    sheets = [sheet for sheet in site.rglob("*.css") if SHEET.search(sheet.read_text(encoding="utf-8"))]
    assert not sheets


def test_the_reference_is_made_of_docstrings(site: Path) -> None:
    page = (site / "reference" / "outcomes.html").read_text(encoding="utf-8")
    assert "read_caseload" in page
    assert "refused_words" in page


def test_every_method_is_in_the_index() -> None:
    index = (DOCS / "methods" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\* \[[^\]]+\]\(([\w-]+)\.md\): .{20,}", index, re.MULTILINE)
    assert sorted(listed) == sorted(page.stem for page in (DOCS / "methods").glob("*.md") if page.stem != "index")


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.stem)
def test_the_code_of_a_page_does_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every block that is not a command is run, in the order of the page, in an empty folder."""
    text = page.read_text(encoding="utf-8")
    assert set(FENCE.findall(text)) <= {"pycon", "console"}
    monkeypatch.chdir(tmp_path)
    blocks = "\n".join(re.findall(r"^```pycon\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    example = doctest.DocTestParser().get_doctest(blocks, {}, page.name, str(page), 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted
    assert result.failed == 0, capsys.readouterr().out
