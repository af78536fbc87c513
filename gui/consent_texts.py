"""The English texts of consent and of what is left before signing; beside `texts.py` only because
one page has room for so many. The wordings themselves are data (prompts/consent).
"""

from scribe.consent import gate

PRESENT = "Who is in the room with you?"
PRESENT_NEW = "Who joined?"
PRESENT_FILE = "Who can be heard in the file?"
ROLES = ("patient", "parent or guardian", "family or partner", "interpreter", "staff or student")
OTHER_ROLE = "Somebody else"
OTHER_HINT = "For example: case manager"
METHOD = "How they agreed"
METHODS = {gate.SPOKEN: "Spoken, after this was read aloud", gate.WRITTEN: "In writing"}
STATEMENT = "How was consent had for this recording?"
STATEMENT_HINT = "For example: form signed on 2026-11-02, in the chart"
NO_ROLE = "Say who is present."
NOT_AGREED = "Tick that everyone present agreed."
NOT_AGREED_AI = (
    "Therapy needs the consent to transcription with artificial intelligence, in writing."
)
NO_STATEMENT = "Say how consent was had for this recording."

RECORD_NEEDS = "To record: {why}"
FILE_TITLE = "Open an audio file"
FILE_WHY = "Before the file is heard, state how those in it agreed."

CAME_IN = "Someone joined"
ASK_AGAIN = "Ask who joined"
CAME_IN_TITLE = "Someone joined: the recording pauses"
CAME_IN_WHY = (
    "Nothing is recorded until they agree. Read the wording to them, or say that they left."
)
PAUSED = "Paused: somebody has not agreed"
THEY_AGREED = "They agreed: go on"
THEY_LEFT = "They left: go on"
THEY_REFUSED = "They did not agree: stop"

TAKEN_BACK = "Consent withdrawn"
TAKEN_BACK_TITLE = "Consent withdrawn"
TAKEN_BACK_WHY = (
    "The recording stops and is destroyed: its key is deleted, and nobody can play it any more. "
    "The transcript and every drafted sentence are deleted too. Sentences you typed yourself stay, "
    "and you can finish the note by hand. This cannot be undone; backups made before are not "
    "reached."
)
TAKEN_BACK_BY = "Who withdrew the consent?"
TAKEN_BACK_DO = "Destroy the recording"
TAKEN_BACK_DONE = "The recording and what was heard are destroyed. What you typed is kept."

LEFT_EMPTY = "The note has no sentences."
LEFT_FINDING = "{message} Correct the code, or keep it with a reason."
LEFT_REASON = "{message} The reason you typed is too short."
LEFT_STATEMENTS = {
    1: "One sentence was not heard in the recording and has not been opened.",
    2: "{count} sentences were not heard in the recording and have not been opened.",
}
LEFT_OMISSIONS = {
    1: "One thing that was said about risk, a medicine or a dose is not in the note. "
    "Open it first.",
    2: "{count} things that were said about risk, medicines or doses are not in the note. "
    "Open them first.",
}
KEPT_WITH_REASON = "Kept with a reason: {codes}"
DRAFTED_WITH = "A first draft was made on this computer with {models}. You are responsible for it."
RECORDING_GOES = "When you sign, the recording is destroyed. The transcript stays with the visit."
OMISSION_SEEN = "seen"
"""Follows what was said and is not in the note, once it was opened."""
