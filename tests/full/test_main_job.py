"""The main job on real models: from the sample recording to a signed, encrypted note.

The small weights prove the wiring, the default weights the result: the block R531-STROKE-SEQUELA
with the suggestion I69.354, because the visit is about weakness that an old stroke left behind on
the left, and the clinician dictated R53.1 for it.
"""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from scribe import build, pipeline, settings
from scribe.consent import wording
from scribe.errors import EngineLost
from scribe.events import Event, Written
from scribe.export import EXPORTERS
from scribe.ids import EncounterId, ModelId
from scribe.records import (
    DEFAULT_TEMPLATE,
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Consent,
    Encounter,
    Origin,
    Severity,
    Support,
    Transcript,
    Visit,
    VisitState,
)
from scribe.settings import Settings
from scribe.signoff import points, review
from scribe.store import vault
from scribe.store.keyfile import KdfCost

SAMPLE = Path(__file__).parents[1] / "cases" / "sample_visit" / "visit.flac"
DAY = date(2026, 6, 15)
SMALL = Settings(
    speech_model=ModelId("whisper-tiny.en"), writer_model=ModelId("smollm2-135m-instruct-q4_1")
)
SCRIBE = (sys.executable, "-P", "-m", "scribe.cli")
PASSPHRASE = "four quiet otters waiting"


@cache
def _transcript() -> Transcript:
    speech = build.speech_process(settings.Settings())
    try:
        return pipeline.transcribe_file(SAMPLE, speech)
    finally:
        speech.close()


@pytest.fixture
def heard() -> Transcript:
    """What whisper-base hears, once for all tests of this file."""
    return _transcript()


@pytest.mark.weights
def test_small_models_in_their_processes_make_a_note_with_evidence() -> None:
    speech, writer = build.speech_process(SMALL), build.writer_process(SMALL)
    assert writer is not None
    try:
        heard = pipeline.transcribe_file(SAMPLE, speech)
        draft = pipeline.draft(heard, DEFAULT_TEMPLATE, writer)
    finally:
        speech.close()
        writer.close()
    known = {each.id for each in heard.utterances}
    assert len(known) > 20
    assert draft.statements
    for each in draft.statements:
        assert each.evidence, "every sentence is tied to speech"
        assert set(each.evidence) <= known
        assert each.support is not Support.UNSUPPORTED or each.reason


@pytest.mark.full
def test_the_sample_visit_ends_in_the_block_and_then_in_a_signed_encrypted_note(
    heard: Transcript, tmp_path: Path
) -> None:
    writer = build.writer_process(settings.Settings())
    assert writer is not None
    try:
        draft = pipeline.draft(heard, DEFAULT_TEMPLATE, writer)
    finally:
        writer.close()
    encounter = Encounter(id=EncounterId("e-sample"), date_of_service=DAY)
    dictated = pipeline.dictated(heard, DAY)
    assert [(each.code, each.origin) for each in dictated] == [
        ("R53.1", Origin.DICTATED),
        ("I10", Origin.DICTATED),
    ]
    coded = pipeline.code(encounter, draft, dictated)
    block = next(each for each in coded.findings if each.rule_id == "R531-STROKE-SEQUELA")
    assert block.severity is Severity.BLOCK
    assert "I69.354" in {each.code for each in block.suggestions}
    assert any(each.utterances for each in block.evidence), "its words lead back to the speech"

    right = (CodedDiagnosis(code="I69.354", rank=1, origin=Origin.RULE), *dictated[1:])
    fixed = pipeline.code(encounter, draft, right)
    assert not [each for each in fixed.findings if each.severity is Severity.BLOCK]
    _sign_and_reopen(fixed, heard, right, tmp_path / "vault")


def _sign_and_reopen(
    coded: CodedNote,
    heard: Transcript,
    codes: tuple[CodedDiagnosis, ...],
    folder: Path,
) -> None:
    agreed = Consent(
        given_by="clinician",
        at=datetime.now(UTC),
        wording_id=wording.IMPORTED,
        wording_version=wording.current(wording.IMPORTED).version,
        method="written",
        present=("patient",),
        statement="The patient agreed before the recording; the form is in the chart.",
    )
    visit = Visit(
        encounter=coded.encounter,
        consent=agreed,
        state=VisitState.REVIEWED,
        updated=datetime.now(UTC),
        transcript=heard,
        draft=coded.draft,
        diagnoses=codes,
    )
    cheap = KdfCost(memory_kib=64, passes=1, lanes=1)
    with vault.create_vault(folder, PASSPHRASE, clinician="Dr. Test", test_cost=cheap) as kept:
        kept.save(visit)
        note = pipeline.sign(
            coded,
            transcript=heard,
            overrides=(),
            seen_unsupported=[points.name(each) for each in points.must_open(coded)],
            attestation=Attestation(
                signer="Dr. Test", credential="MD", meaning="author", at=datetime.now(UTC)
            ),
            models=(heard.model_id, coded.draft.model_id),
            make_signature=lambda digest: kept.sign_digest(digest, PASSPHRASE),
            log=kept.log_head(),
        )
        kept.sign(replace(visit, state=VisitState.SIGNED), note)
    with vault.open_vault(folder, PASSPHRASE) as again:
        found = again.load(coded.encounter.id)
        assert found.notes == (note,)
        assert review.verify_note(found.notes[0], again.public_key)
        assert [each.code for each in note.coded.diagnoses] == ["I69.354", "I10"]
        assert "I69.354" in EXPORTERS["text"].render(note).decode()
    assert vault.verify_vault(folder, PASSPHRASE).ok
    for file in (each for each in folder.rglob("*") if each.is_file()):
        content = file.read_bytes().lower()
        assert b"metoprolol" not in content
        assert b"stroke" not in content


@pytest.mark.full
def test_a_writer_killed_in_the_middle_keeps_what_is_written_and_goes_on(
    heard: Transcript,
) -> None:
    from scribe.draft import template  # noqa: PLC0415
    from scribe.draft.write import Drafter  # noqa: PLC0415

    writer = build.writer_process(settings.Settings())
    assert writer is not None
    drafter = Drafter(template.load(DEFAULT_TEMPLATE), writer)
    drafter.add(heard.utterances[:20])
    while not drafter.statements:
        assert drafter.step()
    before = drafter.statements
    writer.process.start()
    assert writer.process.pid is not None
    os.kill(writer.process.pid, signal.SIGKILL)
    drafter.add(heard.utterances[20:])
    told: list[Event] = []
    try:
        try:
            draft = drafter.finish(told.append)
        except EngineLost:
            assert drafter.statements[: len(before)] == before
            draft = drafter.finish(told.append)
    finally:
        writer.close()
    assert any(isinstance(each, Written) for each in told)
    texts = " ".join(each.text for each in draft.statements)
    assert "metoprolol" in texts.lower()


@pytest.mark.full
def test_the_command_line_gives_the_same_and_says_so_with_exit_code_1(tmp_path: Path) -> None:
    dated = ("--date-of-service", DAY.isoformat())
    result = subprocess.run(
        [*SCRIBE, "note", str(SAMPLE), "--json", *dated, "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stderr
    found = json.loads(result.stdout)["note"]["findings"]
    assert "R531-STROKE-SEQUELA" in {each["rule_id"] for each in found}
    written = {each.name for each in (tmp_path / "out").iterdir()}
    assert written == {"transcript.json", "note.json", "note.txt"}
    again = subprocess.run(
        [*SCRIBE, "draft", "--json", "--rules-only", str(tmp_path / "out" / "transcript.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["statements"]
