"""Note templates and worked examples from prompts/ as frozen records; no model and no transcript is
known here. A template is one file in prompts/notes; nothing else has to be changed to add one.
"""

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum

from scribe import resources
from scribe.codec import from_plain
from scribe.errors import BadInput, TranscriptUnusable
from scribe.ids import TemplateId
from scribe.records import Section


class Phase(StrEnum):
    """What a stretch of the visit is about; NONE is small talk."""

    HISTORY = "history"
    EXAM = "exam"
    RESULTS = "results"
    PLAN = "plan"
    NONE = "none"


WRITTEN = (Phase.HISTORY, Phase.EXAM, Phase.RESULTS, Phase.PLAN)
"""The phases that reach the note, in the usual order of a visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One worked example: what was said and what a scribe writes for it."""

    said: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPrompt:
    """The fixed prefix for one phase: the task and its worked examples."""

    system: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPlan:
    """One of the four sections: its printed title and the headings allowed in it, in order."""

    section: Section
    title: str
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """`subject`: how sentences written by rule call the person seen ("the patient")."""

    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How a kind of note is laid out; `prompts` and `fallback` are keyed by phase."""

    id: TemplateId
    title: str
    version: int
    style: Style
    sections: tuple[SectionPlan, ...]
    prompts: dict[Phase, SectionPrompt] = field(hash=False)
    fallback: dict[Phase, str] = field(hash=False)

    def place(self, phase: Phase, label: str) -> tuple[Section, str]:
        """Section and heading for a line of `phase` labelled `label`; an unknown label falls back,
        because labels are model text and never become headings of their own.
        """
        for wanted in (_same(label), _same(self.fallback[phase])):
            for plan in self.sections:
                if not _serves(phase, plan.section):
                    continue
                for heading in plan.headings:
                    if _same(heading) == wanted:
                        return plan.section, heading
        raise TranscriptUnusable(f"Template {self.id} has no heading for the phase {phase.value}.")

    def order(self, section: Section, heading: str) -> tuple[int, int]:
        """Where a heading stands in the note; unknown ones stand last."""
        for at, plan in enumerate(self.sections):
            if plan.section is section:
                known = heading in plan.headings
                return at, plan.headings.index(heading) if known else len(plan.headings)
        return len(self.sections), 0


_SECTIONS_OF = {
    Phase.HISTORY: (Section.SUBJECTIVE,),
    Phase.EXAM: (Section.OBJECTIVE,),
    Phase.RESULTS: (Section.OBJECTIVE,),
    Phase.PLAN: (Section.ASSESSMENT, Section.PLAN),
}


def _same(heading: str) -> str:
    """A heading without case and plural, for comparing what the model wrote with what we know."""
    return heading.strip(" .:").casefold().removesuffix("s")


def _serves(phase: Phase, section: Section) -> bool:
    return section in _SECTIONS_OF.get(phase, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A template file as written: prompts are names of files in prompts/sections."""

    id: TemplateId
    title: str
    version: int
    style: Style
    prompts: dict[Phase, str]
    sections: tuple[SectionPlan, ...]
    fallback: dict[Phase, str]


def ids() -> tuple[TemplateId, ...]:
    """All shipped templates, sorted."""
    return tuple(TemplateId(name) for name in resources.names("prompts/notes", ".toml"))


def load(template_id: TemplateId) -> Template:
    """One shipped template, checked. Raises BadInput naming the known ones if there is none of that
    name, TranscriptUnusable if the file does not have the expected form.
    """
    if template_id not in (known := ids()):
        raise BadInput(f"There is no template {template_id!r}. Known are: {', '.join(known)}.")
    read = from_plain(
        _File, _toml(f"prompts/notes/{template_id}.toml"), what=f"Template {template_id}"
    )
    template = Template(
        id=read.id,
        title=read.title,
        version=read.version,
        style=read.style,
        sections=read.sections,
        prompts={phase: _section_prompt(name) for phase, name in read.prompts.items()},
        fallback=read.fallback,
    )
    if read.id != template_id or set(read.prompts) != set(WRITTEN):
        raise TranscriptUnusable(f"Template {template_id} lacks a phase or carries another id.")
    for phase in WRITTEN:
        _, heading = template.place(phase, template.fallback.get(phase, ""))
        if heading != template.fallback[phase]:
            raise TranscriptUnusable(f"Template {template_id} falls back to an unknown heading.")
    return template


def _section_prompt(name: str) -> SectionPrompt:
    return from_plain(SectionPrompt, _toml(f"prompts/sections/{name}.toml"), what=f"Prompt {name}")


def _toml(path: str) -> object:
    try:
        return tomllib.loads(resources.text(path))
    except tomllib.TOMLDecodeError as exc:
        raise TranscriptUnusable(f"{path} is not valid TOML.") from exc
