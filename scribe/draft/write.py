"""Utterances in, draft out: segment, route, chunk, ask the writer, gate, repair, assemble; the
order of those steps is here and nothing else.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock

from scribe.draft import (
    grounding,
    lexicon,
    lines,
    omissions,
    placing,
    prompt,
    repair,
    reply,
    segment,
)
from scribe.draft.assemble import assemble
from scribe.draft.chunks import Chunk, Chunker
from scribe.draft.repair import Row
from scribe.draft.routing import RoutedTurn, Router
from scribe.draft.template import Template
from scribe.errors import Cancelled
from scribe.events import Never, Progress, Stop, Tell, Written, silence
from scribe.ids import ModelId, UtteranceId
from scribe.ports import Writer
from scribe.records import Draft, Prompt, Statement, Support, Transcript, Utterance

RULES = ModelId("rules")
"""The model id of a draft that no model had a part in."""
MOST_EVIDENCE = 4


class Drafter:
    """Drafts a note while the visit goes on. `add` may be called from one thread while `step` runs
    in another; a failed model call leaves its chunk in the queue, so nothing is lost.
    """

    def __init__(self, template: Template, writer: Writer | None) -> None:
        """`writer` None drafts by rules alone (first and second person to third)."""
        self._template = template
        self._writer = writer
        self._words = lexicon.load()
        self._router = Router(self._words)
        self._chunker = Chunker()
        self._heard: list[RoutedTurn] = []
        self._positions = 0
        self._ready: deque[Chunk] = deque()
        self._rows: dict[int, tuple[Row, ...]] = {}
        self._queues = Lock()
        self._at_work = Lock()  # one chunk at a time; `add` never waits for it

    @property
    def pending(self) -> int:
        """Chunks that wait for `step`."""
        with self._queues:
            return len(self._ready)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The note so far, in reading order; numbered anew each time it grows."""
        with self._queues:
            rows = [row for number in sorted(self._rows) for row in self._rows[number]]
        return assemble(rows, self._template, self._words)

    def warm(self) -> None:
        """Let the writer read its fixed prefixes before the first chunk comes. Raises what it
        raises.
        """
        if self._writer is not None:
            warm(self._template, self._writer)

    def add(self, utterances: Iterable[Utterance]) -> None:
        """Take utterances that became final, in order of time."""
        with self._queues:
            for utterance in utterances:
                turns = segment.segment(utterance, self._words, self._positions)
                self._positions += len(turns)
                for turn in turns:
                    self._take(self._router.add(turn))

    def step(self) -> bool:
        """Write one chunk if one is complete; True if it did. Raises EngineError and WeightsError
        from the writer; the chunk then stays first in the queue.
        """
        with self._at_work:
            with self._queues:
                if not self._ready:
                    return False
                chunk = self._ready[0]
            rows = self._write(chunk)
            with self._queues:
                self._rows[chunk.number] = rows
                self._ready.popleft()
            return True

    def finish(self, tell: Tell = silence, stop: Stop | None = None) -> Draft:
        """The rest of the visit and the whole draft. Raises Cancelled and what `step` raises; both
        leave everything written so far in place, and `finish` may be called again.
        """
        stop = stop or Never()
        with self._queues:
            self._take(self._router.flush())
            self._ready.extend(self._chunker.flush())
        done = 0
        while self.pending:
            if stop.is_set():
                raise Cancelled("Drafting was stopped; the transcript is kept.")
            tell(Progress(step="draft", done=done, total=done + self.pending, unit="chunks"))
            self.step()
            done += 1
            if self._writer is not None:  # by rules all chunks together take no time
                tell(Written(statements=self.statements))
        statements = self.statements
        tell(Written(statements=statements))
        return Draft(
            statements=statements,
            template_id=self._template.id,
            model_id=self._writer.model_id if self._writer else RULES,
            omissions=omissions.omissions(self._heard, statements, self._words),
        )

    def _take(self, routed: Iterable[RoutedTurn]) -> None:
        for each in routed:
            self._heard.append(each)
            self._ready.extend(self._chunker.add(each))

    def _write(self, chunk: Chunk) -> tuple[Row, ...]:
        if chunk.command:
            return repair.flagged(chunk, self._template)
        if chunk.listing:
            return repair.as_spoken(chunk, self._template)
        rows, left = repair.settled(chunk, self._template, self._words)
        if not left:
            return rows
        chunk = replace(chunk, turns=left)
        supported = self._supported(self._ask(chunk), chunk)
        whole = self._supported(lines.rejoined(supported, chunk, self._words), chunk)
        written = tuple(self._row(chunk, line) for line in whole)
        back = repair.repair(
            chunk, [row.text for row in rows + written], self._template, self._words
        )
        return rows + written + back

    def _ask(self, chunk: Chunk) -> tuple[reply.Line, ...]:
        """The model's lines; none without a writer, or if nothing is left to be asked about."""
        question = prompt.build(chunk, self._template)
        if self._writer is None or not question.user:
            return ()
        return reply.parse(self._writer.write(question).text)

    def _row(self, chunk: Chunk, line: reply.Line) -> Row:
        section, heading = placing.place(
            chunk.phase, line.text, line.label, self._template, self._words
        )
        return Row(
            section=section,
            heading=heading,
            text=line.text,
            evidence=_evidence(line.text, chunk, self._words),
            support=Support.SUPPORTED,
            at=_place_in_time(line.text, chunk, self._words),
            goes_on=placing.goes_on(chunk.phase, line.text, line.text, self._words),
        )

    def _supported(self, said: Iterable[reply.Line], chunk: Chunk) -> tuple[reply.Line, ...]:
        return tuple(
            line for line in said if grounding.judge(line.text, chunk.turns, self._words).supported
        )


def warm(template: Template, writer: Writer) -> None:
    """Let the writer evaluate the fixed prefix of every phase, so that the first chunks of a visit
    do not wait for it. Raises what the writer raises.
    """
    for prefix in template.prompts.values():
        writer.write(
            Prompt(
                system=prefix.system,
                examples=tuple((each.said, each.written) for each in prefix.examples),
                user="D: okay",
                max_tokens=1,
            )
        )


def _evidence(text: str, chunk: Chunk, words: lexicon.Lexicon) -> tuple[UtteranceId, ...]:
    """The utterances a sentence rests on: those that share its words or figures, with the question
    of an answer; the whole chunk if none does. At most MOST_EVIDENCE, the nearest first.
    """
    mine, critical = lexicon.stems(words.content(text)), words.critical(text)
    shared: dict[int, int] = {}
    for at, each in enumerate(chunk.turns):
        said = lexicon.stems(lexicon.words(each.turn.text))
        said |= lexicon.stems(words.allowed_for(each.turn.text))
        shared[at] = len(mine & said) + 2 * len(critical & words.critical(each.turn.text))
    most = max(shared.values())
    best = {at for at, many in shared.items() if many and many * 3 >= most} or set(shared)
    for at in tuple(best):
        if chunk.turns[at].answers and at:
            best.add(at - 1)
        elif chunk.turns[at].asks and at + 1 < len(chunk.turns):
            best.add(at + 1)
    order = sorted(best, key=lambda at: -shared[at])
    ids = dict.fromkeys(chunk.turns[at].turn.utterance for at in order)
    chosen = set(list(ids)[:MOST_EVIDENCE])
    return tuple(each for each in chunk.evidence if each in chosen)


def _place_in_time(text: str, chunk: Chunk, words: lexicon.Lexicon) -> tuple[int, int]:
    """The position of the turn a sentence shares most with, and the sentence within it."""
    mine = lexicon.stems(words.content(text)) | words.critical(text)
    best, most = (chunk.turns[0].turn.position, 0), -1
    for each in chunk.turns:
        for nth, said in enumerate(segment.sentences(each.turn.text)):
            known = lexicon.stems(lexicon.words(said)) | lexicon.stems(words.allowed_for(said))
            many = len(mine & (known | words.critical(said)))
            if many > most:
                best, most = (each.turn.position, nth), many
    return best


def draft(
    transcript: Transcript,
    template: Template,
    writer: Writer | None,
    tell: Tell = silence,
    stop: Stop | None = None,
) -> Draft:
    """A whole transcript at once. Raises Cancelled, EngineError, WeightsError."""
    drafter = Drafter(template, writer)
    drafter.add(transcript.utterances)
    return drafter.finish(tell, stop)
