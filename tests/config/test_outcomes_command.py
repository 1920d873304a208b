"""`rapport outcomes`: a scientist's console, without a practice and without Django."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.clinical.readers import REFERENCE, rows

from rapport.config.cli import rapport

DAS = [
    "--measure", "DAS", "--pre", "pre", "--post", "post", "--norm", "low=0", "--norm", "high=151",
    "--norm", "direction=higher", "--norm", "reliability=0.80", "--norm", "functional_mean=114",
    "--norm", "functional_sd=14",
]  # fmt: skip
COUPLES, WARD = REFERENCE / "jt1991_table2_das.csv", REFERENCE / "riesby.csv"


def run(*words: object) -> Result:
    return CliRunner().invoke(rapport, ["outcomes", *map(str, words)])


def said(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.output


def refused(*words: object) -> str:
    done = run(*words)
    assert done.exit_code in (1, 2)
    assert "Traceback" not in done.output
    return done.output


def a_file(tmp_path: Path, text: str, name: str = "scores.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_thirty_couples_before_and_after() -> None:
    found = json.loads(said("change", COUPLES, *DAS, "--json"))
    assert found["counts"] == {
        "recovered": 13,
        "improved": 3,
        "unchanged": 13,
        "deteriorated": 1,
        "not_classifiable": 0,
    }
    assert found["rule"]["cut"] == pytest.approx(96.42704, abs=1e-5)
    assert "recovered" in said("change", COUPLES, *DAS)


def test_a_ward_week_by_week() -> None:
    output = said("change", WARD, "--measure", "hrsd", "--client", "id", "--week", "week", "--score", "hamd", "--csv")
    people = list(csv.DictReader(io.StringIO(output)))
    assert len(people) == 66
    assert sum(one["class"] == "recovered" for one in people) == 40


@pytest.mark.parametrize("method", ["JT", "EN", "GLN", "HLL", "NK", "HA"])
def test_every_method_gives_an_index(method: str) -> None:
    found = json.loads(said("change", COUPLES, *DAS, "--method", method, "--json"))
    assert sum(found["counts"].values()) == 30
    assert all(one["index"] is not None for one in found["clients"])


PHQ9 = ["--measure", "phq9", "--pre", "pre", "--post", "post"]


def test_a_method_says_the_cut_off_and_the_change_it_used_not_the_nhs_s(tmp_path: Path) -> None:
    lines = "".join(f"{each},{8 + each % 15},{each % 14}\n" for each in range(40))
    file = a_file(tmp_path, f"id,pre,post\n{lines}")
    assert "Cut-off: 10. A change counts from 6 points." in said("change", file, *PHQ9)
    for method, words in (("JT", "A change counts from"), ("EN", "its index is beyond 1.96"), ("HA", "beyond 1.64")):
        shown = said("change", file, *PHQ9, "--method", method)
        assert words in shown
        assert f"({method})" in shown
        assert "Cut-off: 10. A change counts from 6 points." not in shown
        assert "NHS" not in shown
        rule = json.loads(said("change", file, *PHQ9, "--method", method, "--json"))["rule"]
        assert rule["method"] == method
        assert rule["basis"] != "nhs"
        assert (rule["least_change"] is None) == (method != "JT")
        assert rule["critical"] == pytest.approx(1.644854 if method == "HA" else 1.959964)


def test_classes_follow_from_the_cut_off_and_the_change_that_are_said() -> None:
    """Jacobson & Truax typed as a method read their couples as the rule of that name does."""
    plain, typed = (json.loads(said("change", COUPLES, *DAS, *more, "--json")) for more in ([], ["--method", "JT"]))
    assert typed["rule"]["cut"] == pytest.approx(plain["rule"]["cut"])
    assert typed["rule"]["least_change"] == pytest.approx(plain["rule"]["least_change"])
    assert typed["rule"]["own_sample"] is plain["rule"]["own_sample"] is True
    assert typed["counts"] == plain["counts"]
    for one in typed["clients"]:
        assert (one["began_healthy"] == "yes") == (one["first"] > typed["rule"]["cut"])


def test_known_norms_serve_one_person_and_the_sample_s_own_do_not(tmp_path: Path) -> None:
    file = a_file(tmp_path, "id,pre,post\n1,70,110\n")
    known = [*DAS, "--norm", "clinical_mean=84", "--norm", "clinical_sd=15"]
    (one,) = json.loads(said("change", file, *known, "--method", "EN", "--json"))["clients"]
    sem = 15 * 0.2**0.5
    assert one["index"] == pytest.approx((110 - 84 - 0.8 * (70 - 84)) / sem)
    assert "One person is no sample" in refused("change", file, *known, "--method", "HLL")
    assert "One person is no sample" in refused("change", file, *DAS, "--method", "EN")


HEAD = "client,date,phq9,gad7\n"


@pytest.mark.parametrize(("text", "words"), [
    ("", ["The file is empty"]),
    (HEAD, ["The file is empty", "rows of scores follow"]),
    (f"{HEAD}a,2026-01-05,17,14\n", ["No client has two scores"]),
    (f"{HEAD}a,2026-01-05,17,1\na,2026-02-05,nan,1\n", ["row 3", "column phq9", "not a score", "leave the cell empty"]),
    (f"{HEAD}a,2026-01-05,17,1\na,2026-02-05,28,1\n", ["row 3", "column phq9", "from 0 to 27", "PHQ-9"]),
    (f"{HEAD}a,05/01/2026,17,1\n", ["row 2", "column date", "which is the day"]),
    (f"{HEAD}a,2026-01-05,17,1\na,2026-01-05,12,1\n", ["row 3", "Row 2 has the same client"]),
    ("client,date,score\na,2026-01-05,17\n", ["There is no column phq9", "client, date, score"]),
    ("client;date;phq9\na;2026-01-05\n", ["row 2", "2 cells"]),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_told_apart(tmp_path: Path, text: str, words: list[str]) -> None:
    output = refused("change", a_file(tmp_path, text), "--measure", "phq9", "--date", "date")
    assert all(word in output for word in words), output


def test_options_that_do_not_fit(tmp_path: Path) -> None:
    file = a_file(tmp_path, "id,pre,post\n1,12,12\n2,12,9\n3,12,8\n")
    assert "no instrument of this name" in refused(
        "change", file, "--measure", "mood", "--pre", "pre", "--post", "post"
    )
    assert "go together" in refused("change", file, "--measure", "phq9", "--pre", "pre")
    assert "--date COLUMN" in refused("change", file, "--measure", "phq9")
    turned = [*DAS[:-4], "--norm", "functional_mean=60", "--norm", "functional_sd=14", "--norm", "clinical_mean=90"]
    assert "direction=lower" in refused("change", file, *turned)


def test_every_first_score_the_same(tmp_path: Path) -> None:
    """Thirty equal first scores are no spread to measure change by."""
    lines = "".join(f"{each},12,{each % 12}\n" for each in range(40))
    output = refused("change", a_file(tmp_path, f"id,pre,post\n{lines}"), *DAS)
    assert "Error: clinical_sd" in output
    assert "standard deviation is above zero" in output


def a_service(tmp_path: Path) -> tuple[Path, Path]:
    """The reference service as two files."""
    scores, episodes = [HEAD], ["client,referred,started,finished,sessions,ending\n"]
    for row in rows("nhs_service"):
        name = row["id"]
        scores.append(f"{name},2025-01-10,{row['phq_first']},{row['gad_first']}\n")
        scores.append(f"{name},2025-04-10,{row['phq_last']},{row['gad_last']}\n")
        episodes.append(f"{name},2025-01-02,2025-01-10,2025-04-10,{row['attended_treatment_sessions']},planned\n")
    return a_file(tmp_path, "".join(scores)), a_file(tmp_path, "".join(episodes), "episodes.csv")


def test_the_report_of_the_reference_service(tmp_path: Path) -> None:
    scores, episodes = a_service(tmp_path)
    found = json.loads(said("report", scores, "--episodes", episodes, "--json"))
    rates: dict[str, Any] = {one["code"]: one for one in found["rates"]}
    assert (rates["recovery"]["count"], rates["recovery"]["out_of"]) == (102, 479)
    assert rates["reliable_improvement"]["count"] == 355
    shown = said("report", scores, "--episodes", episodes, "--question", "How do we do?")
    assert "102 of 479" in shown
    assert "less those who began below the threshold" in shown
    assert "Nobody here was compared" in shown
    assert "Source: NHS England, NHS Talking Therapies, for anxiety and depression, Annual reports" in shown
    assert "2024-25 (Open Government Licence v3.0); checked against it." in shown
    assert "as of 2025-03-31" in shown
    beside = json.loads(said("report", scores, "--episodes", episodes, "--json"))["comparisons"]
    assert all(one["benchmark"]["verified"] is True and one["benchmark"]["source"] for one in beside)
    table = list(csv.DictReader(io.StringIO(said("report", scores, "--episodes", episodes, "--csv"))))
    assert table[0]["code"] == "paired"


def test_without_a_file_of_episodes_less_is_known(tmp_path: Path) -> None:
    scores, _ = a_service(tmp_path)
    shown = said("report", scores)
    assert "waiting, open courses and kinds of ending are not known" in shown
    assert "still wait to start" not in shown
    assert "Endings were not given." in shown
    assert "ended without a plan  not known: endings were not given" in shown
    assert "0 %  ended without a plan" not in shown
    assert "Sessions and recovery" not in shown
    found = json.loads(said("report", scores, "--json"))
    assert found["flow"] == []
    assert found["endings_known"] is False


def test_norms_of_two_measures_at_once_are_refused(tmp_path: Path) -> None:
    scores, _ = a_service(tmp_path)
    norms = ["--norm", "low=0", "--norm", "high=27", "--norm", "direction=lower"]
    assert "--norm describes one measure" in refused("report", scores, *norms)
    assert "--norm describes one measure" in refused("report", scores, "--measure", "mood", "--measure", "gad7", *norms)


def test_small_numbers_are_taken_out(tmp_path: Path) -> None:
    scores, episodes = a_service(tmp_path)
    found = json.loads(said("report", scores, "--episodes", episodes, "--publish", "--json"))
    assert found["published"] is True
    assert all(one["count"] is None or one["count"] % 5 == 0 for one in found["rates"])


def test_a_conclusion_must_not_say_more_than_the_data(tmp_path: Path) -> None:
    scores, _ = a_service(tmp_path)
    output = refused("report", scores, "--conclusion", "Our therapy was effective and caused recovery.")
    assert "“effective”" in output
    assert "improved reliably" in output
    assert "effective" in said("report", scores, "--controlled", "--conclusion", "The new form was effective.")


@pytest.mark.parametrize(("line", "word"), [
    ("a,2025-01-02,2025-01-10,2025-13-10,8,planned", "column finished"),
    ("a,,2025-01-10,2025-03-10,8,planned", "column referred"),
    ("a,2025-01-02,2025-01-10,2025-03-10,many,planned", "column sessions"),
    ("a,2025-01-02,2025-01-10,2025-03-10,-8,planned", "row 2, column sessions: Give how many were attended"),
    ("a,2025-01-02,2025-01-10,2025-03-10,5001,planned", "row 2, column sessions"),
    (f"a,2025-01-02,2025-01-10,2025-03-10,{'9' * 5000},planned", "row 2, column sessions"),
    ("a,2025-01-02,2025-01-10,2025-03-10,2.5,planned", "row 2, column sessions"),
    ("a,2025-01-02,2025-01-10,9999-12-31,8,planned", "row 2, column finished: This day lies outside"),
    ("a,2025-01-02,2025-01-10,2025-03-10,8,happy", "planned, unplanned, other"),
    ("b,2025-01-02,2025-01-10,2025-03-10,8,planned", "scores but no episode"),
    ("a,2025-01-12,2025-01-10,2025-03-10,8,planned", "starts before it was referred"),
    ("a,2025-01-02,2025-01-10,2025-03-10,8,planned\na,2025-01-02,2025-01-10,2025-03-10,8,planned", "stands here twice"),
])  # fmt: skip
def test_episodes_that_cannot_be_read(tmp_path: Path, line: str, word: str) -> None:
    scores = a_file(tmp_path, f"{HEAD}a,2025-01-10,17,14\na,2025-03-10,7,4\n")
    head = "client,referred,started,finished,sessions,ending\n"
    assert word in refused("report", scores, "--episodes", a_file(tmp_path, f"{head}{line}\n", "episodes.csv"))


BLOCKED = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "cryptography", "psycopg", "granian"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nothing())
"""


def without_django(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", BLOCKED + code], capture_output=True, text=True, check=False)


def test_the_library_and_its_console_need_no_django() -> None:
    code = (
        "import importlib, pkgutil, rapport.clinical as c\n"
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(c.__path__, 'rapport.clinical.')]\n"
        "sys.argv = ['rapport', 'outcomes', '--help']\n"
        "from rapport.config.cli import main; main()"
    )
    done = without_django(code)
    assert done.returncode == 0, done.stderr
    assert "change" in done.stdout
    assert "report" in done.stdout


def test_it_reads_a_file_without_django() -> None:
    words = ["rapport", "outcomes", "change", str(COUPLES), *DAS]
    done = without_django(f"sys.argv = {words!r}\nfrom rapport.config.cli import main; main()")
    assert done.returncode == 0, done.stderr
    assert "recovered" in done.stdout


def test_commands_of_the_practice_say_what_they_need() -> None:
    code = "sys.argv = ['rapport', 'serve', '--data', 'x']\nfrom rapport.config.cli import main; main()"
    done = without_django(code)
    assert done.returncode == 1
    assert done.stderr.strip() == ("Error: This needs the practice. Install it with: pip install 'rapport[practice]'")
    listed = without_django("sys.argv = ['rapport', '--help']\nfrom rapport.config.cli import main; main()")
    assert listed.returncode == 0, listed.stderr
    assert "Needs the practice" in listed.stdout
