"""The parts of the security page that change who can open the vault: passphrase, recovery key, new
keys throughout, the clinic's key, quick unlock.
"""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QLayout, QWidget

from gui import security_texts as texts
from gui import strongroom
from gui import texts as common
from gui.security_parts import NewPassphrase, Section
from gui.strongroom import HOURS, ClinicKey, Ways
from gui.vault import Vault
from gui.widgets import button, column, field, label, row, secret, while_there
from scribe.errors import ScribeError

_FIELD_WIDTH = 380


class PassphraseSection(Section):
    """Another passphrase."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.PASSPHRASE_TITLE, texts.PASSPHRASE_LEAD)
        self.old = secret()
        self.new = NewPassphrase(lambda: vault.arrival.clinician)
        self.go = button(texts.PASSPHRASE_DO, "primary")
        self.go.clicked.connect(self._change)
        self.new.again.returnPressed.connect(self._change)
        self.body.addWidget(_narrow(column(field(texts.PASSPHRASE_NOW, self.old), self.new)))
        self.body.addLayout(row(self.go, None))
        self.finish_layout(self.old, *self.new.fields, self.go)

    def _change(self) -> None:
        old, new = self.old.text(), self.new.text
        missing = self.new.missing() if old else common.PASSPHRASE_EMPTY
        if not missing and old == new:
            missing = texts.THE_SAME
        if missing:
            self.notice.say("block", missing)
            return
        self.old.clear()
        self.do(lambda store: strongroom.change_passphrase(store, old, new), self._done)

    def _done(self, _: None) -> None:
        self.new.clear()
        self.notice.say("good", texts.PASSPHRASE_DONE)


class NewKeySection(Section):
    """Another recovery key; the making and showing is the recovery view's."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.NEW_KEY_TITLE, texts.NEW_KEY_LEAD)
        self.passphrase = secret()
        self.go = button(texts.NEW_KEY_DO, "primary")
        self.go.clicked.connect(self._make)
        self.passphrase.returnPressed.connect(self._make)
        self.body.addWidget(_narrow(field(texts.PASSPHRASE_NOW, self.passphrase)))
        self.body.addLayout(row(self.go, None))
        self.finish_layout(self.passphrase, self.go)

    def _make(self) -> None:
        passphrase = self.passphrase.text()
        if not passphrase:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            return
        self.passphrase.clear()
        self.do(lambda store: strongroom.new_key(store, passphrase), self.vault.unfinish)


class RotateSection(Section):
    """New keys throughout."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.ROTATE_TITLE, texts.ROTATE_LEAD)
        steps = (label(f"•  {each}", wrap=True) for each in texts.ROTATE_STEPS)
        self.body.addLayout(column(*steps, gap=4))
        self.passphrase = secret()
        self.keep = QCheckBox(texts.ROTATE_KEEP)
        self.new = NewPassphrase(lambda: vault.arrival.clinician)
        self.keep.toggled.connect(lambda on: self.new.setVisible(not on))
        self.go = button(texts.ROTATE_DO, "primary")
        self.go.clicked.connect(self._rotate)
        self.body.addWidget(_narrow(field(texts.PASSPHRASE_NOW, self.passphrase)))
        self.body.addWidget(self.keep)
        self.body.addWidget(_narrow(column(self.new)))
        self.body.addLayout(row(self.go, None))
        self.finish_layout(self.passphrase, self.keep, *self.new.fields, self.go)

    def _rotate(self) -> None:
        passphrase = self.passphrase.text()
        new = None if self.keep.isChecked() else self.new.text
        missing = "" if passphrase else common.PASSPHRASE_EMPTY
        if not missing and new is not None:
            missing = texts.THE_SAME if new == passphrase else self.new.missing()
        if missing:
            self.notice.say("block", missing)
            return
        self.passphrase.clear()
        self.notice.hide()
        self.busy(True, texts.ROTATE_WORKING)
        self.vault.rotate(
            passphrase,
            new,
            on_error=while_there(self, self.refuse),
            on_end=while_there(self, lambda: self.busy(False)),
        )

    def refuse(self, error: ScribeError) -> None:
        """What went wrong."""
        super().refuse(error)
        if self.vault.unlocked:
            self.new.clear()


class ClinicSection(Section):
    """The clinic's key for emergencies."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.CLINIC_TITLE, texts.CLINIC_LEAD)
        self.state = label(role="heading", wrap=True)
        self.passphrase = secret()
        self.add = button(texts.CLINIC_ADD)
        self.add.clicked.connect(self._choose)
        self.remove = button(texts.CLINIC_REMOVE)
        self.remove.clicked.connect(self._remove)
        self.remove.hide()
        self.dialog: ClinicDialog | None = None
        self.body.addWidget(self.state)
        self.body.addWidget(_narrow(field(texts.PASSPHRASE_NOW, self.passphrase)))
        self.body.addLayout(row(self.add, self.remove, None))
        self.body.addWidget(label(texts.CLINIC_HOW, "small", wrap=True))
        self.finish_layout(self.passphrase, self.add, self.remove)

    def entered(self) -> None:
        """Which key there is."""
        self.look(strongroom.ways, self._show)

    def _show(self, ways: Ways) -> None:
        clinic = ways.clinic
        said = texts.CLINIC_NONE
        if clinic is not None:
            said = texts.CLINIC_IS.format(label=clinic.label, number=clinic.fingerprint)
        self.state.setText(said)
        self.add.setText(texts.CLINIC_ADD if clinic is None else texts.CLINIC_OTHER)
        self.add.setAccessibleName(self.add.text())
        self.remove.setVisible(clinic is not None)

    def _passphrase(self) -> str:
        typed = self.passphrase.text()
        if not typed:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            self.passphrase.setFocus()
        return typed

    def _choose(self) -> None:
        if not self._passphrase():
            return
        name, _ = QFileDialog.getOpenFileName(self, texts.CLINIC_ADD, "", texts.CLINIC_FILES)
        if name:
            self.take_file(Path(name))

    def take_file(self, path: Path) -> None:
        """Read a clinic's key and ask whether it is theirs."""
        self.do(lambda store: strongroom.read_clinic_key(path), self._compare)

    def _compare(self, clinic: ClinicKey) -> None:
        self.dialog = ClinicDialog(clinic, self)
        self.dialog.accepted.connect(lambda: self._add(clinic))
        self.dialog.open()

    def _add(self, clinic: ClinicKey) -> None:
        passphrase = self.passphrase.text()
        self.passphrase.clear()

        def done(_: None) -> None:
            self.notice.say("good", texts.CLINIC_ADDED.format(label=clinic.label))
            self.entered()

        self.do(lambda store: strongroom.add_clinic(store, passphrase, clinic), done)

    def _remove(self) -> None:
        passphrase = self._passphrase()
        if not passphrase:
            return
        self.passphrase.clear()

        def done(_: None) -> None:
            self.notice.say("good", texts.CLINIC_REMOVED, texts.CLINIC_REMOVED_ADVICE)
            self.entered()

        self.do(lambda store: strongroom.remove_clinic(store, passphrase), done)


class ClinicDialog(QDialog):
    """The number of a clinic's key, to be compared over the telephone."""

    def __init__(self, clinic: ClinicKey, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.CLINIC_CONFIRM_TITLE)
        self.setMinimumWidth(520)
        self.add = button(texts.CLINIC_COMPARED, "primary")
        self.add.clicked.connect(self.accept)
        self.add.setAutoDefault(False)
        cancel = button(common.CANCEL)
        cancel.clicked.connect(self.reject)
        number = label(clinic.fingerprint, "key", wrap=True)
        self.setLayout(
            column(
                label(texts.CLINIC_CONFIRM_TITLE, "title"),
                label(texts.CLINIC_CONFIRM.format(label=clinic.label), wrap=True),
                number,
                row(None, cancel, self.add),
                margins=(28, 24, 28, 22),
                gap=14,
            )
        )
        self.finished.connect(self.deleteLater)
        cancel.setFocus()


class QuickSection(Section):
    """Quick unlock, where this computer has a key store."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.QUICK_TITLE, texts.QUICK_LEAD.format(hours=HOURS))
        self._keystores: tuple[str, ...] = ()
        self.state = label(role="heading", wrap=True)
        self.passphrase = secret()
        self._asks = _narrow(field(texts.PASSPHRASE_NOW, self.passphrase))
        self.on = button(texts.QUICK_TURN_ON)
        self.on.clicked.connect(self._turn_on)
        self.off = button(texts.QUICK_TURN_OFF)
        self.off.clicked.connect(lambda: self.do(strongroom.turn_off_quick, self._changed))
        for each in (self._asks, self.on, self.off):
            each.hide()
        self.body.addWidget(label(texts.QUICK_WARNING, wrap=True))
        self.body.addWidget(self.state)
        self.body.addWidget(self._asks)
        self.body.addLayout(row(self.on, self.off, None))
        self.finish_layout(self.passphrase, self.on, self.off)

    def entered(self) -> None:
        """Whether it is on, and whether it can be."""
        self.look(strongroom.ways, self._show)

    def _show(self, ways: Ways) -> None:
        self._keystores = ways.keystores
        can = bool(ways.keystores)
        off = texts.QUICK_OFF if can else texts.QUICK_NONE
        self.state.setText(texts.QUICK_ON if ways.quick else off)
        self._asks.setVisible(can and not ways.quick)
        self.on.setVisible(can and not ways.quick)
        self.off.setVisible(ways.quick)

    def _turn_on(self) -> None:
        passphrase, name = self.passphrase.text(), self._keystores[0]
        if not passphrase:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            return
        self.passphrase.clear()
        self.do(lambda store: strongroom.turn_on_quick(store, passphrase, name), self._changed)

    def _changed(self, _: None) -> None:
        self.entered()


def _narrow(inside: QLayout) -> QWidget:
    made = QWidget()
    made.setMaximumWidth(_FIELD_WIDTH)
    inside.setContentsMargins(0, 0, 0, 0)
    made.setLayout(inside)
    return made
