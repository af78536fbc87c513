"""The report says what is missing, without loading anything and without leaving a trace."""

import subprocess
import sys
from pathlib import Path

from scribe import doctor
from scribe.doctor import Verdict
from scribe.ids import ModelId
from scribe.settings import RULES_ONLY, Settings

HEAVY = {"PySide6", "faster_whisper", "ctranslate2", "llama_cpp", "onnxruntime", "sounddevice"}


def by_name(report: doctor.Report) -> dict[str, doctor.Check]:
    return {each.name: each for each in report.checks}


def test_nothing_is_created(own_home: Path) -> None:
    doctor.examine(Settings())
    assert not own_home.exists()


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from scribe import doctor; from scribe.settings import Settings;"
        "doctor.examine(Settings()); print(*sorted({m.split('.')[0] for m in sys.modules}))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(told.stdout.split())


def test_a_chosen_ear_that_is_not_there_makes_it_unusable() -> None:
    report = doctor.examine(Settings())
    check = by_name(report)["speech model whisper-base (chosen)"]
    assert check.verdict is Verdict.MISSING
    assert check.advice == "Run: scribe models fetch whisper-base"
    assert not report.usable


def test_without_a_writer_the_rules_remain() -> None:
    checks = by_name(doctor.examine(Settings()))
    writer = checks["writer model qwen2.5-coder-1.5b-instruct-q4_k_m (chosen)"]
    assert writer.verdict is Verdict.LIMITED
    rules = by_name(doctor.examine(Settings(writer_model=RULES_ONLY)))
    assert not any(name.startswith("writer model") for name in rules)


def test_a_model_of_no_catalogue_is_named() -> None:
    checks = by_name(doctor.examine(Settings(speech_model=ModelId("my-model"))))
    assert checks["model my-model"].verdict is Verdict.MISSING


def test_every_fault_comes_with_advice() -> None:
    for check in doctor.examine(Settings()).checks:
        assert check.found
        assert check.advice or check.verdict is Verdict.GOOD, check.name
