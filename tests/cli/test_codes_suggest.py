"""`scribe codes suggest`: wrong use, what gets no suggestion, the table, JSON and the claim."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from scribe import cli

Capture = pytest.CaptureFixture[str]
DAY = ["--date", "2026-06-01"]
NOTE = "S: Tired.\nO: 4/5.\nA: HTN, stable. Asthma. Possible anemia.\nP: Walk."


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "note.txt"


def suggested(file: Path, capsys: Capture, *more: str) -> Any:
    assert cli.main(["codes", "suggest", "--note", str(file), *more, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def codes(answer: Any) -> list[str]:
    return [each["code"] for each in answer["proposals"]]


def test_a_note_must_be_named(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["codes", "suggest"])
    assert ended.value.code == 2
    assert "--note" in capsys.readouterr().err


REFUSED = [
    pytest.param(b"{not json", id="broken JSON"),
    pytest.param(b'{"date_of_service": "soon"}', id="not a date"),
    pytest.param(b"\xff\xfe\x00", id="not text"),
]


@pytest.mark.parametrize("data", REFUSED)
def test_a_file_that_is_no_note_is_a_known_error(data: bytes, file: Path, capsys: Capture) -> None:
    file.write_bytes(data)
    assert cli.main(["codes", "suggest", "--note", str(file)]) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert "scribe: " in told.err


NOTHING = [
    pytest.param("", id="empty file"),
    pytest.param("A: Possible hypertension.", id="uncertain"),
    pytest.param("A: No asthma.", id="denied"),
    pytest.param("S: Asthma.\nA: Doing well.", id="only told by the patient"),
]


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_suggested_for_what_is_not_established(
    text: str, file: Path, capsys: Capture
) -> None:
    file.write_text(text)
    assert codes(suggested(file, capsys, *DAY)) == []
    assert cli.main(["codes", "suggest", "--note", str(file), *DAY]) == 0
    assert capsys.readouterr().out.startswith("no suggestion from ICD-10-CM FY2026")


def test_the_table_names_code_title_words_and_that_nothing_is_on_a_claim(
    file: Path, capsys: Capture
) -> None:
    file.write_text(NOTE)
    assert cli.main(["codes", "suggest", "--note", str(file), *DAY]) == 0
    head, first, second, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["CODE", "TITLE", "IN", "THE", "NOTE"]
    assert first.split("  ")[0] == "I10"
    assert "Essential (primary) hypertension" in first
    assert first.endswith("“htn” (Assessment)")
    assert second.startswith("J45.909")
    assert "none is on a claim" in last


def test_json_holds_the_place_in_the_note(file: Path, capsys: Capture) -> None:
    file.write_text(NOTE)
    (first, _) = suggested(file, capsys, *DAY)["proposals"]
    (quote,) = first["evidence"]
    assert (quote["section"], quote["text"]) == ("assessment", "HTN")
    assert first["matched"] == ["htn"]


def test_what_is_on_the_claim_is_not_suggested(file: Path, capsys: Capture) -> None:
    file.write_text(NOTE)
    assert codes(suggested(file, capsys, *DAY, "--claim", "i10", "J45909")) == []


def test_a_note_for_the_check_is_read_with_its_date_and_codes(file: Path, capsys: Capture) -> None:
    note = {
        "id": "n1",
        "date_of_service": "2025-06-01",
        "codes": [{"code": "I10"}],
        "note": {"assessment": "Hypertension. Multiple sclerosis."},
    }
    file.write_text(json.dumps(note))
    answer = suggested(file, capsys)
    assert "FY2025" in answer["edition"]
    assert codes(answer) == ["G35"]
    assert "G35" not in codes(suggested(file, capsys, *DAY)), "split in that year"


def test_several_notes_are_one_answer_a_line(file: Path, capsys: Capture) -> None:
    one = {"date_of_service": "2026-06-01", "note": {"assessment": "Asthma."}}
    file.write_text("\n".join(json.dumps({"id": each, **one}) for each in ("a", "b")))
    argv = ["codes", "suggest", "--note", str(file)]
    assert cli.main([*argv, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["id"] for each in lines] == ["a", "b"]
    assert cli.main(argv) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("NOTE")] == [
        "NOTE a",
        "NOTE b",
    ]


def test_a_note_without_headings_from_standard_input_is_an_assessment(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Hypertension."))
    assert cli.main(["codes", "suggest", "--note", "-", *DAY]) == 0
    told = capsys.readouterr()
    assert "I10" in told.out
    assert "read as the Assessment" in told.err


def test_a_day_without_tables_is_said(file: Path, capsys: Capture) -> None:
    file.write_text("A: Asthma.")
    assert cli.main(["codes", "suggest", "--note", str(file), "--date", "2050-01-01"]) == 0
    assert "2050-01-01" in capsys.readouterr().err


def test_a_code_spelled_in_words_is_found_by_the_search(capsys: Capture) -> None:
    assert cli.main(["codes", "search", "are", "fifty", "three", "point", "one", *DAY]) == 0
    assert capsys.readouterr().out.split() == ["R53.1", "Weakness"]
