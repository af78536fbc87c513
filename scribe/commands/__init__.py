"""The subcommands of `scribe`: one file each, with `add` (its arguments) and `run` (its work).

A new subcommand is a new file here and one line in COMMANDS; a test finds the forgotten line.
"""

from scribe.commands import (
    check,
    codes,
    doctor,
    draft,
    models,
    note,
    rules,
    transcribe,
    vault,
    window,
)

COMMANDS = (note, transcribe, draft, check, codes, rules, models, vault, doctor, window)
