"""Real parts from settings: the only place that chooses which part stands behind a port.

Nothing heavy is loaded here: engines live in their own processes and start with the first word.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scribe import paths
from scribe.errors import ScribeError
from scribe.events import Stop, Tell
from scribe.ids import ModelId
from scribe.ports import Microphone, Recogniser, Restored, Store, Writer
from scribe.settings import RULES_ONLY, Settings
from scribe.store import recovery, restore, vault
from scribe.weights import catalogue, choose, verify
from scribe.weights.catalogue import ModelCard
from scribe.worker.host import ModelProcess, SpeechProcess, WriterProcess
from scribe.worker.protocol import Load


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreWish:
    """A backup and what opens it: its passphrase, or its recovery key as it was typed, with the
    passphrase that the restored vault then gets.
    """

    backup: Path
    passphrase: str = field(repr=False)
    recovery_key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a client of the core (window or command line) works with."""

    settings: Settings
    microphone: Microphone | None
    """A scripted one; None: the recorder process has the real one."""
    new_recogniser: Callable[[], Recogniser]
    new_writer: Callable[[], Writer | None]
    open_store: Callable[[str], Store]
    """Passphrase -> unlocked vault."""
    create_store: Callable[[str, str], Store]
    """Passphrase and the clinician's name -> new vault."""
    store_exists: Callable[[], bool]
    vault_folder: Path | None = None
    """Where the vault lies that these open and make; None where nothing is kept."""
    restore_store: Callable[[RestoreWish, Tell, Stop], Restored] | None = None
    """Backup -> vault in its place, where there is none; None where nothing is kept."""


def speech_process(settings: Settings) -> SpeechProcess:
    """The speech model of the settings, checked but not started.

    Raises WeightsMissing, WeightsCorrupt, TooLittleMemory.
    """
    card = catalogue.card(settings.speech_model)
    choose.check_memory(card)
    return SpeechProcess(_process("speech", card, settings))


def writer_process(settings: Settings) -> WriterProcess | None:
    """The writing model of the settings, checked but not started; None for rules only.

    Raises WeightsMissing, WeightsCorrupt, TooLittleMemory.
    """
    if settings.writer_model == RULES_ONLY:
        return None
    card = catalogue.card(settings.writer_model)
    choose.check_memory(card)
    return WriterProcess(_process("writer", card, settings))


def model_sha256(model: ModelId) -> str:
    """The hex SHA-256 of a model's weights, as it was checked when they were fetched or imported;
    empty for one that the catalogue does not know.
    """
    try:
        files = catalogue.card(model).files
    except ScribeError:
        return ""
    return max(files, key=lambda each: each.bytes).sha256 if files else ""


def _process(kind: str, card: ModelCard, settings: Settings) -> ModelProcess:
    where = verify.locate(card, paths.models_dir())
    return ModelProcess(Load(kind=kind, model_id=card.id, path=str(where), threads=settings.cores))


def real_parts(settings: Settings) -> Parts:
    """Everything real."""
    folder = paths.vault_dir(settings.vault)
    return Parts(
        settings=settings,
        microphone=None,
        new_recogniser=lambda: speech_process(settings),
        new_writer=lambda: writer_process(settings),
        open_store=lambda passphrase: vault.open_vault(folder, passphrase),
        create_store=lambda passphrase, clinician: vault.create_vault(
            folder, passphrase, clinician=clinician
        ),
        store_exists=lambda: vault.exists(folder),
        vault_folder=folder,
        restore_store=lambda wish, tell, stop: _restored(folder, wish, tell, stop),
    )


def _restored(folder: Path, wish: RestoreWish, tell: Tell, stop: Stop) -> Restored:
    if not wish.recovery_key:
        return restore.restore_vault(wish.backup, folder, wish.passphrase, tell=tell, stop=stop)
    key = recovery.from_text(wish.recovery_key)
    return restore.restore_by_recovery(
        wish.backup, folder, key, wish.passphrase, tell=tell, stop=stop
    )
