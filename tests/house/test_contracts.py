"""The import contracts bite: a tidy scratch house passes, and one trespass per contract is named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ROOMS = {
    "": "config demo",
    "web.": "components doors entrance desk portal office",
    "practice.": "foundation organisation post clients episodes safety sessions measures process_notes outcomes "
    "endings",
    "practice.security.": "audit keys policy accounts approvals",
    "clinical.": "kernel statistics episodes safety sessions measures outcomes endings exchange",
}

TIDY = {
    "config/urls.py": "import rapport.web.desk.views",
    "web/desk/views.py": "import rapport.practice.clients.queries\nimport rapport.practice.process_notes.queries",
    "web/portal/views.py": "import rapport.practice.clients.queries\nimport rapport.web.components.page",
    "web/components/page.py": "import rapport.practice.security.policy.decisions\nimport django",
    "demo/build.py": "import rapport.practice.clients.actions",
    "practice/clients/models.py": "import django.db\nimport rapport.practice.clients.choices",
    "practice/clients/choices.py": "",
    "practice/clients/queries.py": "import rapport.practice.clients.models\nimport rapport.clinical.kernel.cards",
    "practice/clients/actions.py": "import rapport.practice.clients.queries",
    "practice/process_notes/queries.py": "import rapport.practice.clients.queries",
    "practice/security/policy/decisions.py": "import rapport.practice.security.audit",
    "clinical/kernel/cards.py": "import numpy",
}

TRESPASSES = {
    "Floors": {"practice/clients/tasks.py": "import rapport.web.desk.views"},
    "Practice": {"practice/clients/tasks.py": "import rapport.practice.episodes"},
    "Security": {"practice/security/audit/chain.py": "import rapport.practice.security.keys"},
    "In a duty": {"practice/clients/choices.py": "import rapport.practice.clients.models"},
    "Clinical: the same": {"clinical/kernel/ids.py": "import rapport.clinical.outcomes"},
    "Clinical knows": {"clinical/kernel/ids.py": "from django.utils import timezone"},
    "Web": {"web/office/views.py": "import rapport.web.desk.views"},
    "Pages": {"web/office/views.py": "import rapport.practice.clients.models"},
    "The portal": {
        "web/portal/diary.py": "import rapport.practice.endings.queries",
        "practice/endings/queries.py": "import rapport.practice.process_notes.queries",
    },
    "No cycles": {
        "practice/clients/queries/people.py": "import rapport.practice.clients.queries.contacts",
        "practice/clients/queries/contacts.py": "import rapport.practice.clients.queries.people",
    },
}


def _build(src: Path, files: dict[str, str]) -> None:
    for floor, rooms in ROOMS.items():
        for room in rooms.split():
            (src / "rapport" / floor.replace(".", "/") / room).mkdir(parents=True)
    for name, text in files.items():
        path = src / "rapport" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    for folder in [src / "rapport", *(p for p in (src / "rapport").rglob("*") if p.is_dir())]:
        (folder / "__init__.py").touch()


def _lint(src: Path) -> tuple[int, set[str], str]:
    executable = Path(sys.executable).with_name("lint-imports")
    command = [str(executable), "--config", str(ROOT / ".importlinter"), "--no-cache"]
    result = subprocess.run(
        command, capture_output=True, text=True, cwd=src, env={**os.environ, "PYTHONPATH": str(src)}, check=False
    )
    broken = set(re.findall(r"^(.+) BROKEN", result.stdout, re.MULTILINE))
    return result.returncode, broken, result.stdout


def test_a_tidy_house_keeps_every_contract(tmp_path: Path) -> None:
    _build(tmp_path, TIDY)
    code, broken, output = _lint(tmp_path)
    assert (code, broken) == (0, set()), output


def test_every_trespass_breaks_its_contract(tmp_path: Path) -> None:
    files = dict(TIDY)
    for trespass in TRESPASSES.values():
        files.update({name: "\n".join([files.get(name, ""), text]) for name, text in trespass.items()})
    del files["practice/clients/queries.py"]  # it becomes a folder, for the cycle
    _build(tmp_path, files)
    code, broken, output = _lint(tmp_path)
    assert code == 1, output
    missed = {name for name in TRESPASSES if not any(b.startswith(name) for b in broken)}
    assert not missed, output


@pytest.mark.parametrize("drawer", ["utils", "practice/common", "practice/security/helpers", "web/shared"])
def test_a_drawer_breaks_the_build(tmp_path: Path, drawer: str) -> None:
    _build(tmp_path, {**TIDY, f"{drawer}/odds.py": ""})
    code, broken, output = _lint(tmp_path)
    assert (code, len(broken)) == (1, 1), output
    assert re.search(r"rapport\S*\." + Path(drawer).name, output)
