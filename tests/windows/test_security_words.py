"""What is said of a passphrase while it is typed, of the rows of the log, and on the paper."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from gui import log_words, paper
from gui.security_parts import spoken
from gui.strength import judge
from gui.strongroom import GROUPS
from scribe.errors import StoreError
from scribe.records import AuditRow
from scribe.signoff.audit import Act
from scribe.store.recovery import from_text, new_recovery_key

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("passphrase", ["", "short", "elevenchars", "a b c d e f"])
def test_what_is_too_short_is_not_taken(passphrase: str) -> None:
    assert not judge(passphrase).taken


@pytest.mark.parametrize(
    "passphrase",
    [
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "herons herons herons herons herons ",
        "one two one two one two ",
        "abababababababababab",
        "Dana Reyes!!!!!!",
        "password1234",
        "Summer2026!!",
    ],
)
def test_what_is_easily_guessed_is_never_called_good(passphrase: str) -> None:
    found = judge(passphrase, "Dana Reyes")
    assert found.taken
    assert found.tone == "warn", found.text


@pytest.mark.parametrize(
    ("passphrase", "tone"),
    [
        ("quiet herons standing", "warn"),
        ("four quiet herons standing", "info"),
        ("five quiet herons standing still", "good"),
        ("x7#kQ9!vLp2@mZ4$wR8^tB1&", "info"),
    ],
)
def test_words_and_letters_are_counted(passphrase: str, tone: str) -> None:
    assert judge(passphrase).tone == tone


@pytest.mark.parametrize("passphrase", ["five quiet herons standing still", "four quiet herons on"])
def test_every_praise_names_its_condition(passphrase: str) -> None:
    assert "by chance" in judge(passphrase).text or "Weak" in judge(passphrase).text


@pytest.mark.parametrize("act", list(Act))
def test_every_act_has_words(act: Act) -> None:
    assert log_words.WORDS[act]
    assert "-" not in log_words.WORDS[act], "words, not the name in the log"


def row(act: str, name: str = "vault", detail: str = "") -> AuditRow:
    return AuditRow(seq=1, at=AT, actor="Dana", act=act, object_id=name, detail=detail)


def test_marks_and_hashes_are_not_read_out() -> None:
    assert log_words.act(row(Act.EDIT, "e-1", "mark 00ff")) == "saved"
    assert log_words.act(row(Act.EXPORT, "n-1", "text")) == "exported: text"


def test_a_time_in_a_row_is_told_in_minutes() -> None:
    told = log_words.act(row(Act.FAILED_UNLOCK, detail=f"3, last at {AT.isoformat()}"))
    assert told.startswith("wrong passphrase: 3, last at 2026-03-0")
    assert "T12" not in told


def test_an_act_nobody_knows_is_told_as_it_stands() -> None:
    assert log_words.act(row("new-act")) == "new-act"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("vault", "your visits"),
        ("e-1", "visit M. K. (e-1)"),
        ("e-2", "visit e-2"),
        ("n-1", "note n-1"),
        ("t-1", "psychotherapy note t-1"),
    ],
)
def test_what_a_row_is_about(name: str, said: str) -> None:
    assert log_words.about(row(Act.VIEW, name), {"e-1": "M. K. (e-1)"}) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (4.0, "4 s"), (59.5, "1 min 0 s"), (300.0, "5 min 0 s")]
)
def test_a_wait_is_told_rounded_up(seconds: float, said: str) -> None:
    assert spoken(seconds) == said


def test_what_stands_on_the_paper_opens_the_vault_again() -> None:
    key = new_recovery_key()
    text = paper.page(key, "Dana Reyes", date(2026, 3, 2))
    words = text.split("Made on 2026-03-02")[1].split("What it is for")[0].split()
    numbered = dict(zip(words[::2], words[1::2], strict=True))
    typed = " ".join(numbered[str(number)] for number in range(1, GROUPS + 1))
    assert from_text(typed) == key


def test_the_paper_is_one_printed_page(dressed: QApplication, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    assert paper.put_on(printer, paper.page(new_recovery_key(), "Dana Reyes", date(2026, 3, 2)))
    made = (tmp_path / "paper.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1


def test_a_paper_in_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.txt"
    paper.save(path, "text")
    assert path.read_text() == "text"
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be saved"):
        paper.save(tmp_path / "gone" / "key.txt", "text")
    assert not list(tmp_path.iterdir())
