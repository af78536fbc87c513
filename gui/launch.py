"""Start of the program: the supervisor, which starts the window. No Qt in this process."""

import sys
from collections.abc import Sequence

from gui.options import options
from scribe import children, paths, sandbox
from scribe.errors import ScribeError
from scribe.supervisor import FAILED, Instance, Supervisor, end_by_signal

ALREADY = "Clinic Scribe is open already; its window was brought to the front."


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code: 0, or 1 if it could not start."""
    given = tuple(sys.argv[1:] if argv is None else argv)
    chosen = options(given)
    sandbox.deny_dumps()
    window = (*children.command("gui.app"), *given, "--supervised")
    recorder = children.command("scribe.recorder.main")
    end_by_signal()
    if chosen.demo:
        # It has no vault to share.
        return Supervisor(window, recorder).run()
    try:
        one = Instance(paths.data_dir())
    except ScribeError as error:
        return _say(str(error))
    if not one.take():
        return _say(ALREADY)
    try:
        return Supervisor(window, recorder, asked_again=one.asked_again).run()
    finally:
        one.free()


def _say(text: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(text + "\n")
    return FAILED


if __name__ == "__main__":
    sys.exit(main())
