"""`scribe check --fix`: refusals first, then what it prints; the file is never changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from scribe import cli


def note(*codes: str, assessment: str = "", day: str = "2026-03-02") -> dict[str, Any]:
    return {
        "id": "n1",
        "date_of_service": day,
        "codes": [{"code": code, "rank": rank} for rank, code in enumerate(codes, 1)],
        "note": {"assessment": assessment},
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note.json"


def rules(capsys: pytest.CaptureFixture[str], file: Path) -> list[str]:
    """The findings as `scribe check` shows them, in order."""
    cli.main(["check", str(file), "--json"])
    return [each["rule_id"] for each in json.loads(capsys.readouterr().out)["findings"]]


REFUSED = [
    pytest.param([note("I10")], ["--fix", "1"], "no finding 1", id="no findings at all"),
    pytest.param([note("G35")], ["--fix", "9"], "no finding 9", id="too high"),
    pytest.param([note("G35")], ["--fix", "0"], "no finding 0", id="counted from 1"),
    pytest.param([note("G35")], ["--fix", "-1"], "no finding -1", id="negative"),
    pytest.param([note("MG31.00")], ["--fix", "1"], "no ready fix", id="nothing to put there"),
    pytest.param([note("R53.7")], ["--fix", "1"], "several codes", id="equals, none chosen"),
    pytest.param([note("G35")], ["--fix", "1", "--choice", "99"], "suggestion 99", id="choice"),
    pytest.param([note("G35")], ["--fix", "1", "--choice", "0"], "suggestion 0", id="choice 0"),
    pytest.param([note("G35")], ["--choice", "1"], "without --fix", id="choice alone"),
    pytest.param([note("G35"), note("G35")], ["--fix", "1"], "single note", id="two notes"),
]


@pytest.mark.parametrize(("notes", "argv", "words"), REFUSED)
def test_what_cannot_be_fixed_is_bad_input_and_says_why(
    notes: list[dict[str, Any]],
    argv: list[str],
    words: str,
    file: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file.write_text("\n".join(json.dumps(each) for each in notes))
    before = file.read_bytes()
    assert cli.main(["check", str(file), *argv, "--json"]) == 3
    told = json.loads(capsys.readouterr().out)["error"]
    assert told["error"] == "BadInput"
    assert words in told["message"]
    assert told["advice"]
    assert file.read_bytes() == before


def test_a_fix_prints_the_codes_and_what_remains(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(json.dumps(note("R53.1", "I10", assessment="Weakness due to ALS.")))
    before = file.read_bytes()
    shown = rules(capsys, file)
    number = shown.index("R531-ALS") + 1
    assert cli.main(["check", str(file), "--fix", str(number)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("DIAGNOSES\n    1. G12.21  (rule)\n    2. I10  (typed)\n")
    assert "R531-ALS" not in out
    assert file.read_bytes() == before


def test_the_number_counts_the_findings_as_they_are_shown(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(json.dumps(note("R53.1", "R53.1", "M62.81")))
    assert cli.main(["check", str(file)]) == 1
    heads = [line for line in capsys.readouterr().out.splitlines() if line[2:4] == ". "]
    assert [line.split()[0] for line in heads] == [f"{n}." for n in range(1, len(heads) + 1)]
    (twice,) = [line for line in heads if "GEN-DUPLICATE" in line]
    number = twice.split(".")[0].strip()
    assert cli.main(["check", str(file), "--fix", number, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in told["diagnoses"]] == ["R53.1", "M62.81"]
    remaining = {each["rule_id"] for each in told["findings"]}
    assert "GEN-DUPLICATE" not in remaining
    assert "R531-EX1-M6281" in remaining


def test_a_choice_takes_that_suggestion(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(json.dumps(note("G35")))
    cli.main(["check", str(file), "--json"])
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    last = len(found["suggestions"])
    assert cli.main(["check", str(file), "--fix", "1", "--choice", str(last), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["id"] == "n1"
    assert [each["code"] for each in told["diagnoses"]] == [found["suggestions"][-1]["code"]]
    assert told["findings"] == []
