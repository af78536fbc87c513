"""`scribe codes`: wrong use, known errors, what is shown, an import that the check then uses."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scribe import cli, paths
from scribe.coding import editions, tables

ADDENDA = Path(__file__).parents[2] / "packaging/icd10cm/icd10cm_order_addenda_2027.txt"
DAY = ["--date", "2026-06-01"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def forget_imports() -> Iterator[None]:
    """What this test imports counts in no other test."""
    yield
    tables.remove_folder(paths.codes_dir())


def answer(argv: list[str], capsys: Capture) -> Any:
    assert cli.main([*argv, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


USAGE = [
    pytest.param(["codes"], id="no act"),
    pytest.param(["codes", "show"], id="no code"),
    pytest.param(["codes", "search"], id="no words"),
    pytest.param(["codes", "show", "R53.1", "--date", "today"], id="not a date"),
    pytest.param(["codes", "search", "pain", "--limit", "0"], id="no results wanted"),
    pytest.param(["codes", "search", "pain", "--limit", "many"], id="not a number"),
    pytest.param(["codes", "import", "x.xml"], id="import without dates"),
    pytest.param(["codes", "import", "x.xml", "--from", "2027-10-01"], id="import without end"),
]


@pytest.mark.parametrize("argv", USAGE)
def test_wrong_use_is_exit_code_2(argv: list[str], capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


REFUSED = [
    pytest.param(["codes", "show", "ZZZ"], id="no such code"),
    pytest.param(["codes", "show", ""], id="empty code"),
    pytest.param(["codes", "show", "R53.1; DROP"], id="a code and more"),
    pytest.param(["codes", "show", "\x1b[31mR53.1"], id="control characters in a code"),
    pytest.param(["codes", "show", "R" * 1_000_000], id="a megabyte of code"),
    pytest.param(["codes", "show", "R50-R69"], id="a block"),
    pytest.param(["codes", "show", "CH18"], id="a chapter"),
    pytest.param(["codes", "show", "G35.D", "--date", "2025-09-30"], id="not yet in force"),
    pytest.param(["codes", "search", ""], id="empty search"),
    pytest.param(["codes", "search", "  ", "\t"], id="blank search"),
    pytest.param(["codes", "search", "?!"], id="no word in it"),
    pytest.param(["codes", "search", "\x00\x1b"], id="control characters"),
    pytest.param(["codes", "search", "weakness " * 120_000], id="a megabyte of words"),
    pytest.param(
        ["codes", "import", "/absent.xml", "--from", "2027-10-01", "--to", "2028-09-30"],
        id="no file",
    ),
    pytest.param(
        ["codes", "import", __file__, "--from", "2027-10-01", "--to", "2028-09-30"],
        id="another file",
    ),
    pytest.param(
        ["codes", "import", str(ADDENDA), "--from", "2027-10-01", "--to", "2026-09-30"],
        id="dates in the wrong order",
    ),
]


@pytest.mark.parametrize("argv", REFUSED)
def test_a_known_error_is_exit_code_3_and_says_what_to_do(argv: list[str], capsys: Capture) -> None:
    assert cli.main([*argv, "--json"]) == 3
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["message"]
    assert len(said["message"]) < 400
    assert said["message"].isprintable()
    assert said["error"] in ("BadInput", "CodingError")
    assert cli.main(argv) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert said["message"] in told.err
    assert not paths.codes_dir().exists()


def test_a_code_that_is_in_another_edition_says_in_which(capsys: Capture) -> None:
    assert cli.main(["codes", "show", "G35.D", "--date", "2025-09-30"]) == 3
    told = capsys.readouterr().err
    assert "FY2025" in told
    assert "but in ICD-10-CM FY2026" in told


def test_show_tells_where_an_inherited_note_is_written(capsys: Capture) -> None:
    assert cli.main(["codes", "show", "m62.81", *DAY]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "M62.81  Muscle weakness (generalized)"
    assert "    billable" in lines
    assert any(line.endswith("[from M62]") for line in lines)
    assert any(line.endswith("[from CH13]") for line in lines)


def test_show_as_json_has_every_field(capsys: Capture) -> None:
    found = answer(["codes", "show", "r531", *DAY], capsys)
    assert found["code"] == "R53.1"
    assert found["billable"]
    assert found["remark"] == ""
    assert found["valid"] == [["2024-10-01", "2027-09-30"]]
    assert [each["code"] for each in found["above"]] == ["R53", "R50-R69", "CH18"]
    own = [note for note in found["notes"] if note["at"] == ""]
    assert {"kind": "inclusion", "text": "Asthenia NOS", "at": ""} in own
    assert "sarcopenia (M62.84)" in [n["text"] for n in own if n["kind"] == "excludes1"]


NOTES = [
    pytest.param("M62.84", "code-first", id="code first"),
    pytest.param("G93.31", "use-additional", id="use additional, inherited"),
    pytest.param("I10", "includes", id="includes"),
    pytest.param("I10", "excludes2", id="excludes2"),
]


@pytest.mark.parametrize(("code", "kind"), NOTES)
def test_show_has_the_notes_of_each_kind(code: str, kind: str, capsys: Capture) -> None:
    found = answer(["codes", "show", code, *DAY], capsys)
    assert kind in {note["kind"] for note in found["notes"]}


def test_a_heading_shows_the_billable_codes_below_it(capsys: Capture) -> None:
    found = answer(["codes", "show", "G35", *DAY], capsys)
    assert not found["billable"]
    assert found["leaves_total"] == len(found["leaves"]) == 8
    assert found["valid"] == [["2024-10-01", "2025-09-30"]]
    assert cli.main(["codes", "show", "T07", *DAY]) == 0
    assert "T07.XXXA" in capsys.readouterr().out


def test_a_long_list_of_codes_is_cut_and_says_so(capsys: Capture) -> None:
    found = answer(["codes", "show", "S72", *DAY], capsys)
    assert found["leaves_total"] > len(found["leaves"])
    assert cli.main(["codes", "show", "S72", *DAY]) == 0
    assert f"and {found['leaves_total'] - len(found['leaves'])} more" in capsys.readouterr().out


def test_search_finds_and_names_the_edition(capsys: Capture) -> None:
    found = answer(["codes", "search", "high", "blood", "pressure", *DAY], capsys)
    assert "FY2026" in found["edition"]
    assert found["matches"][0]["code"] == "I10"
    assert found["matches"][0]["term"] == "high blood pressure"
    assert len(found["matches"]) == 10
    assert cli.main(["codes", "search", "weaknes", "--limit", "1", *DAY]) == 0
    assert capsys.readouterr().out.split() == ["R53.1", "Weakness"]


def test_a_search_without_a_hit_says_so(capsys: Capture) -> None:
    assert answer(["codes", "search", "xyzzyq"], capsys)["matches"] == []
    assert cli.main(["codes", "search", "xyzzyq"]) == 0
    assert "nothing found" in capsys.readouterr().out


@pytest.mark.parametrize("day", ["1999-01-01", "2050-01-01"])
@pytest.mark.parametrize("act", [["show", "R53.1"], ["search", "weakness"]], ids=lambda x: x[0])
def test_a_date_outside_every_table_is_said(act: list[str], day: str, capsys: Capture) -> None:
    argv = ["codes", *act, "--date", day]
    assert day in answer(argv, capsys)["remark"]
    assert cli.main(argv) == 0
    told = capsys.readouterr()
    assert "R53.1" in told.out
    assert f"No code table here covers {day}" in told.err


def test_an_import_counts_for_show_and_check_from_then_on(capsys: Capture, tmp_path: Path) -> None:
    argv = ["codes", "import", str(ADDENDA), "--from", "2026-10-01", "--to", "2027-09-30"]
    done = answer([*argv, "--name", "Our FY2027"], capsys)
    assert done["billable"] == 74_879
    assert Path(done["file"]).parent == paths.codes_dir()
    tables.remove_folder(paths.codes_dir())
    day = ["--date", "2026-11-01"]
    assert answer(["codes", "show", "D69.11", *day], capsys)["edition"] == "Our FY2027"
    note = tmp_path / "note.json"
    note.write_text(json.dumps({"date_of_service": "2026-11-01", "codes": [{"code": "D69.1"}]}))
    tables.remove_folder(paths.codes_dir())
    assert cli.main(["check", str(note), "--json"]) == 1, "D69.1 is a heading from 2026-10-01"
    assert "D69.11" in capsys.readouterr().out
    used = tables.nearest_table(date(2026, 11, 1))
    assert used.edition == "Our FY2027"


def test_a_damaged_import_is_said_and_can_be_mended(capsys: Capture) -> None:
    folder = paths.codes_dir()
    folder.mkdir(parents=True)
    (folder / f"2026-10-01_2027-09-30{editions.SUFFIX}").write_text("not a table")
    assert cli.main(["codes", "show", "R53.1"]) == 3
    assert "scribe codes import" in capsys.readouterr().err
    argv = ["codes", "import", str(ADDENDA), "--from", "2026-10-01", "--to", "2027-09-30"]
    assert cli.main(argv) == 0
    assert "190 new, 30 no longer billable" in capsys.readouterr().out
    assert cli.main(["codes", "show", "R53.1"]) == 0
