"""Every English text of the window in one place; no logic beyond filling in a number or a name."""

from scribe.coding.article import Stand
from scribe.records import Section, Sex, Speaker, Support, VisitState

APP = "Clinic Scribe"
TAGLINE = "Everything you record and write stays on this computer."

# ---------------------------------------------------------------- start
UNLOCK_TITLE = "Unlock your visits"
UNLOCK_LEAD = "Your visits are encrypted with your passphrase."
CREATE_TITLE = "Set up this computer"
CREATE_LEAD = "Choose a passphrase. It encrypts every visit and recording on this computer."
CREATE_WARNING = "Next you get a recovery key on paper, for the day you forget the passphrase."
PASSPHRASE = "Passphrase"
PASSPHRASE_AGAIN = "Passphrase again"
CLINICIAN = "Your name, as it should appear on your notes"
UNLOCK = "Unlock"
CREATE = "Create the vault"
OPENING = "Opening …"
PASSPHRASES_DIFFER = "The two passphrases are not the same. Type the second one again."
PASSPHRASE_EMPTY = "Type your passphrase."
NAME_EMPTY = "Type your name."
SAVE_NEEDS_VAULT = "To save or sign this visit, open the vault first."

# ---------------------------------------------------------------- visits
VISITS = "Visits"
VISITS_NONE = "No visits yet"
VISITS_NONE_LEAD = "Start with “New visit”. It is saved as soon as you create it."
NEW_VISIT = "New visit"
LOCK = "Lock"
OPEN_VISIT = "Open"
COLUMN_PATIENT = "Patient"
COLUMN_DATE = "Date of service"
COLUMN_TEMPLATE = "Template"
COLUMN_STATE = "State"
COLUMN_UPDATED = "Last change"
UNNAMED = "No label"

# ---------------------------------------------------------------- new visit
FORM_LEAD = "What the chart already knows. You can record as soon as the patient has agreed."
PATIENT_LABEL = "Patient label"
PATIENT_HINT = "Initials or chart number"
DATE_OF_SERVICE = "Date of service"
SPECIALTY = "Specialty"
SPECIALTIES = (
    "physical therapy",
    "occupational therapy",
    "speech-language pathology",
    "internal medicine",
    "family medicine",
    "neurology",
    "geriatrics",
    "mental health",
)
AGE = "Age"
AGE_UNKNOWN = "Not recorded"
SEX = "Sex in the chart"
SEXES = {Sex.UNKNOWN: "Not recorded", Sex.FEMALE: "Female", Sex.MALE: "Male"}
TEMPLATE = "Note template"
CONSENT = "Consent to record"
CONSENT_NEEDED = "Recording and opening a file need consent."
CONSENT_GIVEN = "Consent: {by}"
CONSENT_RECORD = "Note the consent …"
CONSENT_BEFORE_SAVING = "Before this visit is kept, say who agreed to be recorded."
CREATE_VISIT = "Create visit"
CANCEL = "Cancel"
BACK = "Visits"
CLOSE = "Close"

STATES = {
    VisitState.NEW: "New",
    VisitState.CONSENTED: "Ready to record",
    VisitState.RECORDING: "Recording",
    VisitState.TRANSCRIBED: "Transcribed",
    VisitState.DRAFTED: "Drafted",
    VisitState.CODED: "In review",
    VisitState.REVIEWED: "In review",
    VisitState.SIGNED: "Signed",
    VisitState.AMENDED: "Amended",
    VisitState.WITHDRAWN: "Consent withdrawn",
}
STATE_LOOK = {
    VisitState.NEW: ("info", "info"),
    VisitState.CONSENTED: ("check", "info"),
    VisitState.RECORDING: ("record", "block"),
    VisitState.TRANSCRIBED: ("speech", "info"),
    VisitState.DRAFTED: ("pencil", "info"),
    VisitState.CODED: ("pencil", "warn"),
    VisitState.REVIEWED: ("pencil", "warn"),
    VisitState.SIGNED: ("lock", "good"),
    VisitState.AMENDED: ("lock", "good"),
    VisitState.WITHDRAWN: ("cross", "warn"),
}

# ---------------------------------------------------------------- record bar
RECORD = "Record"
STOP = "Stop"
STOP_WORK = "Cancel"
MICROPHONE = "Microphone"
DEFAULT_MICROPHONE = "System microphone"
LEVEL = "Input level"
OPEN_FILE = "Open audio file …"
AUDIO_FILES = "Audio (*.wav *.flac *.mp3 *.ogg)"
LEVEL_LOW = "Too quiet: move the microphone closer"
LEVEL_GOOD = "Level is good"
LEVEL_HIGH = "Too loud: move the microphone away"
PREPARING = "Getting ready …"
TRANSCRIBING = "Listening to the recording …"
TRANSCRIBING_DONE = "Listening: {done} of {total}"
DRAFTING = "Writing the draft …"
CHECKING = "Checking codes …"
SIGNING = "Signing …"
SAVED = "Saved"
UNSAVED = "Not saved yet"
NOT_KEPT = "Not kept: no vault is open"
INTERRUPTED = "The recording of this visit was interrupted. What was recorded is safe."
TRANSCRIBE_KEPT = "Transcribe it"
STILL_RECORDING = "The recording goes on."
CLOSE_RECORDING_TITLE = "A recording is running"
CLOSE_RECORDING = "Stop the recording and leave? What was recorded so far is kept."
STOP_AND_LEAVE = "Stop and leave"
STAY = "Stay here"

# ---------------------------------------------------------------- transcript
TRANSCRIPT = "Transcript"
TRANSCRIPT_EMPTY = "What is said appears here, with its time."
SPEAKERS = {
    Speaker.CLINICIAN: "Clinician",
    Speaker.PATIENT: "Patient",
    Speaker.OTHER: "Other",
    Speaker.UNKNOWN: "Speaker",
}
BEHIND_SENTENCE = "behind the chosen sentence"

# ---------------------------------------------------------------- note
NOTE = "Note"
NOTE_EMPTY = "The draft appears here. Choose a sentence to see the words it rests on."
SECTIONS = {
    Section.SUBJECTIVE: "Subjective",
    Section.OBJECTIVE: "Objective",
    Section.ASSESSMENT: "Assessment",
    Section.PLAN: "Plan",
}
SECTION_EMPTY = "Nothing here yet."
ADD_SENTENCE = "Add a sentence"
REMOVE_SENTENCE = "Remove sentence"
SUPPORTS = {
    Support.SUPPORTED: ("check", "good", "Heard"),
    Support.REPAIRED: ("swap", "info", "Taken from speech"),
    Support.UNSUPPORTED: ("warn", "block", "Not heard"),
    Support.TYPED: ("pencil", "info", "Your words"),
}
SUPPORT_SEEN = "Not heard · seen"
OMISSIONS = "Said, but not in the note"
SHOW_SPEECH = "Show in transcript"

# ---------------------------------------------------------------- claim
DIAGNOSES = "Diagnoses"
DIAGNOSES_EMPTY = "No code on the claim yet."
CODE_HINT = "Code or words, e.g. R53.1"
CODE_HELP = (
    "Type a code (R53.1, r531), spell it (are fifty three point one) or describe it (left sided "
    "weakness after stroke). Arrow keys choose from the list, Return adds."
)
CODE_LIST = "Codes that fit"
CODE_VALID = "Billable, valid on {day}"
CODE_HEADING = "Heading, not billable: {count} codes below it"
CODE_OTHER_DAYS = "Not in force on {day}; billable {days}"
CODE_NO_TABLE = "Billable; no code table covers {day}"
CODE_TERM = "also called: {term}"
CODE_MATCHED = "fits: {words}"
CODE_IS_HEADING = "{code} is a heading and cannot be billed. Choose one of the codes below it."
CODE_UNKNOWN = "{code} is no code of {edition}. Near it:"
CODE_NOT_FOUND = "Nothing found in {edition}."
CODE_MORE = "{count} more: type more of the code."
CODE_PLACE = "{number} of {count}: {choice}"
CODE_NAME = "Diagnosis code {rank}"
ADD_CODE = "Add code"
REMOVE_CODE = "Remove {code}"
MOVE_UP = "Move {code} up"
MOVE_DOWN = "Move {code} down"
FIRST_LISTED = "First-listed"
DRAG_CODE = "Drag {code} to another place, or press Alt+Up and Alt+Down"
DIAGNOSIS_ROW = "{rank}. {code} {title}"
CLAIM_CHANGED = "Now: {after}. Before: {before}."
CLAIM_EMPTY = "no code"
UNDO_CHANGE = "Undo"
UNDO_CHANGE_NAME = "Undo the last change: back to {before}"

# ---------------------------------------------------------------- proposals
PROPOSALS = "Codes for problems in this note"
PROPOSALS_LEAD = "Suggestions. Nothing is on the claim until you add it."
PROPOSAL = "Suggestion"
PROPOSAL_ADD = "Add {code}"
PROPOSAL_ADD_NAME = "Add the suggested code {code}, {title}, to the diagnoses"
PROPOSAL_DISMISS = "Dismiss {code} for this visit"
PROPOSAL_WORDS = "Go to {words} in the note"
PROPOSAL_MATCHED = "Words that matched: {words}"
PROPOSALS_DISMISSED = "Dismissed for this visit: {codes}"
PROPOSALS_AGAIN = "Show again"
ORIGINS = {"typed": "typed", "dictated": "dictated", "rule": "suggested"}

# ---------------------------------------------------------------- findings
FINDINGS = "Code check"
FINDINGS_NONE = "No objection to these codes."
FINDINGS_WAIT = "The check runs as soon as there is a note."
FINDINGS_COUNT = "{block} to fix · {warn} to look at · {info} for information"
SEVERITIES = {"block": "Must fix", "warn": "Look at this", "info": "For information"}
SETTLED_OVERRIDE = "Kept with reason"
SETTLED_DISMISSED = "Looked at"
IN_THE_NOTE = "In the note"
SAID = "Said"
MORE_SAID = "and {count} more in the transcript"
USE_CODE = "Use {code}"
ADD_CODES = "Add {code}"
ADD_BEFORE = "Add {code} before {other}"
ADD_AFTER = "Add {code} after {other}"
LIST_ONCE = "List {code} once"
LIST_BEFORE = "List {code} before {other}"
ENTER_CODE = "Enter {code} by hand"
COMPLETE_CODE = "Choose from {code}"
PREVIEW_NOW = "Codes now"
PREVIEW_THEN = "Codes then"
PREVIEW_NEW = "(new)"
PREVIEW_GOES = "(goes)"
MORE_OFFERS = "{count} more codes"
GO_TO_SENTENCE = "Go to the sentence: {words}"
GO_TO_SPEECH = "Go to what was said: {words}"
EXPLAIN_RULE = "What rule {rule} says (F1 or ?)"
OFFICIAL_SOURCE = "Official source"
ORDER_OF_CODES = "Order of the codes"
REFERENCE_NOTE = "Your reference article says"
REFERENCE_SILENT = "It is silent on this."
REFERENCE_DIFFERS = "Why the official rule decides"
OVERRIDE = "Keep the code, with a reason"
OVERRIDE_REASON = "Why the code is right all the same"
OVERRIDE_EXAMPLE = "Only if it is true of this patient, for example: {reason}"
OVERRIDE_KEEP = "Keep with this reason"
DISMISS = "I have looked at this"
OVERRIDE_UNDO = "Undo"

# ---------------------------------------------------------------- signing
SIGN = "Sign …"
SIGN_TITLE = "Sign this note"
SIGN_BLOCKED = "Before you can sign"
SIGN_SHOW = "Show me"
SIGN_READY = "Ready to sign"
SIGN_WHAT = "What you sign"
SIGN_SENTENCES = "{count} sentences, {typed} in your own words, {unsupported} not heard"
SIGN_CODES = "Codes: {codes}"
SIGN_NO_CODES = "No diagnosis code"
PRINTED_NAME = "Printed name"
CREDENTIAL = "Credential"
CREDENTIAL_HINT = "For example: PT, DPT"
MEANING = "Meaning of the signature"
MEANINGS = (
    "I have reviewed this note and it is correct",
    "I reviewed and co-sign this note",
)
SIGNER = "the signer"
SIGN_NOW = "Sign"
SIGN_FINAL = "A signed note cannot be changed."
SIGN_FIELDS = "Fill in your name, credential and passphrase."
SIGNED_BY = "Signed by {signer}, {credential} · {at} · {meaning}"
SIGNED_HASH = "SHA-256 {sha256}"
COPY_TEXT = "Copy as text"
SAVE_TEXT = "Save as text …"
TEXT_FILES = "Text (*.txt)"
COPIED = "The note is on the clipboard."
SAVED_AS = "The note was saved."
WAITING_CHECK = "The code check is still running."

# ---------------------------------------------------------------- about R53.1
ABOUT = "About R53.1"
ABOUT_SEARCH = "Search this page"
ABOUT_SEARCH_HINT = "Search: a word, a code or a rule"
ABOUT_CONTENTS = "Contents"
ABOUT_FOUND = {0: "Nothing found", 1: "1 place"}
ABOUT_FOUND_MANY = "{count} places"
ABOUT_COLUMNS = ("The article says", "Official sources", "Rules")
ABOUT_INFORMATION = "For information only"
ABOUT_INFORMATION_LEAD = "The article tells this too. No code can be checked against it."
ABOUT_RULES_TITLE = "Rules of the code check"
ABOUT_RULES_LEAD = "What each rule asks, on which official source, and what the article says."
ABOUT_RULE_OFFICIAL = "Official source"
ABOUT_RULE_ORDER = "Order of the codes"
ABOUT_RULE_ARTICLE = "The article"
ABOUT_RULE_SILENT = "Silent on this."
ABOUT_RULE_OVERRIDE = "A reason that can be right"
ABOUT_SOURCE = "What your reference article tells: {source}"
ABOUT_STANDS = {
    Stand.AGREES: "Official sources agree.",
    Stand.DIFFERS: "The official source differs:",
    Stand.OPEN: "No official source decides this.",
    Stand.INFORMATION: "",
}
ABOUT_RULES = "Rules: {rules}"
ABOUT_CLAIMS = "Paid claims in the article"
ABOUT_CLAIMS_LEAD = "A paid claim is no evidence that the coding was right."
ABOUT_CHECK = "The check says: on 2025-03-19 {then}; on 2026-09-15 {later}"
ABOUT_NOTHING = "nothing"

# ---------------------------------------------------------------- faults
TRY_AGAIN = "Try again"
DISMISS_BANNER = "Close message"
BUG_TITLE = "The program made a mistake"
BUG = (
    "Something went wrong that should not have ({kind} in {place}). What was saved is safe. "
    "Please report this line; it holds no patient text."
)

# ---------------------------------------------------------------- shortcuts
KEYS = {
    "record": "Ctrl+R",
    "stop": "Ctrl+.",
    "open": "Ctrl+O",
    "sign": "Ctrl+Return",
    "next_finding": "F8",
    "new_visit": "Ctrl+N",
    "back": "Alt+Left",
    "lock": "Ctrl+L",
    "next_unsupported": "F7",
    "about": "F1",
    "undo_claim": "Ctrl+Z",
}
