"""What the sample visit costs on this machine, as figures; it asserts nothing (run: make bench).

Three runs on the default weights: the file as fast as it goes; the visit in real time, with the
engines side by side as while recording; and the coding check and the window's start on their own.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag

from scribe import build, paths, pipeline, settings
from scribe.audio import importfile
from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.events import Event, Heard, Never, Written
from scribe.ids import EncounterId
from scribe.live import LiveVisit
from scribe.records import (
    DEFAULT_TEMPLATE,
    Consent,
    Draft,
    Encounter,
    Samples,
    Transcript,
    Visit,
    VisitState,
)
from scribe.worker.host import SpeechProcess, WriterProcess

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "cases" / "sample_visit" / "visit.flac"
DAY = date(2026, 6, 15)


@dataclass
class Figures:
    """Name -> value, in the order they were measured."""

    rows: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        self.rows[name] = value
        print(f"{name:<52} {value}", flush=True)


def peak_mib(pid: int | None) -> str:
    """Largest resident size of a living process so far (Linux), in MiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "not measured on this system"
    high = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return f"{int(high.split()[1]) / 1024:.0f} MiB"


def as_fast_as_it_goes(figures: Figures, path: Path) -> Transcript:
    """Transcription time over audio time, engine already loaded and not."""
    chosen = settings.Settings()
    speech = build.speech_process(chosen)
    began = time.monotonic()
    speech.process.start()
    figures.add("speech model: load", f"{time.monotonic() - began:.2f} s")
    audio = importfile.probe(path).seconds
    began = time.monotonic()
    heard = pipeline.transcribe_file(path, speech)
    took = time.monotonic() - began
    figures.add("audio", f"{audio:.1f} s, {len(heard.utterances)} utterances")
    figures.add("transcription time / audio time", f"{took / audio:.3f} ({took:.1f} s)")
    figures.add("speech process: peak memory", peak_mib(speech.process.pid))
    speech.close()
    return heard


def file_draft(figures: Figures, heard: Transcript) -> None:
    """Drafting after the whole transcript is there, with the model and by rules."""
    began = time.monotonic()
    rules = pipeline.draft(heard, DEFAULT_TEMPLATE, None)
    took = time.monotonic() - began
    figures.add("rules-only draft", f"{took * 1000:.0f} ms, {len(rules.statements)} statements")


def in_real_time(figures: Figures, path: Path) -> tuple[Transcript, Draft]:
    """The visit as it is recorded: blocks arrive at the pace of speech."""
    chosen = settings.Settings()
    speech, writer = build.speech_process(chosen), build.writer_process(chosen)
    assert isinstance(writer, WriterProcess)
    speech.process.start()
    began = time.monotonic()
    writer.process.start()
    figures.add("writer model: load", f"{time.monotonic() - began:.2f} s")
    seen: dict[str, float] = {}
    ended = Flag()
    start = time.monotonic()

    def tell(event: Event) -> None:
        now = time.monotonic() - start
        if isinstance(event, Heard):
            seen.setdefault("first utterance", now)
            if ended.is_set():
                seen["last utterance"] = now
        if isinstance(event, Written) and event.statements:
            seen.setdefault("first statement", now)

    recorded: SimpleQueue[Samples | None] = SimpleQueue()

    def sound() -> Iterator[Samples]:
        while (block := recorded.get()) is not None:
            yield block

    visit = LiveVisit(
        sound=sound,
        drafter=Drafter(template.load(DEFAULT_TEMPLATE), writer),
        permit=Permit(_agreed()),
    )
    with ThreadPoolExecutor(max_workers=2) as lanes:
        listening = lanes.submit(visit.listen, speech, tell, Never())
        writing = lanes.submit(visit.write, tell, Never())
        spoken = 0.0
        for block in importfile.blocks(path):
            spoken += len(block) / 16_000
            time.sleep(max(0.0, start + spoken - time.monotonic()))
            recorded.put(block)
        end = time.monotonic() - start
        ended.set()
        recorded.put(None)
        heard, draft = listening.result(), writing.result()
        complete = time.monotonic() - start
    figures.add("live: first utterance on the screen after", f"{seen['first utterance']:.1f} s")
    figures.add("live: first statement after", f"{seen.get('first statement', complete):.1f} s")
    last = seen.get("last utterance", end)
    figures.add("live: last utterance after the end of audio", f"{max(0.0, last - end):.1f} s")
    figures.add("live: complete draft after the end of audio", f"{complete - end:.1f} s")
    figures.add("live: speech process peak memory", peak_mib(speech.process.pid))
    figures.add("live: writer process peak memory", peak_mib(writer.process.pid))
    figures.add("live: this process peak memory", peak_mib(os.getpid()))
    _close(speech, writer)
    return heard, draft


def _agreed() -> Visit:
    """A visit of nobody, whose sound comes from a file."""
    now = datetime.now(UTC)
    return Visit(
        encounter=Encounter(id=EncounterId("e-bench"), date_of_service=DAY),
        state=VisitState.CONSENTED,
        updated=now,
        consent=Consent(given_by="nobody", at=now, wording_version="2026-11"),
    )


def _close(speech: SpeechProcess, writer: WriterProcess) -> None:
    speech.close()
    writer.close()


def check_time(figures: Figures, heard: Transcript, draft: Draft) -> None:
    """One coding check: the first loads the tables, the others are what typing costs."""
    encounter = Encounter(id=EncounterId("e-bench"), date_of_service=DAY)
    codes = pipeline.dictated(heard, DAY)
    took = []
    for _ in range(51):
        began = time.monotonic()
        note = pipeline.code(encounter, draft, codes)
        took.append((time.monotonic() - began) * 1000)
    figures.add("coding check: first (loads the tables)", f"{took[0]:.0f} ms")
    figures.add("coding check: median of the next 50", f"{statistics.median(took[1:]):.1f} ms")
    found = ", ".join(f"{each.severity.value} {each.rule_id}" for each in note.findings)
    figures.add("coding check: findings", found or "none")


def window_time(figures: Figures) -> None:
    """From starting the program to a window that answers (offscreen platform)."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    took = []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run(
            [sys.executable, "-P", "-m", "gui.launch", "--demo", "--quit-when-usable"],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        took.append(time.monotonic() - began)
    figures.add("window: start to usable, median of 5", f"{statistics.median(took):.2f} s")


def machine() -> str:
    """What this was measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        model = names[0].partition(": ")[2] if names else model
    return f"{settings.usable_cores()} cores of {model}, Python {platform.python_version()}"


def main() -> None:
    """Measure everything and, if asked, leave the figures in a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("audio", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--json", type=Path, help="also write the figures here")
    args = parser.parse_args()
    figures = Figures()
    figures.add("machine", machine())
    figures.add("models folder", paths.models_dir().name)
    heard = as_fast_as_it_goes(figures, args.audio)
    file_draft(figures, heard)
    heard, draft = in_real_time(figures, args.audio)
    check_time(figures, heard, draft)
    window_time(figures)
    if args.json:
        args.json.write_text(json.dumps(figures.rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
