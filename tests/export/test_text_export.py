"""The plain-text export: golden files, no text that can pose as a signature, never half a file."""

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe import codec, export
from scribe.errors import DiskFull, ExportError
from scribe.export import clean, text
from scribe.ids import EncounterId, ModelId, NoteId, RuleId, StatementId, TemplateId
from scribe.records import (
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Draft,
    Encounter,
    Finding,
    Override,
    Section,
    Severity,
    SignedNote,
    Statement,
    Support,
)

GOLDEN = Path(__file__).parent / "golden" / "signed_note.txt"
ADDENDA = Path(__file__).parent / "golden" / "signed_note_with_addendum.txt"
NOON = datetime.fromisoformat("2026-03-02T12:00:00-05:00")


def statement(
    number: int,
    section: Section,
    heading: str,
    words: str,
    support: Support = Support.SUPPORTED,
) -> Statement:
    return Statement(
        id=StatementId(f"s{number}"),
        section=section,
        heading=heading,
        text=words,
        evidence=(),
        support=support,
    )


STATEMENTS = (
    statement(1, Section.SUBJECTIVE, "History of present illness", "Weak for three weeks."),
    statement(2, Section.SUBJECTIVE, "History of present illness", "No fall – “just tired”."),
    statement(3, Section.SUBJECTIVE, "Medication", "Metoprolol 25 mg.", Support.UNSUPPORTED),
    statement(4, Section.OBJECTIVE, "", "Grip 4/5 on the left."),
    statement(5, Section.ASSESSMENT, "Impression", "Weakness, cause not yet known."),
    statement(6, Section.PLAN, "Orders", "CK, TSH."),
    statement(7, Section.PLAN, "Follow-up", "Two weeks.", Support.TYPED),
)

NOTE = SignedNote(
    id=NoteId("n-1"),
    version=1,
    coded=CodedNote(
        encounter=Encounter(
            id=EncounterId("e-1"), date_of_service=date(2026, 3, 2), patient_label="J. D.", age=61
        ),
        draft=Draft(
            statements=STATEMENTS, template_id=TemplateId("soap"), model_id=ModelId("writes")
        ),
        diagnoses=(CodedDiagnosis(code="I10", rank=2), CodedDiagnosis(code="R53.1", rank=1)),
        findings=(
            Finding(
                rule_id=RuleId("R53.1-07"),
                severity=Severity.BLOCK,
                message="a symptom code",
                codes=("R53.1",),
            ),
        ),
        tables="ICD-10-CM 2026",
    ),
    overrides=(
        Override(
            rule_id=RuleId("R53.1-07"), reason="No cause was found today.", by="Dr. R", at=NOON
        ),
    ),
    seen_unsupported=(StatementId("s3"),),
    attestation=Attestation(
        signer="Ana Rivera", credential="MD", meaning="author of this note", at=NOON
    ),
    models=(ModelId("whisper-base"), ModelId("qwen2.5-coder-1.5b-instruct-q4_k_m")),
    transcript_sha256="ab" * 32,
    sha256="cd" * 32,
    signature=f"ed25519:{'0f' * 16}:{'1e' * 64}",
)
ADDED = replace(
    NOTE,
    id=NoteId("n-2"),
    version=2,
    attestation=Attestation(
        signer="Ben Cho", credential="DPT", meaning="addendum", at=NOON.replace(day=3)
    ),
    previous_sha256="cd" * 32,
    addendum="CK was normal.\nMRI was ordered.",
    sha256="ef" * 32,
)


def lines(note: SignedNote, earlier: tuple[SignedNote, ...] = ()) -> list[str]:
    return text.render(note, earlier).decode().splitlines()


def with_text(words: str, *, heading: str = "History") -> SignedNote:
    said = statement(1, Section.SUBJECTIVE, heading, words)
    return replace(
        NOTE, coded=replace(NOTE.coded, draft=replace(NOTE.coded.draft, statements=(said,)))
    )


def test_the_golden_note() -> None:
    assert text.render(NOTE).decode() == GOLDEN.read_text(encoding="utf-8")


def test_the_golden_note_with_an_addendum() -> None:
    assert text.render(ADDED, (NOTE,)).decode() == ADDENDA.read_text(encoding="utf-8")


def test_an_addendum_alone_says_whose_signature_is_lacking() -> None:
    alone = lines(ADDED)
    assert "  This copy lacks the signatures of 1 earlier version(s)" in alone
    assert "  Signed by: Ana Rivera, MD" not in alone
    assert not any("lacks" in each for each in lines(NOTE) + lines(ADDED, (NOTE,)))


def test_no_more_of_the_patient_than_the_label() -> None:
    shown = text.render(NOTE).decode()
    assert "J. D." in shown
    assert "61" not in shown


def test_without_models_it_does_not_claim_any() -> None:
    shown = text.render(replace(NOTE, models=())).decode()
    assert "No language or speech model took part" in shown
    assert "whisper" not in shown


# ---------------------------------------------------------------- what text may not do

POSING = {
    "a line of its own": "Fine.\n\nELECTRONIC SIGNATURE (version 1)\n  Signed by: X",
    "carriage return": "Fine.\rELECTRONIC SIGNATURE",
    "line separator": "Fine.\u2028ELECTRONIC SIGNATURE",
    "next line": "Fine.\x85ELECTRONIC SIGNATURE",
    "form feed": "Fine.\fELECTRONIC SIGNATURE",
    "vertical tab": "Fine.\vELECTRONIC SIGNATURE",
}


@pytest.mark.parametrize("words", POSING.values(), ids=POSING)
def test_a_sentence_cannot_pose_as_a_signature(words: str) -> None:
    for note in (
        with_text(words),
        with_text("Fine.", heading=words),
        replace(NOTE, addendum=words),
        replace(NOTE, attestation=replace(NOTE.attestation, meaning=words)),
        replace(NOTE, overrides=(replace(NOTE.overrides[0], reason=words),)),
        replace(NOTE, models=(ModelId(words),)),
    ):
        shown = lines(note)
        assert [each for each in shown if each.startswith("ELECTRONIC")] == [
            "ELECTRONIC SIGNATURE (version 1)"
        ]
        assert len([each for each in shown if each.startswith("  Signed by:")]) == 1


SHOWN = {
    "right-to-left override": ("dose \u202e gm 05", "dose \ufffd gm 05"),
    "isolate": ("a\u2066b\u2069c", "a\ufffdb\ufffdc"),
    "mark": ("a\u200fb", "a\ufffdb"),
    "arabic letter mark": ("a\u061cb", "a\ufffdb"),
    "zero width space": ("5\u200b0 mg", "5\ufffd0 mg"),
    "byte order mark": ("\ufeffa", "\ufffda"),
    "escape": ("\x1b[31mred", "\ufffd[31mred"),
    "null": ("a\x00b", "a\ufffdb"),
    "half a pair": ("a\ud800b", "a\ufffdb"),
    "tag letters": ("a\U000e0041b", "a\ufffdb"),
    "delete": ("a\x7fb", "a\ufffdb"),
}


@pytest.mark.parametrize(("words", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_cannot_be_seen_is_shown_as_taken_out(words: str, shown: str) -> None:
    assert clean.line(words) == shown
    assert f"    {shown}" in lines(with_text(words))


@pytest.mark.parametrize(
    "words",
    [
        "5 µg – “as needed”",
        "Größe 1,80 m",
        "痛みは3日前から",
        "ألم منذ ثلاثة أيام",
        "👩\u200d⚕️ ok",
        "a <b> & 'c'",
    ],
)
def test_honest_text_is_left_alone(words: str) -> None:
    assert clean.line(words) == words


@given(st.text(alphabet=st.characters(), max_size=200))
def test_no_text_leaves_its_line(words: str) -> None:
    cleaned = clean.line(words)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned.encode().decode() == cleaned
    assert clean.line(cleaned) == cleaned
    for each in clean.lines(words):
        assert len(each.splitlines()) == 1


# ---------------------------------------------------------------- the file


def test_every_format_is_on_the_list() -> None:
    folder = Path(export.__file__).parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__", "clean"}
    assert set(export.EXPORTERS) == modules
    assert all(each.suffix.startswith(".") for each in export.EXPORTERS.values())


def test_writing_replaces_the_file_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("an older export that is much longer " * 1000)
    export.write(NOTE, "text", path)
    assert path.read_bytes() == text.render(NOTE)
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == ["note.txt"]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600


def test_refused_exports_leave_the_file_there(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("older")
    for note, kind in (
        (NOTE, "fax"),
        (replace(NOTE, sha256=""), "text"),
        (replace(NOTE, signature=""), "text"),
    ):
        with pytest.raises(ExportError):
            export.write(note, kind, path)
    with pytest.raises(ExportError, match="cannot be written"):
        export.write(NOTE, "text", tmp_path / "no such folder" / "note.txt")
    assert path.read_text() == "older"


ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from scribe import codec, export
from scribe.errors import DiskFull
from scribe.records import SignedNote
note = codec.from_json(SignedNote, sys.argv[2], what="note")
resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
try:
    export.write(note, "text", Path(sys.argv[1]))
except DiskFull as error:
    print(type(error).__name__)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_leaves_no_half_export(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(path), codec.to_json(NOTE)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{DiskFull.__name__}\n"
    assert not path.exists()
    assert not list(tmp_path.glob("*.part"))
