"""The recovery key on its way to paper: the page that is printed, printing it, and a text file for
who has no printer here. The one place that names Qt's printing.
"""

import errno
from datetime import date
from pathlib import Path

from PySide6.QtGui import QFontDatabase, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from gui import security_texts as texts
from gui.strongroom import RecoveryKey
from scribe.errors import DiskFull, StoreError
from scribe.files import write_whole

_FULL = (errno.ENOSPC, errno.EDQUOT)
_IN_A_ROW = 2
_POINTS = 11


def page(key: RecoveryKey, name: str, day: date) -> str:
    """What stands on the paper: the groups with their numbers, two in a row."""
    rows = []
    for at in range(0, len(key.groups), _IN_A_ROW):
        cells = (
            f"{number:>6}   {letters}"
            for number, letters in enumerate(key.groups[at : at + _IN_A_ROW], start=at + 1)
        )
        rows.append("          ".join(cells))
    return texts.PAPER.format(name=name, day=day.isoformat(), rows="\n\n".join(rows))


def printed(text: str, parent: QWidget) -> bool | None:
    """Ask for a printer and print; None when the person went back, False when it failed."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    # Queues and their files are listed by name: this one tells nothing.
    printer.setDocName("Clinic Scribe")
    printer.setCreator("")
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(texts.PRINT)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    return put_on(printer, text)


def put_on(printer: QPrinter, text: str) -> bool:
    """Print the page; whether the printer took it."""
    document = QTextDocument()
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSize(_POINTS)
    document.setDefaultFont(font)
    document.setPlainText(text)
    document.print_(printer)
    return printer.printerState() is not QPrinter.PrinterState.Error


def save(path: Path, text: str) -> None:
    """Write the page to a file for its owner alone. Raises DiskFull, StoreError."""
    try:
        write_whole(path, text.encode())
    except OSError as exc:
        kind = DiskFull if exc.errno in _FULL else StoreError
        why = (exc.strerror or "").casefold()
        raise kind(
            texts.PAPER_NOT_SAVED.format(why=why), advice=texts.PAPER_NOT_SAVED_ADVICE
        ) from exc
