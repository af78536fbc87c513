"""The models this program knows, as frozen cards read from `models/catalogue.toml`; a model that
the user brought is a card of its own in a file beside the weights. No file of weights is read here.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scribe import codec, paths, resources
from scribe.errors import (
    BadInput,
    ResourceMissing,
    SettingsUnusable,
    TranscriptUnusable,
    WeightsCorrupt,
)
from scribe.ids import ModelId

SHIPPED = "models/catalogue.toml"
OWN_LIST = "own.json"

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,120}")


class Kind(StrEnum):
    """What a model does."""

    SPEECH = "speech"
    WRITER = "writer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file on the disk: its size in bytes and hex SHA-256. `upstream` is the publisher's name
    for it, if that differs.
    """

    name: str
    bytes: int
    sha256: str
    upstream: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelPart:
    """The next `bytes` of `file`: the archive member `member` of the pinned `package`."""

    package: str
    member: str
    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One model: what it is for, what it needs, what it consists of and where it can be had.

    Attributes:
        title: what it is for, in plain words.
        memory_bytes: memory its process needs; an estimate unless `memory_measured`.
        files: all that must lie on the disk.
        https: the publisher's folder, ending in a slash; empty if there is none.
        wheels: parts in the order in which they are concatenated; empty if there are none.
    """

    id: ModelId
    kind: Kind
    title: str
    licence: str
    memory_bytes: int
    memory_measured: bool
    files: tuple[ModelFile, ...]
    https: str = ""
    wheels: tuple[WheelPart, ...] = ()

    @property
    def bytes(self) -> int:
        """Size on the disk."""
        return sum(each.bytes for each in self.files)

    @property
    def is_folder(self) -> bool:
        """Whether the model is a folder of files (named by its id) or the single file."""
        return self.kind is Kind.SPEECH

    @property
    def place(self) -> str:
        """Name of that folder or file inside the models folder."""
        return str(self.id) if self.is_folder else self.files[0].name

    @property
    def packages(self) -> tuple[str, ...]:
        """The pinned packages that hold the parts, in order, each once."""
        return tuple(dict.fromkeys(each.package for each in self.wheels))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModels:
    """The file of the user's own models."""

    model: tuple[ModelCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shipped:
    model: tuple[ModelCard, ...]


def shipped() -> tuple[ModelCard, ...]:
    """The cards of the catalogue that came with the program. Raises ResourceMissing."""
    try:
        return parse(resources.text(SHIPPED), what=SHIPPED)
    except SettingsUnusable as error:
        raise ResourceMissing(f"The model catalogue of this build is damaged. {error}") from error


def parse(text: str, *, what: str) -> tuple[ModelCard, ...]:
    """Cards from TOML; `what` names the file in the error. Raises SettingsUnusable."""
    try:
        cards = codec.from_plain(_Shipped, tomllib.loads(text), what=what).model
    except tomllib.TOMLDecodeError as error:
        raise SettingsUnusable(f"{what} is not TOML: {error}.") from error
    except TranscriptUnusable as error:
        raise SettingsUnusable(error.message) from error
    for each in cards:
        check(each, what=what)
    return cards


def check(card: ModelCard, *, what: str) -> None:
    """Refuse a card whose files could land outside the models folder or come over an unprotected
    connection. Raises SettingsUnusable.
    """
    names = [card.id, *(each.name for each in card.files), *(each.file for each in card.wheels)]
    if not card.files or any(not _PLAIN_NAME.fullmatch(name) for name in names):
        raise SettingsUnusable(f"{what} holds a model with an unusable id or file name.")
    if card.https and not card.https.startswith("https://"):
        raise SettingsUnusable(f"{what} holds a model whose source is not https.")


def own(folder: Path) -> tuple[ModelCard, ...]:
    """Cards of the models the user brought to `folder` (`scribe/weights/own.py` writes them).
    Raises WeightsCorrupt if their list cannot be read.
    """
    try:
        text = (folder / OWN_LIST).read_bytes()
    except FileNotFoundError:
        return ()
    what = "The list of your own models"
    try:
        found = codec.from_json(OwnModels, text, what=what).model
        for each in found:
            check(each, what=what)
    except BadInput as error:
        raise WeightsCorrupt(
            error.message, advice=f"Remove {folder / OWN_LIST} and import them again."
        ) from error
    return found


def known(folder: Path | None = None) -> tuple[ModelCard, ...]:
    """The shipped cards and those of the user's own models in `folder` (the models folder, if none
    is given). Raises ResourceMissing, WeightsCorrupt.
    """
    return (*shipped(), *own(folder or paths.models_dir()))


def card(model: ModelId, cards: Iterable[ModelCard] | None = None) -> ModelCard:
    """The card with this id among `cards`, or else among all that are known.
    Raises SettingsUnusable naming the ids there are.
    """
    by_id = {each.id: each for each in (known() if cards is None else cards)}
    if model not in by_id:
        raise SettingsUnusable(
            f"There is no model {model!r}. Known are: {', '.join(sorted(by_id))}.",
            advice="Choose one of them in the settings, or see: scribe models list",
        )
    return by_id[model]
