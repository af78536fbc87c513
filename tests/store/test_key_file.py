"""The key file: what opens it, what does not, and that no damaged one ever opens or crashes."""

import ast
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scribe import codec
from scribe.errors import BadInput, StoreError, VaultDamaged, VaultMissing, WrongPassphrase
from scribe.store import keyfile, keys
from scribe.store.keyfile import KdfCost, KeyFile

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "four quiet otters waiting"
MADE, KEYS = keys.new_key_file(PASSPHRASE, test_cost=KdfCost(memory_kib=64, passes=1, lanes=1))
WRITTEN = keyfile.to_bytes(MADE)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("", id="nothing"),
        pytest.param(PASSPHRASE + " ", id="one blank more"),
        pytest.param(PASSPHRASE.upper(), id="other case"),
        pytest.param("four quiet otters waitinh", id="one letter"),
        pytest.param("\ud800", id="not even a character"),
    ],
)
def test_a_wrong_passphrase_opens_nothing(wrong: str) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        keys.unlock(MADE, wrong)
    assert wrong not in str(caught.value) or not wrong
    with pytest.raises(WrongPassphrase):
        keys.unlock_signing_key(MADE, wrong)


def test_the_right_passphrase_gives_the_same_keys_again() -> None:
    assert keys.unlock(MADE, PASSPHRASE) == KEYS
    assert len({KEYS.database, KEYS.audit, KEYS.wrap}) == 3
    assert all(len(each) == 32 for each in (KEYS.database, KEYS.audit, KEYS.wrap))


def test_an_accent_typed_in_two_ways_is_one_passphrase(fast: KdfCost) -> None:
    composed = "trés tranquille loutre"
    made, _ = keys.new_key_file(unicodedata.normalize("NFC", composed), test_cost=fast)
    assert keys.unlock(made, unicodedata.normalize("NFD", composed))


def test_no_key_shows_in_a_repr() -> None:
    assert KEYS.database.hex() not in repr(KEYS)
    assert repr(KEYS) == "VaultKeys()"


def test_two_vaults_share_nothing(fast: KdfCost) -> None:
    other, other_keys = keys.new_key_file(PASSPHRASE, test_cost=fast)
    assert other_keys != KEYS
    assert other.db_salt != MADE.db_salt
    assert other.slots[0].salt != MADE.slots[0].salt
    assert other.signing_keys[0].public_key != MADE.signing_keys[0].public_key


@pytest.mark.parametrize(
    "passphrase", [pytest.param("", id="empty"), pytest.param("elevenchars", id="eleven")]
)
def test_a_short_passphrase_is_refused(passphrase: str, fast: KdfCost) -> None:
    with pytest.raises(BadInput, match="shorter than 12"):
        keys.new_key_file(passphrase, test_cost=fast)


@pytest.mark.parametrize(
    "cost",
    [
        pytest.param(KdfCost(memory_kib=32 * 1024, passes=3, lanes=4), id="too little memory"),
        pytest.param(KdfCost(memory_kib=64 * 1024, passes=2, lanes=4), id="too few passes"),
        pytest.param(KdfCost(memory_kib=2 * 1024 * 1024, passes=3, lanes=4), id="unreadable later"),
        pytest.param(KdfCost(memory_kib=64 * 1024, passes=11, lanes=4), id="too many passes"),
    ],
)
def test_production_cost_keeps_to_its_range(cost: KdfCost) -> None:
    with pytest.raises(BadInput, match="outside the allowed range"):
        keys.new_key_file(PASSPHRASE, cost=cost)


def test_nothing_we_ship_asks_for_the_cost_of_tests() -> None:
    """Only the functions that hand the argument on may name it."""
    named = {
        path.relative_to(ROOT).as_posix()
        for top in ("scribe", "gui")
        for path in ROOT.glob(f"{top}/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "test_cost"
    }
    hand_on = ("founding", "keys", "psychotherapy", "vault")
    assert named == {f"scribe/store/{name}.py" for name in hand_on}


@pytest.mark.parametrize(
    ("seconds_at_the_floor", "memory_mib", "passes"),
    [
        pytest.param(9.0, 64, 3, id="slow machine keeps the floor"),
        pytest.param(0.5, 128, 3, id="old laptop"),
        pytest.param(0.25, 256, 3, id="ordinary laptop"),
        pytest.param(0.125, 256, 6, id="fast machine: more passes, not more memory"),
        pytest.param(0.001, 256, 10, id="never more than is read back"),
        pytest.param(0.0, 256, 10, id="a clock that stands still"),
    ],
)
def test_calibration_spends_what_the_machine_allows(
    seconds_at_the_floor: float, memory_mib: int, passes: int
) -> None:
    def measure(cost: KdfCost) -> float:
        return seconds_at_the_floor * cost.memory_kib / (64 * 1024) * cost.passes / 3

    cost = keys.calibrate(1.0, measure=measure)
    assert cost == replace(keys.FLOOR, memory_kib=memory_mib * 1024, passes=passes)
    assert keyfile.bounded(cost)


def test_calibration_believes_what_it_measured_not_what_it_expected() -> None:
    """Memory beyond what is free makes a guess slower than the cheaper one promised."""

    def measure(cost: KdfCost) -> float:
        return 0.2 if cost == keys.FLOOR else 5.0

    assert keys.calibrate(1.0, measure=measure) == keys.FLOOR


# ---------------------------------------------------------------- damage


def test_what_was_written_is_read(tmp_path: Path) -> None:
    keyfile.write(tmp_path, MADE)
    assert keyfile.read(tmp_path) == (MADE, False)
    assert len(WRITTEN) < keyfile.MAX_BYTES
    assert (tmp_path / keyfile.CURRENT).stat().st_mode & 0o777 == 0o600
    assert json.loads(WRITTEN)["format"] == 2


def test_no_file_is_no_vault(tmp_path: Path) -> None:
    with pytest.raises(VaultMissing):
        keyfile.read(tmp_path)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The key file with one or more accidents: cut, changed, grown or shrunk in the middle."""
    data = bytearray(WRITTEN)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        kind = draw(st.sampled_from(["cut", "flip", "insert", "delete", "swap"]))
        if kind == "cut":
            del data[at:]
        elif kind == "flip" and data:
            data[at] ^= draw(st.integers(1, 255))
        elif kind == "insert":
            data[at:at] = draw(st.binary(min_size=1, max_size=5000))
        elif kind == "delete":
            del data[at : at + draw(st.integers(1, 40))]
        else:
            data[at : at + 2] = bytes(reversed(data[at : at + 2]))
    return bytes(data)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=damaged())
def test_a_damaged_key_file_never_opens_and_never_crashes(data: bytes) -> None:
    if data == WRITTEN:
        return
    with pytest.raises(StoreError) as caught:
        keys.unlock(keyfile.from_bytes(data), PASSPHRASE)
    assert PASSPHRASE not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=5000) | st.text(max_size=500).map(lambda text: text.encode()))
def test_any_other_file_is_called_damaged(data: bytes) -> None:
    with pytest.raises(StoreError):
        keyfile.from_bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 4000, id="deep"),
        pytest.param(b'{"format": 1}', id="almost empty"),
        pytest.param(WRITTEN + b" ", id="one blank more"),
        pytest.param(WRITTEN[:-1], id="one byte less"),
        pytest.param(json.dumps(json.loads(WRITTEN)).encode(), id="other spacing"),
        pytest.param(WRITTEN.replace(b'"passes":1', b'"passes":"1"'), id="text for a number"),
        pytest.param(WRITTEN.replace(b'"format":2', b'"format":true'), id="truth for a number"),
    ],
)
def test_only_the_exact_form_is_read(data: bytes) -> None:
    with pytest.raises(VaultDamaged):
        keyfile.from_bytes(data)


def test_a_key_file_of_a_newer_program_is_said_to_be_one() -> None:
    newer = json.dumps({**json.loads(WRITTEN), "format": 3, "pepper": "x"}).encode()
    with pytest.raises(StoreError, match="newer version") as caught:
        keyfile.from_bytes(newer)
    assert not isinstance(caught.value, VaultDamaged)


def _other_hex(text: str) -> str:
    return token_hex(len(text) // 2)


SLOT = MADE.slots[0]
SIGNING = MADE.signing_keys[0]
HOSTILE = {
    "salt": (replace(MADE, slots=(replace(SLOT, salt=_other_hex(SLOT.salt)),)), WrongPassphrase),
    "check": (replace(MADE, slots=(replace(SLOT, check=_other_hex(SLOT.check)),)), WrongPassphrase),
    "nonce": (replace(MADE, slots=(replace(SLOT, nonce=_other_hex(SLOT.nonce)),)), VaultDamaged),
    "wrapped": (
        replace(MADE, slots=(replace(SLOT, wrapped=_other_hex(SLOT.wrapped)),)),
        VaultDamaged,
    ),
    "slot id": (replace(MADE, slots=(replace(SLOT, id="p2"),)), VaultDamaged),
    "vault id": (replace(MADE, vault_id=_other_hex(MADE.vault_id)), VaultDamaged),
    "database salt": (replace(MADE, db_salt=_other_hex(MADE.db_salt)), VaultDamaged),
    "no slot": (replace(MADE, slots=()), WrongPassphrase),
    "no cost": (replace(MADE, slots=(replace(SLOT, cost=None),)), VaultDamaged),
    "recovery only": (
        replace(MADE, slots=(replace(SLOT, kind=keyfile.SlotKind.RECOVERY),)),
        WrongPassphrase,
    ),
    "cheaper": (
        replace(MADE, slots=(replace(SLOT, cost=KdfCost(memory_kib=8, passes=1, lanes=1)),)),
        WrongPassphrase,
    ),
}


@pytest.mark.parametrize(("forged", "refusal"), HOSTILE.values(), ids=HOSTILE)
def test_a_forged_key_file_with_a_good_checksum_opens_nothing(
    forged: KeyFile, refusal: type[StoreError]
) -> None:
    read = keyfile.from_bytes(keyfile.to_bytes(keyfile.sealed(forged)))
    with pytest.raises(refusal):
        keys.unlock(read, PASSPHRASE)


UNREADABLE = {
    "4 GiB": KdfCost(memory_kib=4 * 1024 * 1024, passes=1, lanes=1),
    "a million passes": KdfCost(memory_kib=64, passes=1_000_000, lanes=1),
    "no pass": KdfCost(memory_kib=64, passes=0, lanes=1),
    "many lanes": KdfCost(memory_kib=1024 * 1024, passes=1, lanes=1000),
    "less memory than lanes need": KdfCost(memory_kib=8, passes=1, lanes=4),
    "negative": KdfCost(memory_kib=-64, passes=1, lanes=1),
}


@pytest.mark.parametrize("cost", UNREADABLE.values(), ids=UNREADABLE)
def test_a_hostile_cost_is_refused_before_it_is_spent(cost: KdfCost) -> None:
    forged = keyfile.sealed(replace(MADE, slots=(replace(SLOT, cost=cost),)))
    with pytest.raises(VaultDamaged):
        keyfile.from_bytes(keyfile.to_bytes(forged))


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(replace(MADE, slots=(SLOT,) * 2), id="two passphrases, twice the cost"),
        pytest.param(
            replace(MADE, slots=(replace(SLOT, kind=keyfile.SlotKind.KEYSTORE),)),
            id="a keystore slot, which lies elsewhere",
        ),
        pytest.param(replace(MADE, generation=0), id="no generation"),
        pytest.param(replace(MADE, signing_keys=(SIGNING,) * 33), id="too many signing keys"),
        pytest.param(replace(MADE, slots=(replace(SLOT, recipient="11"),)), id="short recipient"),
        pytest.param(replace(MADE, slots=(replace(SLOT, label="x" * 81),)), id="long label"),
        pytest.param(replace(MADE, db_salt="00" * 15), id="short database salt"),
        pytest.param(replace(MADE, vault_id="zz" * 16), id="not hex"),
        pytest.param(replace(MADE, slots=(replace(SLOT, nonce=""),)), id="no nonce"),
    ],
)
def test_a_key_file_of_the_wrong_shape_is_damaged(forged: KeyFile) -> None:
    with pytest.raises(VaultDamaged):
        keyfile.from_bytes(keyfile.to_bytes(keyfile.sealed(forged)))


def test_a_foreign_signing_key_does_not_open() -> None:
    forged = replace(MADE, signing_keys=(replace(SIGNING, wrapped=_other_hex(SIGNING.wrapped)),))
    with pytest.raises(VaultDamaged):
        keys.unlock_signing_key(forged, PASSPHRASE)
    swapped = replace(MADE, signing_keys=(replace(SIGNING, public_key="11" * 32),))
    with pytest.raises(VaultDamaged):
        keys.unlock_signing_key(swapped, PASSPHRASE)


# ---------------------------------------------------------------- two generations


NEWER = keys.finished(replace(MADE, generation=2), KEYS.file)


@pytest.mark.parametrize(
    "accident",
    [
        pytest.param(lambda path: path.unlink(), id="gone"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.write_bytes(WRITTEN[:300]), id="cut short"),
    ],
)
def test_the_second_copy_stands_in_for_a_damaged_one(
    tmp_path: Path, accident: Callable[[Path], object]
) -> None:
    keyfile.write(tmp_path, MADE)
    keyfile.write(tmp_path, NEWER)
    assert keyfile.read(tmp_path) == (NEWER, False)
    accident(tmp_path / keyfile.CURRENT)
    assert keyfile.read(tmp_path) == (NEWER, True)
    keyfile.write(tmp_path, NEWER)
    assert keyfile.read(tmp_path) == (NEWER, False)


def test_no_generation_that_was_replaced_stays(tmp_path: Path) -> None:
    keyfile.write(tmp_path, MADE)
    keyfile.write(tmp_path, NEWER)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {keyfile.to_bytes(NEWER)}


def test_a_generation_left_by_an_accident_goes_when_the_next_one_settles(tmp_path: Path) -> None:
    keyfile.write(tmp_path, NEWER)
    (tmp_path / keyfile.PREVIOUS).write_bytes(WRITTEN)
    keyfile.settle(tmp_path)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {keyfile.to_bytes(NEWER)}


def test_settling_never_copies_damage(tmp_path: Path) -> None:
    keyfile.write(tmp_path, NEWER)
    (tmp_path / keyfile.CURRENT).write_bytes(b"{}")
    keyfile.settle(tmp_path)
    assert keyfile.read(tmp_path) == (NEWER, True)


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(replace(MADE, generation=9), id="another generation"),
        pytest.param(replace(MADE, signing_keys=(*MADE.signing_keys,) * 2), id="one key twice"),
        pytest.param(
            replace(
                MADE,
                signing_keys=(
                    keyfile.SigningKey(slot="", public_key="11" * 32, nonce="", wrapped=""),
                    *MADE.signing_keys,
                ),
            ),
            id="a public key of somebody else",
        ),
        pytest.param(replace(MADE, mark="22" * 32), id="another mark"),
    ],
)
def test_a_key_file_put_together_by_somebody_else_is_refused(forged: KeyFile) -> None:
    read = keyfile.from_bytes(keyfile.to_bytes(keyfile.sealed(forged)))
    with pytest.raises(VaultDamaged, match="another program"):
        keys.unlock(read, PASSPHRASE)


def test_slots_of_this_format_do_not_open_in_a_file_of_the_first(fast: KdfCost) -> None:
    """Else the mark could be left out by calling the file an old one."""
    older = keyfile.sealed(replace(MADE, format=keyfile.FIRST_FORMAT, mark=""))
    read = keyfile.from_bytes(keyfile.to_bytes(older))
    with pytest.raises(VaultDamaged):
        keys.unlock(read, PASSPHRASE)


def test_a_wrapped_key_belongs_to_one_thing() -> None:
    wrapped = keys.wrap(KEYS.wrap, b"k" * 32, about="e-1")
    assert keys.unwrap(KEYS.wrap, wrapped, about="e-1") == b"k" * 32
    for key, data, about in (
        (KEYS.wrap, wrapped, "e-2"),
        (KEYS.audit, wrapped, "e-1"),
        (KEYS.wrap, wrapped[:-1], "e-1"),
        (KEYS.wrap, b"", "e-1"),
    ):
        with pytest.raises(VaultDamaged):
            keys.unwrap(key, data, about=about)


def test_the_checksum_covers_every_field() -> None:
    assert codec.plain(MADE)["checksum"] == MADE.checksum
    assert keyfile.sealed(replace(MADE, generation=7)).checksum != MADE.checksum
