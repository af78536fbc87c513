"""No act without its row: every public call of a vault that changes something leaves one, with user
and installation; and the order of rows is their number, whatever the clock says.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from scribe import session
from scribe.errors import WrongPassphrase
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.signoff import audit
from scribe.store import vault
from scribe.store.access import Access
from scribe.store.keeping import Keeping
from scribe.store.psychotherapy import PsychotherapyNotes
from scribe.store.retention import Rules
from scribe.store.trail import Trail
from scribe.store.vault import Vault

ONE = EncounterId("e-1")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """An open vault with a visit `e-1`, and what is needed to act on it."""

    store: Vault
    visit: Visit
    make_visit: Callable[..., Visit]
    sign_note: Callable[..., SignedNote]
    passphrase: str

    def sign(self) -> SignedNote:
        note = self.sign_note(self.store, self.visit)
        self.store.sign(self.visit, note)
        return note

    def hold(self) -> None:
        self.store.keeping.hold(ONE, "letter of the court")

    def psychotherapy(self) -> PsychotherapyNotes:
        return self.store.psychotherapy(self.passphrase)


@pytest.fixture
def scene(
    opened: Vault,
    make_visit: Callable[..., Visit],
    sign_note: Callable[..., SignedNote],
    passphrase: str,
) -> Scene:
    visit = make_visit()
    opened.save(visit)
    return Scene(
        store=opened,
        visit=visit,
        make_visit=make_visit,
        sign_note=sign_note,
        passphrase=passphrase,
    )


def _wrong(scene: Scene) -> None:
    with pytest.raises(WrongPassphrase):
        scene.store.sign_digest("00" * 32, "four loud otters waiting")


def _withdrawn_under_a_hold(scene: Scene) -> None:
    scene.hold()
    scene.store.keeping.drop_withdrawn(ONE)


def _released(scene: Scene) -> None:
    scene.hold()
    scene.store.keeping.release(ONE)


def _read(scene: Scene) -> None:
    with scene.psychotherapy() as notes:
        notes.read(notes.write(ONE, "Only for me."))


def _rewritten(scene: Scene) -> None:
    with scene.psychotherapy() as notes:
        notes.rewrite(notes.write(ONE, "Only for me."), "For me alone.")


def _forgotten(scene: Scene) -> None:
    with scene.psychotherapy() as notes:
        notes.delete(notes.write(ONE, "Only for me."))


def _listed(scene: Scene) -> None:
    with scene.psychotherapy() as notes:
        notes.list(ONE)


def _written(scene: Scene) -> None:
    with scene.psychotherapy() as notes:
        notes.write(ONE, "Only for me.")


ACTS: dict[str, tuple[str, Callable[[Scene], object]]] = {
    "Vault.save": ("create", lambda s: s.store.save(s.make_visit("e-2"))),
    "Vault.load": ("view", lambda s: s.store.load(ONE)),
    "Vault.list": ("view", lambda s: s.store.list()),
    "Vault.sign": ("sign", lambda s: s.sign()),
    "Vault.withdraw": (
        "consent-withdrawn",
        lambda s: s.store.withdraw(session.withdraw(s.visit, "patient", s.visit.updated)),
    ),
    "Vault.record": ("export", lambda s: s.store.record(audit.Act.EXPORT, "n-1", "text")),
    "Vault.audio_key": ("recording-key", lambda s: s.store.audio_key(ONE)),
    "Vault.shred": ("shred", lambda s: (s.store.audio_key(ONE), s.store.shred(ONE, "test"))),
    "Vault.sign_digest": ("failed-unlock", _wrong),
    "Vault.verify": ("verify", lambda s: s.store.verify()),
    "Vault.psychotherapy": ("psychotherapy", lambda s: s.psychotherapy().close()),
    "Keeping.key_of": ("recording-key", lambda s: s.store.keeping.key_of(ONE)),
    "Keeping.shred": ("shred", lambda s: (s.store.audio_key(ONE), s.store.keeping.shred(ONE, ""))),
    "Keeping.drop_key": (
        "shred",
        lambda s: (s.store.audio_key(ONE), s.store.keeping.drop_key(ONE, "test")),
    ),
    "Keeping.drop_withdrawn": (
        "hold",
        _withdrawn_under_a_hold,
    ),
    "Keeping.delete": ("delete", lambda s: s.store.keeping.delete(ONE)),
    "Keeping.hold": ("hold", lambda s: s.hold()),
    "Keeping.release": ("release", _released),
    "Keeping.apply": ("retention", lambda s: s.store.keeping.apply(Rules(), date(2026, 3, 2))),
    "PsychotherapyNotes.write": ("psychotherapy", _written),
    "PsychotherapyNotes.rewrite": ("psychotherapy", _rewritten),
    "PsychotherapyNotes.read": ("psychotherapy", _read),
    "PsychotherapyNotes.list": ("psychotherapy", _listed),
    "PsychotherapyNotes.delete": ("psychotherapy", _forgotten),
}
"""Every call that changes something or shows patient data: the act its row must have."""

SILENT = {
    "Vault.folder": "names a path",
    "Vault.clinician": "names the clinician",
    "Vault.public_key": "public",
    "Vault.audit": "the log itself",
    "Vault.log_head": "the log itself",
    "Vault.recording_path": "names a path",
    "Vault.close": "the window says when it locks; a killed program could not",
    "Keeping.path_of": "names a path",
    "Keeping.sweep": "what it removes was shredded by an act with a row",
    "Keeping.is_held": "shows no patient data",
    "Keeping.holdings": "identifiers and days only",
    "Keeping.preview": "identifiers and days only",
    "PsychotherapyNotes.close": "ends what psychotherapy began",
}


def public(kind: type) -> set[str]:
    return {
        f"{kind.__name__}.{name}"
        for name, _ in inspect.getmembers(kind)
        if not name.startswith("_")
    }


@pytest.mark.parametrize("kind", [Vault, Keeping, PsychotherapyNotes])
def test_every_public_call_is_in_one_of_the_tables(kind: type) -> None:
    """`access` has tables of its own (tests/store/test_vault_access.py)."""
    here = {each for each in ACTS.keys() | SILENT.keys() if each.startswith(f"{kind.__name__}.")}
    assert public(kind) == here


def test_the_ways_in_are_logged_elsewhere() -> None:
    assert isinstance(inspect.getattr_static(Access, "confirm"), Callable)  # type: ignore[arg-type]  # a plain function


@pytest.mark.parametrize("name", ACTS)
def test_the_call_leaves_its_row(scene: Scene, name: str) -> None:
    act, call = ACTS[name]
    before = len(scene.store.audit())
    call(scene)
    rows = scene.store.audit()
    assert act in [row.act for row in rows[before:]]
    assert audit.verify(rows) is None
    for row in rows:
        assert row.user.startswith("u-")
        assert row.install.startswith("i-")
    assert len({(row.user, row.install) for row in rows}) == 1


def test_a_vault_on_another_machine_writes_under_another_name(
    opened: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened.close()
    monkeypatch.setenv("CLINIC_SCRIBE_HOME", str(tmp_path / "elsewhere"))
    with vault.open_vault(folder, passphrase) as again:
        first, *_, last = again.audit()
    assert first.user == last.user
    assert first.install != last.install
    monkeypatch.setenv("CLINIC_SCRIBE_HOME", "/dev/null/nowhere")
    with vault.open_vault(folder, passphrase) as again:
        assert again.audit()[-1].install == "i-unknown"


def test_a_clock_that_goes_backwards_gets_a_row_and_order_stays(opened: Vault) -> None:
    now = [opened.audit()[-1].at + timedelta(hours=1)]
    trail = Trail(
        opened._database, opened._opened.keys.audit, actor=opened.clinician, clock=lambda: now[0]
    )
    trail.append("view", "e-1")
    now[0] -= timedelta(days=400)
    trail.append("view", "e-2")
    trail.append("view", "e-3")
    now[0] -= timedelta(seconds=1)
    trail.append("view", "e-4")
    now[0] = datetime(2031, 11, 2, 1, 30, tzinfo=UTC)
    trail.append("view", "e-5")
    rows = opened.audit()
    told = [(row.act, row.object_id) for row in rows][-6:]
    assert told == [
        ("view", "e-1"),
        ("clock", "clock"),
        ("view", "e-2"),
        ("view", "e-3"),
        ("view", "e-4"),
        ("view", "e-5"),
    ]
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert trail.broken() is None
    (clock,) = [row for row in rows if row.act == "clock"]
    assert clock.detail == f"{400 * 86_400} s before row {clock.seq - 1}"


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("UPDATE audit SET detail = 'x' WHERE seq = 3", id="edited"),
        pytest.param("DELETE FROM audit WHERE seq = 3", id="deleted"),
        pytest.param(
            "UPDATE audit SET seq = -seq WHERE seq IN (3, 4);"
            "UPDATE audit SET seq = 7 + seq WHERE seq < 0",
            id="reordered",
        ),
        pytest.param("UPDATE audit SET user = 'u-else' WHERE seq = 3", id="another user"),
        pytest.param("UPDATE audit SET install = '' WHERE seq = 3", id="no installation"),
    ],
)
def test_the_first_bad_row_is_named(scene: Scene, folder: Path, sql: str) -> None:
    for _ in range(3):
        scene.store.load(ONE)
    database = scene.store._database
    for name in ("audit_no_update", "audit_no_delete", "audit_in_order"):
        database.execute(f"DROP TRIGGER {name}")
    for statement in sql.split(";"):
        database.execute(statement)
    scene.store.close()
    report = vault.verify_vault(folder, scene.passphrase)
    assert any("audit row 3" in each for each in report.problems), report.problems


def test_a_log_rewritten_by_somebody_who_lacks_the_passphrase_is_named(
    scene: Scene, folder: Path
) -> None:
    """With the keys of an open vault the chain, its marks and the anchor can be made anew; the
    signature under a note still says where the log stood when the note was signed.
    """
    note = scene.sign()
    store = scene.store
    rows = store.audit()
    for name in ("audit_no_update", "audit_no_delete", "audit_in_order"):
        store._database.execute(f"DROP TRIGGER {name}")
    store._database.execute("DELETE FROM audit")
    (folder / "vault.anchor").unlink()
    clock = iter(row.at for row in rows)
    trail = Trail(
        store._database,
        store._opened.keys.audit,
        actor=store.clinician,
        clock=lambda: next(clock),
    )
    for row in rows:
        detail = "another wording" if row.act == "consent-given" else row.detail
        trail.append(row.act, row.object_id, detail)
    assert trail.broken() is None
    store.close()
    problems = vault.verify_vault(folder, scene.passphrase).problems
    assert (
        f"audit row {note.log_seq} is not the one that note {note.id} was signed after" in problems
    )


def test_an_open_vault_is_checked_and_what_is_wrong_leaves_no_row_of_success(scene: Scene) -> None:
    scene.sign()
    assert scene.store.verify().ok
    database = scene.store._opened.database
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("UPDATE audit SET detail = 'x' WHERE seq = 2")
    before = len(scene.store.audit())
    report = scene.store.verify()
    assert any("audit row 2" in each for each in report.problems), report.problems
    assert len(scene.store.audit()) == before
