"""How a command gets a secret: typed without being shown, or from standard input; never from the
command line, which others can see.
"""

import argparse
import getpass
import sys

from scribe.commands.console import remark
from scribe.errors import BadInput


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The option that lets another program answer."""
    parser.add_argument(
        "--passphrase-stdin",
        action="store_true",
        help="read what is asked from standard input, one line each, instead of asking",
    )


class Asker:
    """Asks the person at the terminal, or reads the answers line by line."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._from_stdin: bool = args.passphrase_stdin

    @property
    def at_terminal(self) -> bool:
        """Whether a person answers, who may be asked again."""
        return not self._from_stdin

    def passphrase(self, what: str = "Passphrase") -> str:
        """One passphrase. Raises BadInput when nobody can answer."""
        return self._hidden(what)

    def new_passphrase(self, what: str = "New passphrase") -> str:
        """A new one, typed twice at a terminal. Raises BadInput."""
        first = self._hidden(what)
        if self.at_terminal and self._hidden("Once more") != first:
            raise BadInput(
                "The two passphrases differ.", advice="Nothing was changed. Type them again."
            )
        return first

    def line(self, what: str) -> str:
        """Something that may be seen while it is typed. Raises BadInput."""
        if self._from_stdin:
            # The program at the other end has to know which one is asked for.
            remark(f"{what}:")
        else:
            self._require_terminal(what)
            sys.stderr.write(f"{what}: ")
        sys.stdout.flush()
        sys.stderr.flush()
        return _next_line(what)

    def _hidden(self, what: str) -> str:
        if self._from_stdin:
            return _next_line(what)
        self._require_terminal(what)
        return getpass.getpass(f"{what}: ")

    def _require_terminal(self, what: str) -> None:
        if not sys.stdin.isatty():
            raise BadInput(
                f"There is no terminal to ask for: {what}.",
                advice="Give it with --passphrase-stdin, one line each.",
            )


def _next_line(what: str) -> str:
    line = sys.stdin.readline()
    if not line:
        raise BadInput(f"Standard input ended before: {what}.", advice="Nothing was changed.")
    return line.rstrip("\r\n")


def tell(lines: tuple[str, ...]) -> None:
    """Something to know before an answer is asked for."""
    for each in lines:
        remark(each)
