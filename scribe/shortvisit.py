"""A short made-up visit with every real part that this machine has, in a folder of its own that is
removed afterwards: what `scribe doctor --prove-offline` watches. It prints one line for each step.

Started as `python -m scribe.shortvisit SECONDS [AUDIO]` by `offline.py`.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_urlsafe

from scribe import build, children, paths, pipeline, settings
from scribe.consent import wording
from scribe.errors import ScribeError
from scribe.export import EXPORTERS
from scribe.fakes import BLOCK, tone
from scribe.ids import ModelId, new_encounter_id, utterance_id
from scribe.records import (
    DEFAULT_TEMPLATE,
    Attestation,
    Consent,
    Draft,
    Encounter,
    Override,
    Samples,
    SignedNote,
    Speaker,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)
from scribe.settings import Settings
from scribe.signoff import points, review
from scribe.store import vault
from scribe.store.vault import Vault

SAID = (
    (Speaker.CLINICIAN, "What brings you in today?"),
    (Speaker.PATIENT, "My left arm has been weak since Monday. I have no pain."),
    (Speaker.CLINICIAN, "Your left arm has a strength of 4 out of 5."),
    (Speaker.CLINICIAN, "The plan is physical therapy twice a week for eight weeks."),
)
"""What a made-up patient says where no audio file is given."""

LISTENS = 20.0
"""Seconds of a tone that the speech model gets where no audio file is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """What the visit is made with."""

    known: Settings
    audio: Path | None
    folder: Path


def say(verdict: str, what: str) -> None:
    """One step: `done`, `left out` or `failed`."""
    sys.stdout.write(f"{verdict}: {what}\n")
    sys.stdout.flush()


def hear(short: Short) -> Transcript:
    """The speech model hears the file, or a tone; then the made-up words stand in."""
    made_up = tuple(
        Utterance(
            id=utterance_id(number), speaker=speaker, start=3.0 * number, end=3.0 * number + 2,
            text=text,
        )
        for number, (speaker, text) in enumerate(SAID, start=1)
    )  # fmt: skip
    script = Transcript(utterances=made_up, model_id=ModelId("none"), seconds=15.0)
    try:
        speech = build.speech_process(short.known)
    except ScribeError as error:
        say("left out", f"hearing ({error.message})")
        return script
    try:
        if short.audio is None:
            heard = pipeline.transcribe(_blocks(tone(LISTENS)), speech)
        else:
            heard = pipeline.transcribe_file(short.audio, speech)
    finally:
        speech.close()
    say("done", f"{heard.model_id} heard {heard.seconds:.0f} s of sound")
    return heard if heard.utterances else script


def _blocks(samples: Samples) -> Iterator[Samples]:
    for start in range(0, len(samples), BLOCK):
        yield samples[start : start + BLOCK]


def write(short: Short, heard: Transcript) -> Draft:
    """The writing model drafts the note; without one the rules do."""
    try:
        writer = build.writer_process(short.known)
    except ScribeError as error:
        say("left out", f"writing with a model ({error.message})")
        writer = None
    try:
        made = pipeline.draft(heard, DEFAULT_TEMPLATE, writer)
    finally:
        if writer is not None:
            writer.close()
    say("done", f"{made.model_id} wrote {len(made.statements)} sentences")
    return made


def keep(short: Short, heard: Transcript, made: Draft) -> None:
    """Check, sign, keep and export it, in a vault of its own."""
    passphrase = token_urlsafe(24)
    folder = short.folder / "vault"
    with vault.create_vault(folder, passphrase, clinician="Nobody") as store:
        now = datetime.now(UTC)
        day = date.today()
        encounter = Encounter(id=new_encounter_id(), date_of_service=day)
        words = wording.current(wording.RECORDING)
        visit = Visit(
            encounter=encounter,
            state=VisitState.REVIEWED,
            updated=now,
            consent=Consent(
                given_by="patient", at=now, wording_version=words.version, present=("patient",)
            ),
            transcript=heard,
            draft=made,
            diagnoses=pipeline.dictated(heard, day),
        )
        store.save(visit)
        note = _signed(store, visit, passphrase)
        store.sign(visit, note)
        for kind, exporter in EXPORTERS.items():
            (short.folder / f"note.{kind}").write_bytes(exporter.render(note))
    say("done", "the note was checked, signed, kept and exported")


def _signed(store: Vault, visit: Visit, passphrase: str) -> SignedNote:
    assert visit.draft is not None
    coded = pipeline.code(visit.encounter, visit.draft, visit.diagnoses)
    attestation = Attestation(
        signer="Nobody", credential="none", meaning="author", at=datetime.now(UTC)
    )
    overrides = tuple(
        Override(rule_id=rule, reason="A visit that was made up.", by="Nobody", at=attestation.at)
        for rule in review.blocking_rules(coded)
    )
    return review.sign(
        coded,
        transcript=visit.transcript,
        overrides=overrides,
        seen_unsupported=[points.name(each) for each in points.must_open(coded)],
        attestation=attestation,
        models=(visit.draft.model_id,),
        make_signature=lambda digest: store.sign_digest(digest, passphrase),
        log=store.log_head(),
    )


def open_window() -> None:
    """The window, its supervisor and its recorder come and go, with scripted parts."""
    command = [*children.command("gui.launch"), "--demo", "--quit-when-usable"]
    env = children.environment(QT_QPA_PLATFORM="offscreen")
    ended = subprocess.run(command, check=False, env=env, stdout=subprocess.DEVNULL).returncode
    say("done" if ended == 0 else "failed", f"the window was opened and closed ({ended})")


def wait(until: float) -> None:
    """Do nothing: some libraries speak up only later."""
    time.sleep(max(0.0, until - time.monotonic()))
    say("done", "waited with everything loaded")


def main(seconds: str, audio: str = "") -> int:
    """The whole visit, at least `seconds` long."""
    until = time.monotonic() + float(seconds)
    known = settings.load(paths.settings_file())
    with tempfile.TemporaryDirectory(prefix="scribe-proof-") as folder:
        short = Short(known=known, audio=Path(audio) if audio else None, folder=Path(folder))
        steps: tuple[Callable[[], None], ...] = (
            lambda: keep(short, heard := hear(short), write(short, heard)),
            open_window,
            lambda: wait(until),
        )
        for step in steps:
            try:
                step()
            except ScribeError as error:
                say("failed", error.message)
    return os.EX_OK if hasattr(os, "EX_OK") else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
