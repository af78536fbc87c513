"""The one door for the model's answer: untrusted text to bounded, plain, labelled sentences. It
says nothing about whether they are true (grounding.py does).
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 2000
MOST_LINES = 12
LONGEST_SENTENCE = 320

_LABEL = re.compile(r"^(?:[•*·-]\s*)?([A-Z][A-Za-z,&/ -]{2,40}):\s+(.*)$")
_BULLET = re.compile(r"^(?:[•*·#>-]|\d{1,2}[.)])\s+")
_ENDS = re.compile(r"(?<=[A-Za-z0-9)%+][.?!])\s+(?=[A-Z\"'•])")
_PADDING = re.compile(
    r"^(?:none|n/?a|nothing|not (?:mentioned|discussed|applicable|stated|specified|provided)|"
    r"no [^.]*\b(?:needed|required|necessary|mentioned|discussed|said|provided|ordered|given|"
    r"specified|stated|reported)|unremarkable|normal|answer none)\W*$",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[^>\n]{0,80}>|[`*_#|]{1,3}|\[/?[A-Z]{2,6}\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of an answer under the label the model gave it ("" if none)."""

    label: str
    text: str


def parse(answer: str) -> tuple[Line, ...]:
    """The sentences of a model's answer. Control, bidirectional and markup characters are removed,
    padding ("None.", "No referral needed.") and NONE are dropped, length is bounded.
    """
    lines: list[Line] = []
    for raw in plain(answer[:MOST_CHARACTERS]).split("\n")[:MOST_LINES]:
        body = raw.strip()
        match = _LABEL.match(body)
        label, body = (match.group(1).strip(), match.group(2)) if match else ("", body)
        for sentence in _ENDS.split(_BULLET.sub("", body)):
            text = sentence.strip(" •-\t")
            if text and len(text) <= LONGEST_SENTENCE and not _is_padding(text):
                lines.append(Line(label=label, text=_finished(text)))
    return tuple(lines)


def plain(text: str) -> str:
    """`text` without markup, control and invisible characters; line breaks stay."""
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text)
        if character == "\n" or unicodedata.category(character)[0] != "C"
    )
    return re.sub(r"[ \u00a0\u2028\u2029]+", " ", _MARKUP.sub(" ", kept))


def _is_padding(text: str) -> bool:
    return bool(_PADDING.match(text)) or text.endswith("?") or not re.search(r"[A-Za-z0-9]", text)


def _finished(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!" else f"{text}."
