"""The English texts of setting up a vault, of getting into it without the passphrase, and of the
security page; beside `texts.py` only because one page has room for so many.
"""

# ---------------------------------------------------------------- a new passphrase
NEW_PASSPHRASE = "New passphrase"
NEW_PASSPHRASE_AGAIN = "New passphrase again"
PASSPHRASE_NOW = "Your passphrase"
STRENGTH_NONE = "At least {least} characters. Five words taken by chance make a good one."
STRENGTH_SHORT = "{letters} of at least {least} characters."
STRENGTH_REPEATS = "Long enough, but it repeats itself: easy to guess."
STRENGTH_NAME = "Long enough, but it holds your name: easy to guess."
STRENGTH_WEAK = "{letters} characters. Weak if it is a name, a date or a saying; longer is safer."
STRENGTH_FAIR = "{words} words. Fair if they were taken by chance, weak if they are a saying."
STRENGTH_GOOD = "{words} words. Strong if they were taken by chance, weak if they are a saying."
STRENGTH_LONG = "{letters} characters. Strong if they were taken by chance."
STRENGTH_HONEST = "The program counts letters and words. It cannot know what others can guess."
TOO_SHORT = "The passphrase is shorter than {least} characters."
THE_SAME = "The new passphrase is the old one. Choose another."
WAIT = "Wrong passphrases were tried. The next one can be typed in {time}."
WAIT_OVER = "You can type your passphrase now."
WORKING = "One moment …"

# ---------------------------------------------------------------- setting up, the recovery key
SETUP_UNFINISHED = "The setup is not finished"
SETUP_UNFINISHED_LEAD = (
    "There is no recovery key on paper yet. Without one, a forgotten passphrase would lose every "
    "visit for ever. Visits can be opened and started once this is done; nothing was lost."
)
KEY_WHAT = (
    "The recovery key opens your visits when the passphrase is forgotten. It is shown once, and it "
    "belongs on paper, away from this computer."
)
KEY_AGAIN = (
    "A new recovery key is made now. A key that was printed before opens nothing from then on: "
    "destroy that paper."
)
KEY_MAKE = "Make the recovery key"
KEY_TITLE = "Your recovery key"
KEY_LEAD = (
    "Print it, or write it down by hand. Keep the paper where you keep what is worth most, not "
    "beside this computer. Whoever has it can read everything."
)
KEY_GROUP = "Group {number}"
KEY_SPOKEN = "Recovery key, group {number}: {letters}"
PRINT = "Print …"
SAVE_TO_PRINT = "Save as a text file to print …"
SAVE_WARNING = (
    "A file on this computer is no safe place: print it, then delete it and empty the trash."
)
TEXT_FILES = "Text (*.txt)"
PAPER_NAME = "recovery-key.txt"
PRINTED = "It was sent to the printer. Look at the paper before you go on."
PAPER_SAVED = "It was saved. Print that file, then delete it and empty the trash."
PAPER_NOT_SAVED = "The recovery key could not be saved there ({why})."
PAPER_NOT_SAVED_ADVICE = "Nothing was written. Choose another folder, or write it down by hand."
NOT_PRINTED = "It was not printed."
NOT_PRINTED_ADVICE = "The key is still shown here. Write it down by hand, or save it as a file."
ON_PAPER = "I have it on paper"
TYPE_TITLE = "Two groups, from the paper"
TYPE_LEAD = (
    "To be sure that the paper is right, type these two groups from it. Small letters do as well."
)
FINISH = "Finish the setup"
NO_PAPER = "I do not have it on paper: make another key"
GROUP_EMPTY = "Type both groups: four letters or digits each."

PAPER = """RECOVERY KEY for the visits of {name} in Clinic Scribe
Made on {day}

{rows}

What it is for
  If the passphrase is forgotten: start Clinic Scribe, choose "Forgot the
  passphrase?" and type these 14 groups. Small letters, spaces and dashes
  do not matter. There is no letter I, L, O or U: what looks like O is 0,
  what looks like I or L is 1.

Keep it
  away from the computer, where you keep what is worth most. Whoever has
  this paper and the computer can read everything. Without this paper and
  without the passphrase nobody can open the visits, and nobody can help.
"""

# ---------------------------------------------------------------- unlocking otherwise
FORGOT = "Forgot the passphrase?"
QUICK_UNLOCK = "Unlock with the key store of this computer"
FORGOT_TITLE = "Open with the recovery key"
FORGOT_LEAD = (
    "Type the recovery key from its paper: 14 groups of 4. Then choose a new passphrase. All "
    "visits are kept."
)
RECOVERY_KEY = "Recovery key"
RECOVERY_HINT = "XXXX-XXXX-XXXX- …"
GROUPS_TYPED = "{done} of {all} groups"
CHECK_KEY = "Check the key"
KEY_FITS = "This key opens your visits. Now choose a new passphrase."
FORGOT_AFTER = (
    "The recovery key stays good. Notes signed before stay signed; new ones carry a new signature "
    "key, because the old one could be opened by the old passphrase only."
)
SET_AND_OPEN = "Set the passphrase and open"
BACK_TO_UNLOCK = "Back"

LAST_OPENED = "Last opened by {by} on {at}."
LAST_OPENED_ADVICE = "If that was not you, open Security and look at the log."
LAST_FAILED = {
    1: "One wrong passphrase was typed since.",
    2: "{count} wrong passphrases were typed since.",
}
LAST_EMERGENCY = "{by} opened your visits on {at} with the clinic's key for emergencies."

# ---------------------------------------------------------------- a fresh passphrase
FRESH_TITLE = "Your passphrase, please"
FRESH_LEAD = "{why} It is good for five minutes."
FRESH_EXPORT = "Before a note leaves this program, type your passphrase."
GO_ON = "Go on"

# ---------------------------------------------------------------- the security page
SECURITY = "Security"
SECURITY_LEAD = "Who can open your visits, what was done with them, and how long they are kept."
SECURITY_SECTIONS = "Parts of this page"
NOT_HERE = "There is no vault here"
NOT_HERE_LEAD = (
    "These visits are forgotten when the window closes; there are no keys to look after."
)

PASSPHRASE_TITLE = "Change the passphrase"
PASSPHRASE_LEAD = (
    "Backups made before still open with the old passphrase. If somebody else may know it, do not "
    "only change it: choose “New keys” instead."
)
PASSPHRASE_DO = "Change the passphrase"
PASSPHRASE_DONE = "The passphrase was changed."

NEW_KEY_TITLE = "New recovery key"
NEW_KEY_LEAD = (
    "If the paper was lost or seen by somebody. The new key is shown once, to be printed; the old "
    "one opens nothing from then on, except backups made before."
)
NEW_KEY_DO = "Make a new recovery key"

ROTATE_TITLE = "New keys"
ROTATE_LEAD = (
    "If somebody may have had your passphrase, your recovery key or this computer. Everything is "
    "encrypted anew: visits, recordings and your signature get new keys."
)
ROTATE_STEPS = (
    "Your visits are closed and opened again. That takes a few seconds, with many visits a minute.",
    "A new recovery key is shown; the old paper opens nothing any more.",
    "Notes signed before stay signed, and the log goes on.",
    "What somebody copied before stays open to them: nothing can take that back.",
)
ROTATE_KEEP = "Keep my passphrase: only the paper or the computer was out of my hands"
ROTATE_DO = "Make new keys"
ROTATE_WORKING = "Encrypting everything anew …"
ROTATE_FAILED = "Nothing was changed: your visits are open under the keys they had."
ROTATE_CLOSED = "Your visits are closed. Unlock them again."

CLINIC_TITLE = "Clinic's key for emergencies"
CLINIC_LEAD = (
    "Your clinic can keep a key in its safe that opens your visits in an emergency. Each use "
    "is written into the log before anything is shown, and you see it at your next unlock. It "
    "does not open psychotherapy notes."
)
CLINIC_NONE = "No clinic's key opens your visits."
CLINIC_IS = "The key of {label} can open your visits. Its number: {number}"
CLINIC_ADD = "Add the clinic's key …"
CLINIC_OTHER = "Replace it by another …"
CLINIC_REMOVE = "Remove it"
CLINIC_FILES = "Public key of a clinic (*.json)"
CLINIC_CONFIRM_TITLE = "Is this your clinic's key?"
CLINIC_CONFIRM = (
    "The file holds the key of {label}. Call the clinic and compare this number, letter by letter:"
)
CLINIC_COMPARED = "The numbers are the same: add it"
CLINIC_ADDED = "The key of {label} can open your visits in an emergency."
CLINIC_REMOVED = "No clinic's key opens your visits."
CLINIC_REMOVED_ADVICE = "Copies made before can still be opened by it. “New keys” ends that."
CLINIC_HOW = "The clinic makes its key with: scribe vault escrow make-key"

QUICK_TITLE = "Quick unlock"
QUICK_LEAD = (
    "For {hours} hours after your passphrase, and until the computer restarts, one click opens "
    "your visits again. Signing, exporting and psychotherapy notes still ask for the passphrase."
)
QUICK_WARNING = (
    "It makes your visits as safe as your login to this computer, and no safer: whoever can log in "
    "as you can open them in these hours."
)
QUICK_NONE = "This computer has no key store that the program can use for it."
QUICK_OFF = "Quick unlock is off."
QUICK_ON = "Quick unlock is on."
QUICK_TURN_ON = "Turn on"
QUICK_TURN_OFF = "Turn off"

LOG_TITLE = "What was done"
LOG_LEAD = "Every act has a row. Rows hold no patient text and can be neither changed nor removed."
LOG_FILTER = "Show"
LOG_ALL = "Everything"
LOG_COLUMNS = ("No.", "When", "Who", "What was done", "To what")
LOG_COUNT = "{shown} of {all} rows"
LOG_AGAIN = "Read again"
LOG_CHECK = "Check everything"
LOG_CHECKING = "Checking every page, note and row …"
LOG_SOUND = "Everything is what was written: {visits} visits, {notes} signed notes, {rows} rows."
LOG_SOUND_ADVICE = (
    "Whoever knows your passphrase and holds all copies could still write it all anew."
)
LOG_BAD = {
    1: "One thing is not what was written: {first}.",
    2: "{count} things are not what was written. The first: {first}.",
}
LOG_BAD_ADVICE = "Nothing was changed. Do not delete anything; restore the last backup."

KEEP_TITLE = "How long it is kept"
KEEP_LEAD = (
    "Nothing goes by itself. Look at what is due, then remove it. The law of your state says how "
    "long a medical record is kept, mostly longer than {years} years."
)
KEEP_RECORDINGS = "Recordings"
KEEP_NOTES = "Signed notes"
KEEP_DAYS: dict[int | None, str] = {
    0: "Until the note is signed",
    **{days: f"{days} days after signing" for days in (7, 30, 90, 365)},
    None: "For ever",
}
KEEP_YEARS: dict[int | None, str] = {
    None: "For ever",
    **{years: f"{years} years after signing" for years in (6, 7, 8, 10, 12, 15, 20, 25, 30)},
}
KEEP_SHOW = "Show what is due"
KEEP_COLUMNS = ("Visit", "What goes", "Why")
KEEP_KINDS = {"recording": "The recording", "notes": "The signed notes and all that was heard"}
KEEP_NOTHING = "Nothing is due."
KEEP_DUE = {1: "One thing is due.", 2: "{count} things are due."}
KEEP_REMOVE = "Remove what is shown …"
KEEP_SURE_TITLE = "Remove it for ever?"
KEEP_SURE = (
    "This cannot be undone. Backups made before still hold it. The log keeps a row for each visit."
)
KEEP_SURE_DO = "Remove for ever"
KEEP_REMOVED = {1: "One thing was removed.", 2: "{count} things were removed."}
KEEP_CHANGED = "The rules were changed. Show what is due again."

HOLD_TITLE = "Legal hold"
HOLD_LEAD = (
    "Nothing of a visit under a legal hold can be removed, by anybody, until it is released."
)
HOLD_VISIT = "Visit"
HOLD_REASON = "Reason (stays with your visits)"
HOLD_DO = "Put under a legal hold"
HOLD_RELEASE = "Release"
HOLD_IS = "under a legal hold"
HOLD_DONE = "The visit is under a legal hold."
HOLD_RELEASED = "The legal hold is over."
HOLD_NO_VISITS = "There are no visits yet."
VISIT_LINE = "{patient} · {day}"

BACKUP_TITLE = "Backup"
BACKUP_LEAD = "A backup is encrypted like your visits and is checked by restoring it."
BACKUP_LAST = "Last backup: {at}"
BACKUP_NEVER = "No backup was made yet."
BACKUP_DUE = "A backup is due: the last one is more than two days old."
BACKUP_NOW = "Back up now …"
BACKUP_HOW = "Make one with: scribe vault backup FOLDER"

# ---------------------------------------------------------------- psychotherapy notes
PSYCHOTHERAPY = "Psychotherapy notes (separate)"
PSYCHOTHERAPY_BUTTON = "Psychotherapy notes …"
PSYCHOTHERAPY_LEAD = (
    "For you alone, kept apart from the record: no search, no export and no clinic's key reaches "
    "them."
)
PSYCHOTHERAPY_ASK = "They open with your passphrase, typed each time."
PSYCHOTHERAPY_OPEN = "Open them"
PSYCHOTHERAPY_NOT = "These belong into the progress note, not here: {items}."
PSYCHOTHERAPY_VISITS = "Visits"
PSYCHOTHERAPY_NOTES = "Notes of this visit"
PSYCHOTHERAPY_NONE = "No notes yet."
PSYCHOTHERAPY_LINE = "Written {written}"
PSYCHOTHERAPY_CHANGED = "Written {written}, changed {changed}"
PSYCHOTHERAPY_TEXT = "Psychotherapy note"
PSYCHOTHERAPY_HINT = "Choose a note to read it, or start a new one."
PSYCHOTHERAPY_NEW = "New note"
PSYCHOTHERAPY_KEEP = "Keep"
PSYCHOTHERAPY_KEPT = "The note was kept."
PSYCHOTHERAPY_DELETE = "Delete …"
PSYCHOTHERAPY_DELETE_TITLE = "Delete this note?"
PSYCHOTHERAPY_DELETE_SURE = "Its text is gone for ever; the log keeps a row without it."
PSYCHOTHERAPY_DELETED = "The note was deleted."
PSYCHOTHERAPY_NO_VISITS = "There are no visits to write about yet."

KEYS = {"security": "Ctrl+Shift+S"}
