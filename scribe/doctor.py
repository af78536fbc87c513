"""What this machine has and lacks, as records; imports no engine and no Qt, and changes nothing."""

import ctypes.util
import importlib.util
import os
import platform
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scribe import paths
from scribe.errors import ScribeError
from scribe.settings import RULES_ONLY, Settings, usable_cores
from scribe.weights import catalogue, choose, verify
from scribe.weights.catalogue import Kind, ModelCard

_ENGINES = {
    "faster_whisper": "speech recognition",
    "ctranslate2": "speech recognition",
    "llama_cpp": "the writer model",
    "soundfile": "audio files",
    "sounddevice": "recording",
    "sqlcipher3": "the vault",
    "PySide6": "the window",
}
_WINDOW_LIBRARIES = {
    "libEGL": ("EGL", "libegl1"),
    "libGL": ("GL", "libgl1"),
    "libxkbcommon": ("xkbcommon", "libxkbcommon0"),
    "libfontconfig": ("fontconfig", "libfontconfig1"),
    "libdbus": ("dbus-1", "libdbus-1-3"),
}
_LEAST_DISK = 2_000_000_000


class Verdict(StrEnum):
    """How one thing stands."""

    GOOD = "good"
    LIMITED = "limited"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the report: the thing, how it stands, what was found, and what to do."""

    name: str
    verdict: Verdict
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All lines, in the order in which a person would ask."""

    checks: tuple[Check, ...]

    @property
    def usable(self) -> bool:
        """Whether an audio file can be turned into a note on this machine."""
        return not any(each.verdict is Verdict.MISSING for each in self.checks)


def examine(settings: Settings) -> Report:
    """Look at this machine with these settings; reads model files once to verify them."""
    free = choose.memory_free()
    checks = [
        _python(),
        Check(name="processor cores", verdict=Verdict.GOOD, found=str(usable_cores())),
        _memory(free),
        _disk(paths.root()),
        *_engines(),
        _sound(),
        *_window(),
        *_models(settings, _models_folder(), free),
        _vault(paths.root() / "vault"),
    ]
    return Report(checks=tuple(checks))


def _models_folder() -> Path:
    chosen = os.environ.get(paths.MODELS_VARIABLE)
    return Path(chosen).expanduser() if chosen else paths.root() / "models"


def _python() -> Check:
    return Check(
        name="Python",
        verdict=Verdict.GOOD,
        found=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
    )


def _memory(free: int) -> Check:
    return Check(name="free memory", verdict=Verdict.GOOD, found=f"{free / 1e9:.1f} GB")


def _disk(root: Path) -> Check:
    there = next(each for each in (root, *root.parents) if each.exists())
    free = shutil.disk_usage(there).free
    enough = free >= _LEAST_DISK
    return Check(
        name="free disk space",
        verdict=Verdict.GOOD if enough else Verdict.LIMITED,
        found=f"{free / 1e9:.1f} GB for {root}",
        advice="" if enough else "Free some space before a long recording.",
    )


def _engines() -> list[Check]:
    checks = []
    for module, use in _ENGINES.items():
        there = importlib.util.find_spec(module) is not None
        needed = module not in ("sounddevice", "llama_cpp")
        bad = Verdict.MISSING if needed else Verdict.LIMITED
        checks.append(
            Check(
                name=f"library {module}",
                verdict=Verdict.GOOD if there else bad,
                found="installed" if there else f"not installed; needed for {use}",
                advice="" if there else "Run: make setup",
            )
        )
    return checks


def _sound() -> Check:
    found = ctypes.util.find_library("portaudio")
    inside = importlib.util.find_spec("_sounddevice_data") is not None
    there = bool(found) or inside
    return Check(
        name="PortAudio",
        verdict=Verdict.GOOD if there else Verdict.LIMITED,
        found=found or ("bundled" if inside else "not installed; only recording needs it"),
        advice="" if there else "On Debian or Ubuntu: sudo apt-get install libportaudio2",
    )


def _window() -> list[Check]:
    if platform.system() != "Linux":
        return []
    lacking = [
        package
        for name, package in _WINDOW_LIBRARIES.values()
        if not ctypes.util.find_library(name)
    ]
    if lacking:
        return [
            Check(
                name="system libraries of the window",
                verdict=Verdict.LIMITED,
                found=f"{', '.join(lacking)} not installed; only the window needs them",
                advice=f"On Debian or Ubuntu: sudo apt-get install {' '.join(lacking)}",
            )
        ]
    return [Check(name="system libraries of the window", verdict=Verdict.GOOD, found="installed")]


def _models(settings: Settings, folder: Path, free: int) -> list[Check]:
    try:
        cards = catalogue.known(folder)
    except ScribeError as error:
        return [
            Check(name="models", verdict=Verdict.MISSING, found=error.message, advice=error.advice)
        ]
    checks = []
    chosen = {settings.speech_model, settings.writer_model}
    for name in sorted(chosen - {each.id for each in cards} - {RULES_ONLY}):
        checks.append(
            Check(
                name=f"model {name}",
                verdict=Verdict.MISSING,
                found="named in the settings but in no catalogue",
                advice="Choose a model of: scribe models list",
            )
        )
    return checks + [
        check
        for card in cards
        if (check := _model(card, folder, free, chosen=card.id in chosen)) is not None
    ]


def _model(card: ModelCard, folder: Path, free: int, *, chosen: bool) -> Check | None:
    state = verify.state(card, folder)
    if state.missing and not chosen:
        return None
    name = f"{card.kind} model {card.id}" + (" (chosen)" if chosen else "")
    if state.path is None:
        # Without a writer the rules alone make the note, so only hearing is indispensable.
        bad = Verdict.MISSING if chosen and card.kind is Kind.SPEECH else Verdict.LIMITED
        return Check(
            name=name,
            verdict=bad,
            found=state.fault or "not on this machine",
            advice=f"Run: scribe models fetch {card.id}",
        )
    room = choose.fits(card, free)
    return Check(
        name=name,
        verdict=Verdict.GOOD if room else Verdict.LIMITED,
        found="verified" + ("" if room else ", but more memory is needed than is free"),
        advice="" if room else "Close other programs or choose a smaller model.",
    )


def _vault(folder: Path) -> Check:
    there = folder.is_dir() and any(folder.iterdir())
    return Check(
        name="vault",
        verdict=Verdict.GOOD if there else Verdict.LIMITED,
        found=f"in {folder}" if there else "none yet",
        advice="" if there else "Create one with: scribe vault create",
    )
