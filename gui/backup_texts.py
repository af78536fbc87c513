"""The English texts of backups and of restoring one; beside `texts.py` only because one page has
room for so many.
"""

BACK_UP = "Back up"
BACK_UP_NOW = "Back up now"
BACKUP_TITLE = "Back up your visits"
BACKUP_LEAD = (
    "One encrypted file with all visits, signed notes and recordings. It is restored once, beside "
    "the vault, to see that it can be. You can go on working meanwhile."
)
BACKUP_OPENS = (
    "It opens with your passphrase or your recovery key, as they are now. Keep it on another disk "
    "than this computer's."
)
NEVER = "There is no backup yet."
LAST = "Last backup: {at}"
FOLDER = "Folder for the backup"
CHOOSE_FOLDER = "Choose folder …"
NO_FOLDER = "Choose a folder first, best on another disk."
WITH_PSYCHOTHERAPY = "Also psychotherapy notes (asks their author's passphrase)"
AUTHOR = "Passphrase of the psychotherapy notes"
AUTHOR_EMPTY = "Type the passphrase of the psychotherapy notes."
STEPS = {
    "copy": "Copying the database …",
    "write": "Writing the backup …",
    "check": "Restoring it to check it …",
}
UNPACKING = "Restoring and checking …"
STOP = "Stop"
DONE = "Backed up and checked: {visits} visits, {notes} signed notes, {recordings} recordings."
DONE_WHERE = "{path}  ({size} MB)"
DONE_SAME_DISK = "It lies on the same disk as your visits. Copy it to another one."
STOPPED = "The backup was stopped. Older backups are kept."
RESTORE_HINT = (
    "To restore a backup, choose “Restore from a backup” on a computer that has no visits yet."
)

REMIND = "Your last backup is {days} days old."
REMIND_NEVER = "Your visits have never been backed up."
REMIND_ADVICE = "If this computer is lost, what came after the last backup is lost with it."

RESTORE = "Restore from a backup …"
RESTORE_OFFER = "Your visits are in a backup? Bring them back before anything else."
RESTORE_TITLE = "Restore from a backup"
RESTORE_LEAD = "Your visits come back as they were when the backup was made."
BACKUP_FILE = "Backup"
CHOOSE_FILE = "Choose file …"
FILES = "Backups (*.scribe-backup);;All files (*)"
BY_PASSPHRASE = "I have the passphrase"
BY_RECOVERY = "I have the recovery key"
RECOVERY_KEY = "Recovery key"
NEW_PASSPHRASE = "New passphrase"
RESTORE_NOW = "Restore"
FILE_EMPTY = "Choose the backup first."
KEY_EMPTY = "Type the recovery key from the paper."
RESTORED = "{visits} visits of {clinician} are back, as they were on {made}."
RESTORED_NEXT = "Now unlock them with the passphrase."
RESTORE_STOPPED = "Nothing was restored."
