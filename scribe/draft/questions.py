"""Is a sentence a question? Decided by its form, because a recogniser often ends one with a full
stop; what it asks and who answers it is not looked at here.
"""

import re

_LEAD = (
    r"^(?:\W*(?:and|so|okay|alright|all right|now|well|but|good|great|right|yeah|then|um|"
    r"tell me(?! (?:about|how|what|if)\b))\b\W*)*"
)
_OTHER_FORM = re.compile(
    _LEAD + r"(?:tell me (?:about|how|what|if)\b|how're you\b|"
    r"(?!have you (?:continue|take|start|follow|come|see|keep|stop|go|get|do|work|check|return|use|"
    r"try|wear|schedule|back|on)\b)(?:do|did|are|were|have|has|is|does|can|could|how|what|when|where|which|who|why)"
    r"(?:'s|'re|'d)?\s+(?:you|your|it|that|this|any|the|about|long|much|often|have|there|brings?|"
    r"is|are|do|did|has|were|was|many|numbness|tingling|pain|fevers?|other|trouble|"
    r"anything|anyone|anybody|everything)\b|"
    r"(?:is |was )?(?:there )?anything else\b(?! (?:is|was|i)\b)|"
    r"how about\b)",
    re.IGNORECASE,
)
# "Any new numbness, double vision, or headache." asks; "Any pain I have is in the hand", "Any new
# weakness, call 911" and "Any time now" do not.
_ANY = re.compile(_LEAD + r"(?:what about |how about )?any\s+(?!time|way|day|more|of\b)\w", re.I)
_TOLD = re.compile(
    r"\b(?:is|are(?! you)|was|were(?! you)|will|would|should|means?|needs?|has to|have to|"
    r"went|gets?|goes|call|calls|come|go to|let (?:me|us)|tell (?:me|us)|report|stop|take|"
    r"i'm|i've|i'll|i'd|it's|he|she|we|they|my|me)\b|"
    r"\bi\b(?! (?:press|push|touch|move|bend|lift|tap|squeeze)\b)",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """True if the text is a question, also without a question mark."""
    text = text.strip()
    return text.endswith("?") or bool(_OTHER_FORM.search(text)) or is_fragment(text)


def is_fragment(text: str) -> bool:
    """True for a question that is only the thing asked for ("Any new numbness or headache.")."""
    return bool(_ANY.search(text)) and not _TOLD.search(text)
