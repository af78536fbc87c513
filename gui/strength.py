"""What can honestly be said of a passphrase by counting its letters and words; pure.

It measures no strength: a program cannot know which words are a saying and which were taken by
chance. So each sentence says under which condition it holds.
"""

import re
import unicodedata
from dataclasses import dataclass

from gui import security_texts as texts
from gui.strongroom import MIN_PASSPHRASE

_WORD = re.compile(r"[^\W\d_]{3,}")
_FEW_LETTERS = 6
"""With fewer different letters than this a passphrase of any length repeats itself."""
_GOOD_WORDS, _FAIR_WORDS, _GOOD_LENGTH = 5, 4, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A sentence, its tone, and whether the passphrase is taken at all."""

    text: str
    tone: str
    taken: bool = True


def judge(passphrase: str, name: str = "") -> Judgement:
    """What to say while a new passphrase is being typed; `name` is the clinician's."""
    plain = unicodedata.normalize("NFKC", passphrase).casefold()
    letters = len(plain)
    if letters < MIN_PASSPHRASE:
        said = texts.STRENGTH_SHORT if letters else texts.STRENGTH_NONE
        said = said.format(letters=letters, least=MIN_PASSPHRASE)
        return Judgement(text=said, tone="block" if letters else "", taken=False)
    words = set(_WORD.findall(plain))
    if len(set(plain)) < _FEW_LETTERS or _repeats(plain):
        return Judgement(text=texts.STRENGTH_REPEATS, tone="warn")
    if words and words <= set(_WORD.findall(name.casefold())):
        return Judgement(text=texts.STRENGTH_NAME, tone="warn")
    count = len(words)
    if count >= _GOOD_WORDS:
        return Judgement(text=texts.STRENGTH_GOOD.format(words=count), tone="good")
    if count >= _FAIR_WORDS:
        return Judgement(text=texts.STRENGTH_FAIR.format(words=count), tone="info")
    if letters >= _GOOD_LENGTH:
        return Judgement(text=texts.STRENGTH_LONG.format(letters=letters), tone="info")
    return Judgement(text=texts.STRENGTH_WEAK.format(letters=letters), tone="warn")


def _repeats(plain: str) -> bool:
    """Whether the whole of it is one shorter piece over and over."""
    return plain in (plain + plain)[1:-1]
