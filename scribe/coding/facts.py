"""All that the rules may know about one note, worked out once and frozen; no rule lives here."""

import re
from dataclasses import dataclass
from functools import cached_property

from scribe.coding import deficits, links, mentions
from scribe.coding.deficits import Deficit, Handedness
from scribe.coding.links import Link, Tie
from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.spoken_codes import normalise
from scribe.coding.status import Status
from scribe.coding.tables import Table, nearest_table
from scribe.coding.text import Page, Sentence, read
from scribe.coding.words import phrase
from scribe.records import CodedDiagnosis, Encounter, NoteText, Section

R531 = "R53.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCode:
    """A code of the claim: as written, as normalised, and its rank (1 is first-listed)."""

    written: str
    code: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One note, its claim and its encounter, read."""

    encounter: Encounter
    table: Table
    codes: tuple[ClaimCode, ...]
    page: Page
    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    deficits: tuple[Deficit, ...]
    hand: Handedness | None

    def coded(self, *prefixes: str) -> tuple[str, ...]:
        """The codes of the claim that begin with one of the prefixes, in order."""
        return tuple(each.code for each in self.codes if each.code.startswith(prefixes))

    def of(self, *kinds: str) -> tuple[Mention, ...]:
        """The mentions of these kinds in reading order."""
        if len(kinds) == 1:
            return self._by_kind.get(kinds[0], ())
        return tuple(each for each in self.mentions if each.kind in kinds)

    def links_to(self, kind: str) -> tuple[Link, ...]:
        """Every tie between weakness and one kind of cause, in reading order."""
        return self._by_cause.get(kind, ())

    @cached_property
    def _by_kind(self) -> dict[str, tuple[Mention, ...]]:
        found: dict[str, list[Mention]] = {}
        for each in self.mentions:
            found.setdefault(each.kind, []).append(each)
        return {kind: tuple(every) for kind, every in found.items()}

    @cached_property
    def _by_cause(self) -> dict[str, tuple[Link, ...]]:
        found: dict[str, list[Link]] = {}
        for each in self.links:
            found.setdefault(each.cause.kind, []).append(each)
        return {kind: tuple(every) for kind, every in found.items()}

    def established(self, *kinds: str) -> tuple[Mention, ...]:
        """The affirmed mentions of these kinds."""
        return tuple(each for each in self.of(*kinds) if each.established)

    def assessed(self, *kinds: str) -> tuple[Mention, ...]:
        """The affirmed mentions in the Assessment, or in the Plan when there is no Assessment."""
        written = self.page.folded[Section.ASSESSMENT].strip()
        where = Section.ASSESSMENT if written else Section.PLAN
        return tuple(each for each in self.established(*kinds) if each.section is where)

    def tied(self, kind: str, tie: Tie = Tie.STATED) -> tuple[Link, ...]:
        """The ties between weakness and one kind of cause."""
        return tuple(each for each in self.links_to(kind) if each.tie is tie)

    @cached_property
    def specialty(self) -> str:
        """The specialty of the visit as the vocabulary writes it: physical_therapy."""
        return "_".join(re.findall(r"[a-z]+", self.encounter.specialty.lower()))

    @cached_property
    def weakness(self) -> tuple[Mention, ...]:
        """Affirmed, current weakness of this patient, words and strength grades."""
        return self.established(WEAKNESS, GRADE)

    @cached_property
    def weak_sentences(self) -> frozenset[Sentence]:
        """The sentences that tell of such weakness."""
        return frozenset(each.sentence for each in self.weakness)

    @cached_property
    def one_sided(self) -> frozenset[Mention]:
        """The mentions of weakness that name one side."""
        return frozenset(each.mention for each in self.deficits)

    @cached_property
    def weakness_left_open(self) -> bool:
        """Whether weakness is at least spoken of as uncertain or in the patient's own view."""
        open_ = (Status.UNCERTAIN, Status.PATIENT_OPINION)
        return any(each.status in open_ for each in self.of(WEAKNESS))

    @cached_property
    def separate_general_weakness(self) -> bool:
        """General weakness in the Assessment that is not tied to a disease of section C."""
        tied = {id(link.symptom) for link in self.links if link.tie is Tie.STATED}
        return any(
            each.extent is Extent.GENERAL and id(each) not in tied
            for each in self.assessed(WEAKNESS)
        )

    @cached_property
    def cause_unknown(self) -> bool:
        """Whether the Assessment says that the cause of the weakness is not known."""
        return self.says(phrase("links", "cause_unknown"), Section.ASSESSMENT) is not None

    def says(self, pattern: re.Pattern[str], *sections: Section) -> Mention | None:
        """The first place in these sections (default: all) where an expression matches."""
        for sentence, match in self.page.matches(pattern, *sections):
            return Mention(
                kind="words",
                sentence=sentence,
                start=match.start(),
                end=match.end(),
                text=match[0],
                status=Status.ESTABLISHED,
            )
        return None


def gather(note: NoteText, encounter: Encounter, diagnoses: tuple[CodedDiagnosis, ...]) -> Facts:
    """Read a note and a claim. Never raises on any text."""
    page = read(note)
    found = mentions.find(page)
    codes = tuple(
        ClaimCode(written=each.code, code=normalise(each.code), rank=each.rank)
        for each in sorted(diagnoses, key=lambda each: each.rank)
    )
    return Facts(
        encounter=encounter,
        table=nearest_table(encounter.date_of_service),
        codes=codes,
        page=page,
        mentions=found,
        links=links.find(page, found),
        deficits=deficits.find(page, found),
        hand=deficits.handedness(page),
    )
