"""Looking for words and sounds in bytes, in every form in which a program might leave them."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scribe.records import Samples
from tests.security.tracing import WRITES, Call

_MOST_INFLATED = 64_000_000
_DEFLATED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
_WINDOW = 12
"""Samples in a row that nobody else's sound has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that should not be there; says where and what kind, never what it was."""

    where: str
    form: str


def of_words(words: Iterable[str]) -> dict[bytes, str]:
    """Byte strings that give these words away, and the form each is in."""
    needles: dict[bytes, str] = {}
    for word in words:
        for form in ("utf-8", "utf-16-le", "utf-16-be"):
            needles[word.encode(form)] = form
        for shift in range(3):
            # The middle of the word as base64 whatever stands before it.
            coded = base64.b64encode(b"\0" * shift + word.encode())
            inner = coded[4 if shift else 0 : -4]
            if len(inner) >= 8:
                needles[inner] = "base64"
        needles[word.encode().hex().encode()] = "hexadecimal"
    return needles


def of_sound(samples: Samples, every: int = 4_000) -> dict[bytes, str]:
    """The same for stretches of sound, as 16-bit and as 32-bit samples."""
    needles: dict[bytes, str] = {}
    for start in range(0, len(samples) - _WINDOW, every):
        stretch = samples[start : start + _WINDOW]
        whole = np.clip(np.rint(stretch * 32_768.0), -32_768, 32_767).astype("<i2")
        if len(set(whole.tolist())) < _WINDOW - 2:
            continue  # silence is nobody's
        needles[whole.tobytes()] = "16-bit sound"
        needles[stretch.astype("<f4").tobytes()] = "32-bit sound"
    return needles


class Scanner:
    """Looks for needles in data, and in what data holds in compressed form."""

    def __init__(self, needles: dict[bytes, str]) -> None:
        assert needles
        self._forms = needles
        self._pattern = re.compile(b"|".join(re.escape(each) for each in needles), re.DOTALL)

    def scan(self, data: bytes, where: str) -> Iterator[Hit]:
        """Every form in which something is found there."""
        forms = {self._forms[each.group()] for each in self._pattern.finditer(data)}
        yield from (Hit(where=where, form=form) for form in sorted(forms))
        for inner in inflated(data):
            inside = {self._forms[each.group()] for each in self._pattern.finditer(inner)}
            yield from (Hit(where=where, form=f"compressed {form}") for form in sorted(inside))

    def files(self, roots: Iterable[Path], leave: Iterable[Path] = ()) -> Iterator[Hit]:
        """Contents and names of all files below `roots`."""
        left = set(leave)
        for root in roots:
            for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
                yield from self.scan(str(path).encode(), f"the name of {path}")
                if path.is_file() and path not in left:
                    yield from self.scan(path.read_bytes(), str(path))

    def writes(self, calls: Iterable[Call], leave: Path) -> Iterator[Hit]:
        """Every buffer that was written to a file, also to one that is gone, and every name; but
        what was written below `leave`.
        """
        for call in calls:
            if call.name in WRITES:
                to = next(iter(call.paths()), "?")
                if to.startswith(("pipe:", "socket:", f"{leave}/")) or to == "/dev/null":
                    continue
                for data in call.texts():
                    yield from self.scan(data, f"a write to {to}")
            else:
                for data in call.texts():
                    yield from self.scan(data, f"a name given to {call.name}")


def inflated(data: bytes) -> Iterator[bytes]:
    """Everything in `data` that can be unpacked: gzip, zlib, the members of a zip file."""
    for found in _DEFLATED.finditer(data):
        at = found.start()
        raw = found.group() == b"PK\x03\x04"
        if raw:
            names = int.from_bytes(data[at + 26 : at + 28], "little")
            extra = int.from_bytes(data[at + 28 : at + 30], "little")
            at += 30 + names + extra
        wbits = -zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32
        try:
            out = zlib.decompressobj(wbits).decompress(data[at:], _MOST_INFLATED)
        except zlib.error:
            continue
        if out:
            yield out
