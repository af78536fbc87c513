"""What was said and is not in the note: numbers, medicines, sides and words of risk; it changes
nothing, it only tells.
"""

from collections.abc import Iterable

from scribe.draft.lexicon import Lexicon, numbers_in
from scribe.draft.routing import RoutedTurn
from scribe.records import Omission, Statement


def omissions(
    turns: Iterable[RoutedTurn], statements: Iterable[Statement], lexicon: Lexicon
) -> tuple[Omission, ...]:
    """One Omission per turn and kind; `text` is the turn as cleaned. A question that was not
    answered is not an omission.
    """
    written = " ".join(each.text for each in statements)
    numbers, drugs = numbers_in(written), lexicon.drugs_in(written)
    sides, risks = lexicon.sides_in(written), _risks(written, lexicon)
    found: list[Omission] = []
    for each in turns:
        text = each.turn.text
        lost = {
            "number": numbers_in(text) - numbers,
            "medicine": lexicon.drugs_in(text) - drugs,
            "side": lexicon.sides_in(text) - sides,
            "risk": _risks(text, lexicon) - risks,
        }
        found += [
            Omission(kind=kind, text=text, evidence=(each.turn.utterance,))
            for kind, what in lost.items()
            if what and not (each.asks and kind != "medicine")
        ]
    return tuple(found)


def _risks(text: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(match.group().lower()[:5] for match in lexicon.risk.finditer(text))
