"""What a backup costs on this machine, as figures; it asserts nothing.

`python tests/bench/bench_backup.py [--visits 500] [--minutes 20] [--seconds 30]`: that many signed
visits, each with the transcript of so many minutes of speech and so many seconds of recording, are
backed up (which restores them once to see that it can be done) and restored.
"""

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from scribe.audio.recording import RecordingWriter
from scribe.consent import wording
from scribe.events import Event, Progress
from scribe.ids import EncounterId, ModelId, StatementId, TemplateId, UtteranceId
from scribe.records import (
    SAMPLE_RATE,
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Consent,
    Draft,
    Encounter,
    Section,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
    Word,
)
from scribe.signoff import review
from scribe.store import restore, vault
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault

PASSPHRASE = "four quiet otters waiting"
CHEAP = KdfCost(memory_kib=64, passes=1, lanes=1)
"""A backup never stretches a passphrase; 500 signatures would."""

SAID = "since monday my legs feel weak when i climb the stairs and then i have to rest"
SECONDS_PER_UTTERANCE = 6.0
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Unsynced:
    """A file of a recording without the waiting for the disk that a real recording does."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")

    def append(self, data: bytes) -> None:
        """Write without a sync."""
        self._file.write(data)

    def cut(self, size: int) -> None:
        """Shorten the file."""
        self._file.truncate(size)

    def close(self) -> None:
        """Let it go."""
        self._file.close()


def visit(number: int, minutes: float) -> Visit:
    """A visit whose transcript has its words with their times."""
    heard = []
    for turn in range(round(minutes * 60 / SECONDS_PER_UTTERANCE)):
        start = turn * SECONDS_PER_UTTERANCE
        words = tuple(
            Word(text=each, start=start + at / 3, end=start + (at + 1) / 3, confidence=0.875)
            for at, each in enumerate(SAID.split())
        )
        heard.append(
            Utterance(
                id=UtteranceId(f"u{turn}"),
                speaker=Speaker.PATIENT if turn % 2 else Speaker.CLINICIAN,
                start=start,
                end=start + SECONDS_PER_UTTERANCE,
                text=f"{SAID} ({number}.{turn})",
                confidence=0.875,
                words=words,
            )
        )
    statements = tuple(
        Statement(
            id=StatementId(f"s{at}"),
            section=list(Section)[at % 4],
            heading="History",
            text=f"Reports weakness of both legs on the stairs since Monday, visit {number}.",
            evidence=(heard[at].id,),
            support=Support.SUPPORTED,
        )
        for at in range(min(20, len(heard)))
    )
    return Visit(
        encounter=Encounter(
            id=EncounterId(f"e-{number}"), date_of_service=date(2026, 3, 2), patient_label="J. D."
        ),
        state=VisitState.REVIEWED,
        updated=AT,
        consent=Consent(
            given_by="patient",
            at=AT,
            wording_version=wording.published()[0].version,
            present=("patient",),
        ),
        transcript=Transcript(
            utterances=tuple(heard), model_id=ModelId("hears"), seconds=minutes * 60
        ),
        draft=Draft(
            statements=statements, template_id=TemplateId("soap"), model_id=ModelId("writes")
        ),
        diagnoses=(CodedDiagnosis(code="R53.1", rank=1),),
    )


def keep(store: Vault, one: Visit, seconds: float) -> None:
    """Save it, record it, sign it."""
    store.save(one)
    path, key = store.recording_path(one.encounter.id), store.audio_key(one.encounter.id)
    with RecordingWriter(path, key, disk=Unsynced(path)) as tape:
        tape.append(np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32))
    assert one.draft is not None
    note = review.sign(
        CodedNote(encounter=one.encounter, draft=one.draft, diagnoses=one.diagnoses, findings=()),
        transcript=one.transcript,
        overrides=(),
        seen_unsupported=(),
        attestation=Attestation(signer="Ana Rivera", credential="MD", meaning="author", at=AT),
        models=(ModelId("hears"), ModelId("writes")),
        make_signature=lambda digest: store.sign_digest(digest, PASSPHRASE),
        log=store.log_head(),
    )
    store.sign(one, note)


class Steps:
    """When each step of a backup began."""

    def __init__(self) -> None:
        self.began: dict[str, float] = {}

    def __call__(self, event: Event) -> None:
        """Remember the first event of each step."""
        if isinstance(event, Progress):
            self.began.setdefault(event.step, time.perf_counter())


def told(name: str, value: str) -> None:
    """One figure."""
    print(f"{name:<58} {value}", flush=True)


def timed(name: str, act: Callable[[], object]) -> float:
    """Seconds that `act` takes."""
    start = time.perf_counter()
    act()
    took = time.perf_counter() - start
    told(name, f"{took:.1f} s")
    return took


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=20.0, help="of speech in a transcript")
    parser.add_argument("--seconds", type=float, default=30.0, help="of recording kept")
    chosen = parser.parse_args()
    told("machine", f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as place:
        folder, back = Path(place) / "vault", Path(place) / "back"
        with vault.create_vault(
            folder, PASSPHRASE, clinician="Dr. A. Rivera", test_cost=CHEAP
        ) as store:
            start = time.perf_counter()
            for number in range(chosen.visits):
                keep(store, visit(number, chosen.minutes), chosen.seconds)
            told(f"(making {chosen.visits} visits)", f"{time.perf_counter() - start:.1f} s")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            steps, start = Steps(), time.perf_counter()
            made = store.backups.make(Path(place), tell=steps)
            end = time.perf_counter()
            told("size of the backup", f"{made.size / 1e6:.1f} MB")
            told("  of it database", f"{(folder / 'vault.db').stat().st_size / 1e6:.1f} MB")
            told("copy of the database (nobody else is let in)",
                 f"{steps.began['write'] - steps.began['copy']:.1f} s")  # fmt: skip
            told("writing the file", f"{steps.began['check'] - steps.began['write']:.1f} s")
            told("restoring it to verify it", f"{end - steps.began['check']:.1f} s")
            told("backup in all", f"{end - start:.1f} s")
            timed("(asking whether one is due)", store.backups.due)
        timed("restore", lambda: restore.restore_vault(made.path, back, PASSPHRASE))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        told("largest memory, before and after", f"{before:.0f} MiB, {after:.0f} MiB")
        report = vault.verify_vault(back, PASSPHRASE)
        told("restored", f"{report.visits} visits, {report.notes} notes, "
             f"{len(report.problems)} problems")  # fmt: skip


if __name__ == "__main__":
    main()
