"""Speech that addresses the program instead of the visit: recognised here, obeyed nowhere."""

import re

# Speech (or a planted recording) that talks to the program instead of about the visit.
_COMMAND = re.compile(
    r"<\|?[a-z_]*\|?>|\[/?inst\]|(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|every\s+)?(?:of\s+)?"
    r"(?:the\s+|your\s+|my\s+|these\s+|those\s+)?(?:previous|prior|above|earlier|other|system|"
    r"instructions?|rules?|prompts?|everything\s+(?:above|before))|"
    r"\bsystem\s+(?:prompt|message|override)\b|\bas\s+an?\s+(?:ai|language\s+model)\b|"
    r"\b(?:hey|dear|attention|note\s+to\s+the)\s+(?:scribe|ai|assistant|model)\b|"
    r"\byou\s+are\s+(?:now\s+)?an?\s+(?:ai|assistant|scribe|language\s+model)\b|"
    r"\b(?:new|following)\s+instructions?\s*:|\b(?:ai|scribe|assistant|system)\s*[:,]\s*(?:please\s+)?"
    r"(?:write|add|ignore|record|put|insert|say|output|document)\b",
    re.IGNORECASE,
)


def is_command(text: str) -> bool:
    """True if the words address the program; they are then shown, flagged, and never followed."""
    return bool(_COMMAND.search(text))
