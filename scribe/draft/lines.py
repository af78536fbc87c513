"""Lines of one answer put together again where the model tore a sentence in pieces; the gate judges
them once more afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from scribe.draft.chunks import Chunk
from scribe.draft.lexicon import Lexicon, stems, words
from scribe.draft.reply import Line
from scribe.draft.segment import sentences

_PURPOSE = r"\b(for|because of|due to|to help with|to improve) (?:your |the |my )?"


def rejoined(lines: Sequence[Line], chunk: Chunk, lexicon: Lexicon) -> tuple[Line, ...]:
    """ "Physical therapy." and "Strength, balance, and walking." of "physical therapy for strength,
    balance, and walking" as one line: what is only the purpose of another line joins it.
    """
    said = [sentence for each in chunk.turns for sentence in sentences(each.turn.text)]
    kept: list[Line] = []
    for line in lines:
        core = line.text.strip(" .").lower()
        joined = False
        for sentence in said:
            purpose = re.search(_PURPOSE + re.escape(core) + r"\b", sentence, re.IGNORECASE)
            host = _host(kept, sentence, core, lexicon) if purpose else None
            if purpose and host is not None:
                whole = f"{kept[host].text.rstrip('.')}, {purpose.group(1).lower()} {core}."
                kept[host] = replace(kept[host], text=whole)
                joined = True
                break
        if not joined:
            kept.append(line)
    return tuple(kept)


def _host(kept: Sequence[Line], sentence: str, core: str, lexicon: Lexicon) -> int | None:
    """The line written before from the rest of the same sentence."""
    known, own = stems(words(sentence)), stems(lexicon.content(core))
    for at, line in enumerate(kept):
        content = stems(lexicon.content(line.text))
        if content and content <= known and not own & content:
            return at
    return None
