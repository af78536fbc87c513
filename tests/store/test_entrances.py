"""The other ways in (recovery key, clinic's key, quick unlock): what each opens, what it never
does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from scribe import codec
from scribe.errors import (
    BadInput,
    StepRefused,
    StoreError,
    TooSoon,
    VaultBusy,
    VaultDamaged,
    VaultMissing,
    WrongKey,
    WrongPassphrase,
)
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.signoff import review
from scribe.signoff.audit import Act
from scribe.store import entrances, escrow, keyfile, keystore, quick, recovery, vault
from scribe.store.entrances import Emergency
from scribe.store.escrow import ClinicKey
from scribe.store.keyfile import KdfCost
from scribe.store.keystore import Keystore
from scribe.store.quick import QuickState
from scribe.store.recovery import RecoveryKey
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
NEW = "nine patient herons fishing"
PUBLIC, PRIVATE = escrow.new_pair("North Clinic")
WHO = "Dr. B. Stone"


@dataclass(kw_only=True)
class FakeKeystore:
    """A keystore in memory; may fall silent."""

    name: str = "fake"
    kept: dict[str, str] = field(default_factory=dict)
    silent: bool = False

    def get(self, vault_id: str) -> str | None:
        self._answer()
        return self.kept.get(vault_id)

    def put(self, vault_id: str, secret: str) -> None:
        self._answer()
        self.kept[vault_id] = secret

    def drop(self, vault_id: str) -> None:
        self._answer()
        self.kept.pop(vault_id, None)

    def _answer(self) -> None:
        if self.silent:
            raise StoreError("The keystore of this computer did not answer.")


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A vault that nobody has open, with one signed note."""

    folder: Path
    key: RecoveryKey
    visit: Visit
    public_key: bytes
    keystore: FakeKeystore

    def find(self, name: str) -> Keystore:
        assert name == self.keystore.name
        return self.keystore


@pytest.fixture
def closed(
    folder: Path,
    passphrase: str,
    fast: KdfCost,
    clock: FakeClock,
    make_visit: MakeVisit,
    sign_note: SignNote,
) -> Closed:
    with vault.create_vault(
        folder, passphrase, clinician="Dr. A. Rivera", test_cost=fast, clock=clock
    ) as made:
        key = made.access.take_recovery_key()
        made.access.add_escrow(passphrase, PUBLIC)
        visit = make_visit("e-1")
        made.save(visit)
        made.sign(visit, sign_note(made, visit))
        public = made.public_key
    return Closed(folder=folder, key=key, visit=visit, public_key=public, keystore=FakeKeystore())


def log(store: Vault) -> list[tuple[str, str]]:
    return [(row.act, row.detail) for row in store.audit() if row.object_id == "vault"]


# ---------------------------------------------------------------- the recovery key


def test_another_recovery_key_opens_nothing_and_is_logged(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    before = (closed.folder / keyfile.CURRENT).read_bytes()
    other = recovery.new_recovery_key()
    with pytest.raises(WrongKey):
        entrances.check_recovery(closed.folder, other, clock=clock)
    with pytest.raises(WrongKey):
        entrances.recover_vault(closed.folder, other, NEW, clock=clock)
    assert (closed.folder / keyfile.CURRENT).read_bytes() == before
    clock.passes(60)
    with vault.open_vault(closed.folder, passphrase, clock=clock) as again:
        assert any(act == "failed-unlock" and told.startswith("2,") for act, told in log(again))


def test_a_short_passphrase_recovers_nothing(closed: Closed, clock: FakeClock) -> None:
    before = (closed.folder / keyfile.CURRENT).read_bytes()
    with pytest.raises(BadInput, match="shorter"):
        entrances.recover_vault(closed.folder, closed.key, "short", clock=clock)
    assert (closed.folder / keyfile.CURRENT).read_bytes() == before


def test_the_paper_alone_opens_the_vault_on_another_machine(
    closed: Closed, tmp_path: Path, clock: FakeClock, sign_note: SignNote, passphrase: str
) -> None:
    there = tmp_path / "another machine" / "vault"
    there.mkdir(parents=True)
    for name in (keyfile.CURRENT, "vault.db", "vault.anchor"):
        (there / name).write_bytes((closed.folder / name).read_bytes())
    key = recovery.from_text(closed.key.text.lower())
    with entrances.recover_vault(there, key, NEW, clock=clock) as again:
        assert again.public_key != closed.public_key
        assert again.access.public_keys == (closed.public_key, again.public_key)
        assert again.access.fresh
        seen = again.load(closed.visit.encounter.id)
        assert review.verify_note(seen.notes[0], closed.public_key)
        assert next(told for act, told in log(again) if act == "recovery") == "by the recovery key"
        with pytest.raises(WrongPassphrase):
            again.sign_digest("00" * 32, passphrase)
    assert vault.verify_vault(there, NEW).problems == ()
    clock.passes(10)
    with pytest.raises(WrongPassphrase):
        vault.open_vault(there, passphrase, clock=clock)


def test_what_is_signed_after_a_recovery_verifies_beside_what_was_before(
    closed: Closed, clock: FakeClock, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    with entrances.recover_vault(closed.folder, closed.key, NEW, clock=clock) as again:
        visit = make_visit("e-2")
        again.save(visit)
        again.sign(visit, sign_note(again, visit, passphrase=NEW))
    report = vault.verify_vault(closed.folder, NEW)
    assert (report.notes, report.problems) == (2, ())


def test_the_recovery_key_stays_good(closed: Closed, clock: FakeClock) -> None:
    for passphrase in (NEW, NEW + " again"):
        entrances.recover_vault(closed.folder, closed.key, passphrase, clock=clock).close()
    vault.open_vault(closed.folder, NEW + " again", clock=clock).close()


def test_the_passphrase_wait_does_not_keep_out_the_paper(closed: Closed, clock: FakeClock) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            vault.open_vault(closed.folder, NEW, clock=clock)
    with pytest.raises(TooSoon):
        vault.open_vault(closed.folder, NEW, clock=clock)
    entrances.recover_vault(closed.folder, closed.key, NEW, clock=clock).close()
    vault.open_vault(closed.folder, NEW, clock=clock).close()


def test_no_way_in_where_there_is_no_vault_or_somebody_is_in_it(
    closed: Closed, tmp_path: Path, clock: FakeClock, passphrase: str
) -> None:
    ways: tuple[Callable[[Path], object], ...] = (
        lambda where: entrances.check_recovery(where, closed.key, clock=clock),
        lambda where: entrances.recover_vault(where, closed.key, NEW, clock=clock),
        lambda where: entrances.open_quick(where, clock=clock),
        lambda where: entrances.open_emergency(
            where, PRIVATE, who=WHO, why=Emergency.LEGAL_DUTY, clock=clock
        ),
    )
    with vault.open_vault(closed.folder, passphrase, clock=clock):
        for way in ways:
            with pytest.raises(VaultBusy):
                way(closed.folder)
    for way in ways:
        with pytest.raises(VaultMissing):
            way(tmp_path / "nowhere")
    vault.open_vault(closed.folder, passphrase, clock=clock).close()


# ---------------------------------------------------------------- the clinic's key


def emergency(closed: Closed, clock: FakeClock, key: ClinicKey = PRIVATE, who: str = WHO) -> Vault:
    return entrances.open_emergency(
        closed.folder, key, who=who, why=Emergency.PATIENT_CARE, clock=clock
    )


def test_in_an_emergency_the_log_comes_first_and_names_who(
    closed: Closed, clock: FakeClock
) -> None:
    with emergency(closed, clock) as opened:
        row = opened.audit()[-1]
        assert (row.act, row.actor, row.detail) == (
            "break-glass",
            f"{WHO} (emergency)",
            "patient care",
        )
        assert opened.list()[0].id == "e-1"
        assert opened.load(EncounterId("e-1")).notes
        assert {each.actor for each in opened.audit()[row.seq - 1 :]} == {f"{WHO} (emergency)"}


def test_in_an_emergency_nothing_but_the_log_is_written(
    closed: Closed, clock: FakeClock, passphrase: str, make_visit: MakeVisit
) -> None:
    key_file = (closed.folder / keyfile.CURRENT).read_bytes()
    with emergency(closed, clock) as opened:
        signed = opened.load(EncounterId("e-1")).notes[0]
        refused: tuple[Callable[[], object], ...] = (
            lambda: opened.save(make_visit("e-2")),
            lambda: opened.sign(closed.visit, signed),
            lambda: opened.audio_key(EncounterId("e-1")),
            lambda: opened.sign_digest("00" * 32, passphrase),
            lambda: opened.access.confirm(passphrase),
            lambda: opened.access.change_passphrase(passphrase, NEW),
            lambda: opened.access.new_recovery_key(passphrase),
            lambda: opened.access.remove_escrow(passphrase),
            opened.access.require_fresh,
        )
        for act in refused:
            with pytest.raises(StepRefused):
                act()
        assert [each.id for each in opened.list()] == ["e-1"]
    assert (closed.folder / keyfile.CURRENT).read_bytes() == key_file
    assert vault.verify_vault(closed.folder, passphrase).problems == ()


def test_the_clinician_sees_at_the_next_unlock_who_was_there(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    emergency(closed, clock).close()
    with vault.open_vault(closed.folder, passphrase, clock=clock) as again:
        last = again.access.last_opened
        assert last is not None
        assert (last.by, last.act) == (f"{WHO} (emergency)", "break-glass")


def test_writing_after_an_emergency_needs_a_new_passphrase(
    closed: Closed, clock: FakeClock, make_visit: MakeVisit, passphrase: str
) -> None:
    emergency(closed, clock).close()
    with entrances.reset_by_clinic(
        closed.folder, PRIVATE, NEW, who=WHO, why=Emergency.CLINICIAN_ABSENT, clock=clock
    ) as again:
        again.save(make_visit("e-2"))
        rows = log(again)[-2:]
        assert rows[0] == ("break-glass", "clinician absent")
        assert rows[1][0] == "passphrase"
        assert again.public_key != closed.public_key
    clock.passes(10)
    with pytest.raises(WrongPassphrase):
        vault.open_vault(closed.folder, passphrase, clock=clock)
    assert vault.verify_vault(closed.folder, NEW).problems == ()


@pytest.mark.parametrize(
    ("key", "who", "refusal"),
    [
        pytest.param(escrow.new_pair("South Clinic")[1], WHO, WrongKey, id="another clinic"),
        pytest.param(PRIVATE, "  ", BadInput, id="nobody"),
        pytest.param(PRIVATE, "a\nb", BadInput, id="two lines"),
        pytest.param(PRIVATE, "x" * 81, BadInput, id="a story"),
    ],
)
def test_a_refused_emergency_opens_nothing(
    closed: Closed, clock: FakeClock, key: ClinicKey, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        emergency(closed, clock, key, who)


def test_a_clinic_whose_key_was_removed_is_out(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    with vault.open_vault(closed.folder, passphrase, clock=clock) as again:
        again.access.remove_escrow(passphrase)
    with pytest.raises(WrongKey, match="No clinic"):
        emergency(closed, clock)


def test_another_clinics_key_cannot_be_slipped_in(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    """The next rotation would seal the new root key to it."""
    forged, _ = keyfile.read(closed.folder)
    slot = forged.slots[-1]
    other, _ = escrow.new_pair("North Clinic")
    text = (closed.folder / keyfile.CURRENT).read_text().replace(slot.recipient, other.key)
    tree = codec.from_json(keyfile.KeyFile, text, what="A forgery")
    for name in (keyfile.CURRENT, keyfile.PREVIOUS):
        (closed.folder / name).write_bytes(keyfile.to_bytes(keyfile.sealed(tree)))
    with pytest.raises(VaultDamaged, match="another program"):
        vault.open_vault(closed.folder, passphrase, clock=clock)


# ---------------------------------------------------------------- quick unlock


def turn_on(closed: Closed, clock: FakeClock, passphrase: str) -> None:
    with vault.open_vault(
        closed.folder, passphrase, clock=clock, find_keystore=closed.find
    ) as store:
        store.access.turn_on_quick(passphrase, "fake")
        assert store.access.quick is QuickState.READY


def quickly(closed: Closed, clock: FakeClock) -> Vault:
    return entrances.open_quick(closed.folder, clock=clock, find_keystore=closed.find)


def test_it_is_off_until_turned_on(closed: Closed, clock: FakeClock) -> None:
    assert entrances.quick_state(closed.folder, clock=clock) is QuickState.OFF
    with pytest.raises(StepRefused):
        quickly(closed, clock)


@pytest.mark.parametrize(
    "happens",
    [
        pytest.param(lambda clock: clock.passes(8 * 3600 + 1), id="eight hours"),
        pytest.param(lambda clock: clock.restarts(), id="a restart"),
        pytest.param(
            lambda clock: (clock.passes(9 * 3600), clock.is_set(-9 * 3600)),
            id="eight hours and the clock set back",
        ),
    ],
)
def test_after_that_the_passphrase_is_needed(
    closed: Closed, clock: FakeClock, passphrase: str, happens: Callable[[FakeClock], object]
) -> None:
    turn_on(closed, clock, passphrase)
    happens(clock)
    assert entrances.quick_state(closed.folder, clock=clock) is QuickState.OVER
    with pytest.raises(StepRefused, match="8 hours"):
        quickly(closed, clock)
    vault.open_vault(closed.folder, passphrase, clock=clock, find_keystore=closed.find).close()
    quickly(closed, clock).close()


def test_it_opens_and_saves_and_never_signs_or_exports(
    closed: Closed, clock: FakeClock, passphrase: str, make_visit: MakeVisit
) -> None:
    turn_on(closed, clock, passphrase)
    clock.passes(8 * 3600)
    with quickly(closed, clock) as again:
        again.save(make_visit("e-2"))
        assert log(again)[-1] == ("unlock", "quick unlock")
        assert not again.access.fresh
        with pytest.raises(StepRefused, match="passphrase"):
            again.record(Act.EXPORT, "n-1", "text")
        with pytest.raises(WrongPassphrase):
            again.sign_digest("00" * 32, "")
        clock.passes(2)
        again.access.confirm(passphrase)
        again.record(Act.EXPORT, "n-1", "text")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace('"uptime":1000.0', '"uptime":99000.0'), id="hours"),
        pytest.param(lambda text: text.replace("boot-1", "boot-1+"), id="start of the machine"),
        pytest.param(lambda text: "", id="emptied"),
        pytest.param(lambda text: text.replace('"check":"', '"check":"zz'), id="not hex"),
    ],
)
def test_its_hours_cannot_be_edited(
    closed: Closed, clock: FakeClock, passphrase: str, change: Callable[[str], str]
) -> None:
    turn_on(closed, clock, passphrase)
    path = closed.folder / quick.QUICK
    edited = change(path.read_text())
    assert edited != path.read_text()
    path.write_text(edited)
    clock.passes(90_000)
    if "boot-1+" in edited:
        clock.restarts()
    with pytest.raises(StepRefused):
        quickly(closed, clock)


def test_turned_off_nothing_of_it_is_left(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    turn_on(closed, clock, passphrase)
    with vault.open_vault(
        closed.folder, passphrase, clock=clock, find_keystore=closed.find
    ) as again:
        again.access.turn_off_quick()
        assert again.access.quick is QuickState.OFF
    assert closed.keystore.kept == {}
    assert not (closed.folder / quick.QUICK).exists()


def test_a_silent_keystore_costs_the_quick_way_and_nothing_else(
    closed: Closed, clock: FakeClock, passphrase: str
) -> None:
    turn_on(closed, clock, passphrase)
    closed.keystore.silent = True
    with pytest.raises(StoreError):
        quickly(closed, clock)
    vault.open_vault(closed.folder, passphrase, clock=clock, find_keystore=closed.find).close()
    assert entrances.quick_state(closed.folder, clock=clock) is QuickState.OVER
    closed.keystore.silent = False
    vault.open_vault(closed.folder, passphrase, clock=clock, find_keystore=closed.find).close()
    quickly(closed, clock).close()


def test_recovery_ends_the_quick_way(closed: Closed, clock: FakeClock, passphrase: str) -> None:
    turn_on(closed, clock, passphrase)
    entrances.recover_vault(closed.folder, closed.key, NEW, clock=clock).close()
    with pytest.raises(StepRefused):
        quickly(closed, clock)


# ---------------------------------------------------------------- the keystore itself


def test_only_backends_of_the_table_are_ever_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    for name in ("null", "keyring.backends.null.Keyring", "", "windows-vault "):
        with pytest.raises(StoreError, match="cannot be used"):
            keystore.named(name)
    assert set(keystore.available()) <= set(keystore.ALLOWED)


class _Backend:
    """A backend of the library keyring, as far as we use one."""

    persist = "enterprise"

    def __init__(self, *, forgets: bool = False, broken: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.forgets, self.broken = forgets, broken

    def get_password(self, service: str, name: str) -> str | None:
        if self.broken:
            raise RuntimeError("no answer")
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        if not self.forgets:
            self.kept[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


def test_a_secret_is_kept_replaced_and_dropped() -> None:
    store = keystore.KeyringStore("secret-service", _Backend())
    assert store.get("v") is None
    for secret in ("one", "two"):
        store.put("v", secret)
        assert store.get("v") == secret
    store.drop("v")
    store.drop("v")
    assert store.get("v") is None


def test_a_backend_that_forgets_or_fails_is_not_believed() -> None:
    with pytest.raises(StoreError, match="did not answer"):
        keystore.KeyringStore("secret-service", _Backend(forgets=True)).put("v", "one")
    with pytest.raises(StoreError, match="did not answer"):
        keystore.KeyringStore("secret-service", _Backend(broken=True)).get("v")


def test_on_windows_the_secret_does_not_roam() -> None:
    backend = _Backend()
    keystore.KeyringStore("windows-vault", backend)
    assert backend.persist == "local machine"
