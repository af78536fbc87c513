"""Which installation of the program acts: a random name beside the vault, never in it, so that a
vault that is carried to another machine shows in its log where each row was written.
"""

import re
from secrets import token_hex

from scribe import paths
from scribe.files import write_whole

FILE = "install.id"
UNKNOWN = "i-unknown"

_NAME = re.compile(r"i-[0-9a-f]{16}")


def install_id() -> str:
    """The name of this installation, made on first use; UNKNOWN where it cannot be kept."""
    path = paths.root() / FILE
    try:
        known = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        known = ""
    if _NAME.fullmatch(known):
        return known
    made = f"i-{token_hex(8)}"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, made.encode())
    except OSError:
        # The log is worth more than its last column.
        return UNKNOWN
    return made
