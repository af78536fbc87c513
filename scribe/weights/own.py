"""A model the user brings: copied into the models folder, hashed, and given a card of its own.

It is loaded like any other, in the confined model process and only while its hash is the one noted
here. No weights are parsed in this module.
"""

import os
import shutil
from pathlib import Path

from scribe import codec
from scribe.errors import DiskFull, WeightsCorrupt
from scribe.files import write_whole
from scribe.ids import ModelId
from scribe.weights import catalogue, verify
from scribe.weights.catalogue import Kind, ModelCard, ModelFile

_SPEECH_NEEDS = ("model.bin", "config.json", "tokenizer.json")
_SPEECH_MAY = ("vocabulary.txt", "vocabulary.json", "preprocessor_config.json")
_GGUF = b"GGUF"
_MEMORY_BESIDE_FILES = 300_000_000


def import_model(path: Path, kind: Kind, folder: Path) -> ModelCard:
    """Copy a GGUF file (writer) or a CTranslate2 folder (speech) into `folder` and note its card.

    The id is made from the hash: a file name may hold a patient's or a person's name.
    Raises WeightsCorrupt if it is not such a model, DiskFull.
    """
    sources = _speech_files(path) if kind is Kind.SPEECH else (_gguf(path),)
    try:
        files = [
            ModelFile(name=each.name, bytes=each.stat().st_size, sha256=verify.sha256_of(each))
            for each in sources
        ]
        name = ModelId(f"own-{files[0].sha256[:12]}")
        if kind is Kind.WRITER:
            only = files[0]
            files = [ModelFile(name=f"{name}.gguf", bytes=only.bytes, sha256=only.sha256)]
        card = ModelCard(
            id=name,
            kind=kind,
            title="Your own model",
            licence="own",
            memory_bytes=sum(each.bytes for each in files) + _MEMORY_BESIDE_FILES,
            memory_measured=False,
            files=tuple(files),
        )
        for source, file in zip(sources, card.files, strict=True):
            _copy(source, verify.file_path(card, file, folder))
        verify.locate(card, folder)
        others = tuple(each for each in catalogue.own(folder) if each.id != card.id)
        listed = catalogue.OwnModels(model=(*others, card))
        write_whole(folder / catalogue.OWN_LIST, codec.to_json(listed, indent=1).encode())
    except OSError as error:
        raise DiskFull(f"The model could not be copied ({error.strerror}).") from error
    return card


def _speech_files(path: Path) -> tuple[Path, ...]:
    missing = [each for each in _SPEECH_NEEDS if not (path / each).is_file()]
    if missing:
        raise WeightsCorrupt(
            f"{path.name} is not a CTranslate2 Whisper folder: {', '.join(missing)} is missing.",
            advice="Nothing was copied. Convert the model with ct2-transformers-converter.",
        )
    more = [each for each in _SPEECH_MAY if (path / each).is_file()]
    return tuple(path / each for each in (*_SPEECH_NEEDS, *more))


def _gguf(path: Path) -> Path:
    try:
        with path.open("rb") as stream:
            magic = stream.read(len(_GGUF))
    except OSError as error:
        raise WeightsCorrupt(
            f"The file cannot be read ({error.strerror}).", advice="Nothing was copied."
        ) from error
    if magic != _GGUF:
        raise WeightsCorrupt("The file is not a GGUF model.", advice="Nothing was copied.")
    return path


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, part)
    os.replace(part, target)
