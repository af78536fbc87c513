"""What Whisper invents when nobody speaks, taken out again: pure functions over text.

It removes only what is known to be invented. A word that might have been said stays: a lost "no"
or a lost repetition in a speech exercise does more harm than a stray "thank you".
"""

import re

INVENTED = frozenset(
    {
        "thanks for watching",
        "thank you for watching",
        "thank you so much for watching",
        "thank you very much for watching",
        "thanks for listening",
        "thank you for listening",
        "please subscribe",
        "please subscribe to my channel",
        "please subscribe to our channel",
        "like and subscribe",
        "dont forget to like and subscribe",
        "see you next time",
        "see you in the next video",
        "ill see you in the next video",
        "subtitles by the amaraorg community",
        "subtitles by steamteamextra",
        "transcription by castingwords",
        "transcribed by httpsotterai",
        "copyright wdr 2021",
    }
)
"""Closing phrases of the videos Whisper was trained on, as they stand alone over silence
(normalised by `_bare`). "See you next time" can be said in a visit: see DOUBTFUL."""

DOUBTFUL = frozenset({"you", "thank you", "bye", "bye bye", "so", "see you next time", "the"})
"""What it also writes over silence, but people say it too: goes only if nothing was heard."""

NO_SPEECH = 0.6
UNSURE = 0.37
"""Whisper's own rule for silence: no-speech probability above 0.6 and mean log probability below
-1.0, that is a confidence below 0.37 (openai/whisper, transcribe.py)."""

LONGEST_LOOP = 12
LOOP_COPIES = 4
LOOP_WORDS = 12
ONE_WORD_COPIES = 9
"""A loop: the same 2 to 12 words at least 4 times on end and at least 12 words in all, or one word
9 times on end. Patients repeat themselves and speech therapists count "pa pa pa pa"."""

FASTEST = 5.5
"""Words per second; nobody speaks faster for a whole utterance, a loop does."""


def cleaned(text: str, *, no_speech: float, confidence: float) -> str:
    """The text without inventions, "" if nothing remains.

    `no_speech`: probability 0..1 that nobody spoke; `confidence`: mean word probability 0..1.
    """
    text = without_loops(" ".join(text.split()))
    bare = _bare(text)
    if not bare:
        return ""
    silent = no_speech > NO_SPEECH
    if silent and confidence < UNSURE:
        return ""
    if bare in DOUBTFUL:
        return "" if silent else text
    return "" if bare in INVENTED else text


def suspicious(text: str, seconds: float) -> bool:
    """True if the text is a loop or more words than fit into `seconds`: worth hearing again."""
    words = text.split()
    return len(words) > FASTEST * max(seconds, 1.0) or without_loops(text) != text


def without_loops(text: str) -> str:
    """Each loop reduced to one copy; text without loops comes back as it was."""
    words = text.split()
    bare = [_bare(word) for word in words]
    kept: list[str] = []
    position = found = 0
    while position < len(words):
        length, copies = _loop_at(bare, position)
        found += copies > 1
        kept += words[position : position + length]
        position += length * copies
    return " ".join(kept) if found else text


def _loop_at(bare: list[str], start: int) -> tuple[int, int]:
    """Length in words and number of copies of the loop that begins at `start`, else (1, 1)."""
    for length in range(1, LONGEST_LOOP + 1):
        unit = bare[start : start + length]
        copies = 1
        while bare[start + copies * length : start + (copies + 1) * length] == unit:
            copies += 1
        enough = ONE_WORD_COPIES if length == 1 else max(LOOP_COPIES, -(-LOOP_WORDS // length))
        if copies >= enough and (length == 1 or len(set(unit)) > 1):
            return length, copies
    return 1, 1


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", "", text.lower()).split())
