"""What is read aloud or signed before anything is recorded, by id and version, and which visits
need the specific consent of therapy: the shipped files of prompts/consent as frozen records.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from scribe import resources
from scribe.codec import from_plain
from scribe.errors import BadInput, ResourceMissing
from scribe.records import Encounter

RECORDING = "recording"
THERAPY = "therapy"
IMPORTED = "imported"

_FOLDER = "prompts/consent/wording"
_SCOPE = "prompts/consent/therapy.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where the law behind a wording can be read."""

    name: str
    place: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One published wording: what to `say`, and the sentences the clinician ticks.

    `agreed_ai` is empty where no specific agreement to AI transcription can be given under it.
    """

    id: str
    version: str
    title: str
    say: str
    agreed: str
    sources: tuple[Source, ...]
    agreed_ai: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which templates are not therapy, and which words in a specialty make a visit therapy."""

    general_templates: tuple[str, ...]
    specialties: tuple[str, ...]


def published() -> tuple[Wording, ...]:
    """Every wording that was ever in use, each id with its newest version last.

    Raises ResourceMissing, BadInput for a file that is not a wording.
    """
    return _published()


def current(which: str) -> Wording:
    """The newest wording of this id. Raises ResourceMissing."""
    found = [each for each in published() if each.id == which]
    if not found:
        raise ResourceMissing("A consent wording did not travel with this build.")
    return found[-1]


def is_published(which: str, version: str) -> bool:
    """Whether there is such a wording."""
    return any((each.id, each.version) == (which, version) for each in published())


def is_therapy(encounter: Encounter) -> bool:
    """Whether this visit may be recorded only with the specific written consent to AI transcription
    (Illinois Public Act 104-0054; asked for everywhere). A template that nobody has classified
    counts as therapy.
    """
    scope = _scope()
    specialty = encounter.specialty.casefold()
    general = encounter.template_id in scope.general_templates
    return not general or any(each in specialty for each in scope.specialties)


def for_visit(encounter: Encounter) -> Wording:
    """What is read aloud before this visit is recorded."""
    return current(THERAPY if is_therapy(encounter) else RECORDING)


@cache
def _published() -> tuple[Wording, ...]:
    found = [_read(name) for name in resources.names(_FOLDER, ".toml")]
    return tuple(sorted(found, key=lambda each: (each.id, each.version)))


def _read(name: str) -> Wording:
    path = f"{_FOLDER}/{name}.toml"
    made = from_plain(Wording, tomllib.loads(resources.text(path)), what=path)
    if name != f"{made.id}-{made.version}":
        raise BadInput(f"{path} holds another wording than its name says.")
    return made


@cache
def _scope() -> Scope:
    return from_plain(Scope, tomllib.loads(resources.text(_SCOPE)), what=_SCOPE)
