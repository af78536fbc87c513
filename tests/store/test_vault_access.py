"""Who may get in again: fresh passphrases, setup, passphrase change, the clinic's key; each with
its row in the log.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scribe.errors import (
    BadInput,
    StepRefused,
    WrongKey,
    WrongPassphrase,
)
from scribe.records import SignedNote, Visit
from scribe.store import entrances, escrow, keyfile, keys, vault
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
GOLDEN = Path(__file__).parent / "golden" / "v1"
NEW = "nine patient herons fishing"


@pytest.fixture
def mine(folder: Path, passphrase: str, fast: KdfCost, clock: FakeClock) -> Iterator[Vault]:
    """A fresh open vault on a clock of the test."""
    with vault.create_vault(
        folder, passphrase, clinician="Dr. A. Rivera", test_cost=fast, clock=clock
    ) as made:
        yield made


def log(store: Vault) -> list[tuple[str, str]]:
    """Acts and details of the vault itself, the newest last."""
    return [(row.act, row.detail) for row in store.audit() if row.object_id == "vault"]


# ---------------------------------------------------------------- the passphrase, just now


def test_five_minutes_and_no_longer(mine: Vault, clock: FakeClock, passphrase: str) -> None:
    mine.access.require_fresh()
    clock.passes(300)
    mine.access.require_fresh()
    clock.passes(1)
    assert not mine.access.fresh
    with pytest.raises(StepRefused, match="passphrase"):
        mine.access.require_fresh()
    mine.access.confirm(passphrase)
    mine.access.require_fresh()


@pytest.mark.parametrize("moved", [-86_400, 86_400], ids=["back", "on"])
def test_the_five_minutes_are_not_those_of_the_wall_clock(
    mine: Vault, clock: FakeClock, moved: float
) -> None:
    clock.is_set(moved)
    assert mine.access.fresh
    clock.passes(301)
    clock.is_set(-301)
    assert not mine.access.fresh


def test_a_wrong_passphrase_confirms_nothing_and_is_logged(mine: Vault, clock: FakeClock) -> None:
    clock.passes(301)
    with pytest.raises(WrongPassphrase):
        mine.access.confirm(NEW)
    assert not mine.access.fresh
    assert log(mine)[-1] == ("failed-unlock", "confirming")


# ---------------------------------------------------------------- setup


def test_a_new_vault_is_not_set_up_until_two_groups_came_back(
    mine: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    key = mine.access.take_recovery_key()
    assert not mine.access.setup_finished
    with pytest.raises(BadInput):
        mine.access.confirm_recovery({number: "0000" for number in mine.access.asked})
    assert not mine.access.setup_finished
    mine.access.confirm_recovery({n: key.groups[n - 1] for n in mine.access.asked})
    assert mine.access.setup_finished
    assert not mine.access.asked
    mine.close()
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        assert again.access.setup_finished
        assert ("recovery-key", "confirmed") in log(again)


def test_a_setup_left_unfinished_stays_so_and_is_finished_with_another_key(
    mine: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    lost = mine.access.take_recovery_key()
    mine.close()
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        assert not again.access.setup_finished
        assert not again.access.asked
        with pytest.raises(StepRefused, match="No recovery key waits"):
            again.access.take_recovery_key()
        with pytest.raises(StepRefused, match="No recovery key waits"):
            again.access.confirm_recovery({1: lost.groups[0], 2: lost.groups[1]})
        key = again.access.new_recovery_key(passphrase)
        again.access.confirm_recovery({n: key.groups[n - 1] for n in again.access.asked})
        assert again.access.setup_finished
    with pytest.raises(WrongKey):
        entrances.check_recovery(folder, lost, clock=clock)
    entrances.check_recovery(folder, key, clock=clock)


def test_the_recovery_key_is_given_once_and_only_for_the_passphrase(
    mine: Vault, passphrase: str
) -> None:
    mine.access.take_recovery_key()
    with pytest.raises(BadInput, match="once"):
        mine.access.take_recovery_key()
    with pytest.raises(WrongPassphrase):
        mine.access.new_recovery_key(NEW)


def test_a_vault_of_the_first_release_opens_and_lacks_only_a_recovery_key(
    tmp_path: Path, clock: FakeClock
) -> None:
    passphrase, folder = "golden otters wait in the snow", tmp_path / "v1"
    shutil.copytree(GOLDEN, folder)
    before, _ = keyfile.read(folder)
    assert before.format == keyfile.FIRST_FORMAT
    with vault.open_vault(folder, passphrase, clock=clock) as store:
        assert not store.access.setup_finished
        assert store.public_key.hex() == before.signing_keys[0].public_key
        assert store.sign_digest("00" * 32, passphrase)
        key = store.access.new_recovery_key(passphrase)
        store.access.confirm_recovery({n: key.groups[n - 1] for n in store.access.asked})
    after = {keyfile.from_bytes(path.read_bytes()).format for path in folder.glob("vault.key*")}
    assert after == {keyfile.FORMAT}
    with entrances.recover_vault(folder, key, NEW, clock=clock) as store:
        assert store.access.setup_finished
    assert vault.verify_vault(folder, NEW).problems == ()


# ---------------------------------------------------------------- another passphrase


def test_a_changed_passphrase_opens_and_signs_and_the_old_one_does_neither(
    mine: Vault,
    folder: Path,
    passphrase: str,
    clock: FakeClock,
    make_visit: MakeVisit,
    sign_note: SignNote,
) -> None:
    key = mine.access.take_recovery_key()
    public = mine.public_key
    mine.access.change_passphrase(passphrase, NEW)
    with pytest.raises(WrongPassphrase):
        mine.sign_digest("00" * 32, passphrase)
    visit = make_visit()
    mine.save(visit)
    mine.sign(visit, sign_note(mine, visit, passphrase=NEW))
    mine.close()
    clock.passes(10)
    with pytest.raises(WrongPassphrase):
        vault.open_vault(folder, passphrase, clock=clock)
    with vault.open_vault(folder, NEW, clock=clock) as again:
        assert again.public_key == public
        assert ("passphrase", "changed") in log(again)
    entrances.check_recovery(folder, key, clock=clock)
    assert vault.verify_vault(folder, NEW).problems == ()


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        pytest.param("four loud otters waiting", NEW, WrongPassphrase, id="not the old one"),
        pytest.param("four quiet otters waiting", "short", BadInput, id="too short"),
    ],
)
def test_a_refused_change_changes_nothing(
    mine: Vault, folder: Path, old: str, new: str, refusal: type[Exception]
) -> None:
    before = (folder / keyfile.CURRENT).read_bytes()
    with pytest.raises(refusal):
        mine.access.change_passphrase(old, new)
    assert (folder / keyfile.CURRENT).read_bytes() == before


def test_a_dearer_guess_is_taken_and_a_cheaper_one_is_not(fast: KdfCost, mine: Vault) -> None:
    with pytest.raises(BadInput, match="outside"):
        mine.access.change_passphrase("four quiet otters waiting", NEW, cost=fast)
    mine.access.change_passphrase("four quiet otters waiting", NEW, cost=keys.FLOOR)
    assert keyfile.read(mine.folder)[0].slots[-1].cost == keys.FLOOR


def test_an_older_key_file_put_back_is_noticed(
    mine: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    older = (folder / keyfile.CURRENT).read_bytes()
    mine.access.change_passphrase(passphrase, NEW)
    mine.close()
    for name in (keyfile.CURRENT, keyfile.PREVIOUS):
        (folder / name).write_bytes(older)
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        assert ("key-file", "an older key file was put back") in log(again)


def test_a_change_that_was_cut_off_before_its_row_is_noticed(
    mine: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    mine.close()
    kept = (folder / "vault.db").read_bytes(), (folder / "vault.anchor").read_bytes()
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        again.access.change_passphrase(passphrase, NEW)
    (folder / "vault.db").write_bytes(kept[0])
    (folder / "vault.anchor").write_bytes(kept[1])
    with vault.open_vault(folder, NEW, clock=clock) as again:
        assert ("key-file", "changed without its row") in log(again)


# ---------------------------------------------------------------- who was here


def test_who_was_in_the_vault_last(
    mine: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    assert mine.access.last_opened is None
    mine.close()
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        assert again.access.last_opened is not None
        assert (again.access.last_opened.by, again.access.last_opened.act) == (
            "Dr. A. Rivera",
            "create",
        )
        came = again.audit()[-1].at
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        last = again.access.last_opened
        assert last is not None
        assert (last.at, last.act, last.failed) == (came, "unlock", 0)


# ---------------------------------------------------------------- the clinic's key files


def test_the_clinics_key_comes_and_goes_and_its_number_can_be_compared(
    mine: Vault, passphrase: str, tmp_path: Path
) -> None:
    public, private = escrow.new_pair("North Clinic")
    for half, name in ((public, "public"), (private, "private")):
        escrow.write(tmp_path / name, half)
    assert escrow.read(tmp_path / "public", escrow.PUBLIC_KIND) == public
    assert escrow.read(tmp_path / "private", escrow.PRIVATE_KIND) == private
    assert public.fingerprint == private.fingerprint
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o600
    assert private.key not in repr(private)
    assert mine.access.escrow is None
    mine.access.add_escrow(passphrase, public)
    assert mine.access.escrow == public
    mine.access.remove_escrow(passphrase)
    assert mine.access.escrow is None
    assert [row for row in log(mine) if row[0] == "escrow"] == [
        ("escrow", f"added {public.fingerprint}"),
        ("escrow", "removed"),
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="not there"),
        pytest.param("", id="empty"),
        pytest.param("{}", id="nothing in it"),
        pytest.param('{"kind": "KIND", "label": "x", "key": "zz"}', id="not hex"),
        pytest.param('{"kind": "KIND", "label": "", "key": "HEX"}', id="no name"),
        pytest.param('{"kind": "KIND", "label": "a\\nb", "key": "HEX"}', id="a name of two lines"),
        pytest.param('{"kind": "other", "label": "x", "key": "HEX"}', id="another kind"),
        pytest.param('{"kind": "KIND", "label": "x", "key": "HEX", "more": 1}', id="more in it"),
    ],
)
def test_what_is_no_key_file_is_refused_and_not_repeated(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "key.json"
    if content is not None:
        filled = content.replace("KIND", escrow.PRIVATE_KIND).replace("HEX", "ab" * 32)
        path.write_text(filled)
    with pytest.raises(BadInput) as caught:
        escrow.read(path, escrow.PRIVATE_KIND)
    assert "ab" * 32 not in str(caught.value)


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    public, _ = escrow.new_pair("North Clinic")
    escrow.write(tmp_path / "key", public)
    with pytest.raises(BadInput, match="already"):
        escrow.write(tmp_path / "key", public)
