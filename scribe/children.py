"""How a process of ours is started, from a checkout, a wheel or a frozen program: its command line
and its environment, nothing else. What it gives up is its own first act (`sandbox.py`).
"""

import os
import sys

from scribe import SILENT_ENVIRONMENT


def command(module: str) -> tuple[str, ...]:
    """The command that runs `module` in a process of its own."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "--process", module)
    # -P: nothing is imported from the folder the person happens to be in.
    return (sys.executable, "-P", "-m", module)


def environment(**more: str) -> dict[str, str]:
    """Ours, silenced, and `more`."""
    return {**os.environ, **SILENT_ENVIRONMENT, **more}
