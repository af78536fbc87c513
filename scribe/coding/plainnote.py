"""Reads a note that was written as plain text into its four sections; judges nothing about it."""

import re

from scribe.records import NoteText, Section

_HEADING = re.compile(
    r"[\s#*_]*(?P<name>subjective|objective|assessment|plan|[soap](?=\s*[:)]))\b[\s*_]*"
    r"(?P<both>(?:and|&|/)\s*plan\b[\s*_]*)?(?:[:)]|$)[\s*_]*",
    re.IGNORECASE,
)
_BY_LETTER = {each.value[0]: each for each in Section}


def read_note(text: str) -> NoteText | None:
    """The sections of a note whose headings ("Assessment:", "A:", "## Plan") begin a line, or None
    if it has none of them. What stands before the first heading is left out. Never raises.
    """
    found: dict[Section, list[str]] = {}
    at: Section | None = None
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            at = _BY_LETTER[heading["name"][0].lower()]
            line = line[heading.end() :]
        if at is not None:
            found.setdefault(at, []).append(line.strip())
    if not found:
        return None
    return NoteText(**{each.value: "\n".join(found.get(each, ())).strip() for each in Section})
