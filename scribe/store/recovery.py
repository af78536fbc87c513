"""The recovery key: 256 random bits on paper, and the two groups of it that are typed again.

    K7QD-0M3F-...   14 groups of 4 in Crockford's base 32: the 32 bytes of the key and 3 bytes of
                    its SHA-256, so that a slip of the pen is told at once

Nothing here is stored; the key file holds only what the key opens. No letter is used that can be
taken for another (no I, L, O, U); small letters, spaces and dashes do not matter.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import SystemRandom, token_bytes

from scribe.errors import BadInput
from scribe.store.keyfile import KEY_BYTES

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
GROUPS = 14
ASKED = 2
"""Groups that are typed again before the vault counts as set up."""

_CHECK_BYTES = 3
_CHECK_LABEL = b"clinic-scribe recovery key 1\x00"
_LOOKALIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\t": "", "\n": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKey:
    """A recovery key; its secret is kept out of every repr."""

    secret: bytes = field(repr=False)

    @property
    def groups(self) -> tuple[str, ...]:
        """The 14 groups to print, in order."""
        text = _encoded(self.secret + _check(self.secret))
        return tuple(text[at : at + GROUP] for at in range(0, len(text), GROUP))

    @property
    def text(self) -> str:
        """The whole key in one line, groups joined by dashes."""
        return "-".join(self.groups)


def new_recovery_key() -> RecoveryKey:
    """A fresh one."""
    return RecoveryKey(secret=token_bytes(KEY_BYTES))


def from_text(text: str) -> RecoveryKey:
    """Read what a person typed. Raises BadInput, which never repeats it."""
    plain = _plain(text)
    strange = [number for number, letter in enumerate(plain) if letter not in ALPHABET]
    if strange:
        raise BadInput(
            f"Group {strange[0] // GROUP + 1} of the recovery key has a letter that none has.",
            advice="Nothing was changed. Compare that group with the printed key.",
        )
    if len(plain) != GROUP * GROUPS:
        raise BadInput(
            f"A recovery key has {GROUPS} groups of {GROUP}; {len(plain)} letters were typed.",
            advice="Nothing was changed. Compare it with the printed key.",
        )
    whole = _decoded(plain)
    secret, check = whole[:KEY_BYTES], whole[KEY_BYTES:]
    if not hmac.compare_digest(check, _check(secret)):
        raise BadInput(
            "The recovery key was not typed as it was printed.",
            advice="Nothing was changed. Compare each group with the printed key.",
        )
    return RecoveryKey(secret=secret)


class Confirmation:
    """A recovery key until two groups of it, chosen by chance, were typed from paper."""

    def __init__(self, key: RecoveryKey) -> None:
        self._key: RecoveryKey | None = key
        self._shown = False
        self.asked = _chosen()

    def take(self) -> RecoveryKey:
        """The key, once, to be printed or written down."""
        if self._key is None or self._shown:
            raise BadInput(
                "The recovery key is shown once only.",
                advice="Make a new one; the old one then opens nothing.",
            )
        self._shown = True
        return self._key

    def check(self, groups: Mapping[int, str]) -> None:
        """Compare what was typed for the asked groups, counted from 1; then forget the key.

        Raises BadInput; other groups are asked then.
        """
        asked, key = self.asked, self._key
        typed = "".join(_plain(groups.get(each, "")) for each in asked).encode()
        if key is None or not hmac.compare_digest(typed, _joined(key, asked)):
            self.asked = _chosen()
            raise BadInput(
                "The two groups are not those of the recovery key.",
                advice="Nothing was changed. Look at the printed key; two others are asked now.",
            )
        self._key = None


def _joined(key: RecoveryKey, asked: tuple[int, ...]) -> bytes:
    return "".join(key.groups[each - 1] for each in asked).encode()


def _chosen() -> tuple[int, ...]:
    return tuple(sorted(SystemRandom().sample(range(1, GROUPS + 1), ASKED)))


def _plain(text: str) -> str:
    return text.upper().translate(_LOOKALIKE).strip()


def _check(secret: bytes) -> bytes:
    return sha256(_CHECK_LABEL + secret).digest()[:_CHECK_BYTES]


def _encoded(data: bytes) -> str:
    number, letters = int.from_bytes(data), ""
    for _ in range(len(data) * 8 // 5):
        number, rest = divmod(number, 32)
        letters = ALPHABET[rest] + letters
    return letters


def _decoded(letters: str) -> bytes:
    number = 0
    for letter in letters:
        number = number * 32 + ALPHABET.index(letter)
    return number.to_bytes(len(letters) * 5 // 8)
