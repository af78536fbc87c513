"""A program that dies in front of its n-th act on the files of a folder, without being one: from
there on every further act on them fails as well, so that nothing tidies up behind it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ACTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"}
SPARED = ".lock"
"""The lock is let go by the system when a program dies."""


class Died(BaseException):
    """Nothing catches this."""


class _Plan:
    """What is watched now; the hook itself can never be taken out again."""

    folder = ""
    at = 0
    seen = 0
    watching = False


_plan = _Plan()


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if not _plan.watching or event not in ACTS or not isinstance(args[0], str | os.PathLike):
        return
    path = os.fspath(args[0])
    if not str(path).startswith(_plan.folder) or str(path).endswith(SPARED):
        return
    _plan.seen += 1
    if _plan.at and _plan.seen >= _plan.at:
        raise Died


sys.addaudithook(_hook)


@contextmanager
def dying(folder: Path, at: int) -> Iterator[None]:
    """Die in front of act number `at`, counted from 1; 0 never dies. Swallows that death."""
    _plan.folder, _plan.at, _plan.seen, _plan.watching = str(folder), at, 0, True
    try:
        yield
    except Died:
        pass
    finally:
        _plan.watching = False


def acts() -> int:
    """How many acts the last `dying` saw."""
    return _plan.seen
