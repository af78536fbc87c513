"""Ten thousand key files that are not ours: none opens, none crashes, and none costs more than is
allowed.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from scribe import codec
from scribe.errors import BadInput, StoreError
from scribe.store import escrow, keyfile, keys, rekey, slots
from scribe.store.keyfile import KdfCost, KeyFile, SlotKind
from scribe.store.recovery import new_recovery_key

PASSPHRASE = "four quiet otters waiting"
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
RECOVERY = new_recovery_key()
PUBLIC, PRIVATE = escrow.new_pair("Clinic")
MANY = 5_000


def made() -> tuple[KeyFile, bytes]:
    """A key file with every slot it can have."""
    bare, root = keys.new_root(PASSPHRASE, cost=FAST, test_cost=FAST)
    with_paper = rekey.with_recovery(bare, root, RECOVERY.secret)
    return rekey.with_escrow(with_paper, root, PUBLIC.raw, PUBLIC.label), root


WHOLE, ROOT = made()
WRITTEN = keyfile.to_bytes(WHOLE)


def opens(data: bytes) -> list[str]:
    """By what this file opens. Costs beyond the one of tests are only looked at, not spent."""
    try:
        read = keyfile.from_bytes(data)
    except StoreError:
        return []
    ways = []
    for kind in SlotKind:
        slot = read.slot(kind)
        if slot is None:
            continue
        assert slot.cost is None or keyfile.bounded(slot.cost)
        if slot.cost not in (None, FAST):
            continue
        try:
            _open(read, kind)
            ways.append(kind.value)
        except StoreError:
            continue
    return ways


def _open(read: KeyFile, kind: SlotKind) -> None:
    slot = read.slot(kind)
    assert slot is not None
    if kind is SlotKind.PASSPHRASE:
        root = keys.enter(read, PASSPHRASE).root
    elif kind is SlotKind.RECOVERY:
        root = slots.open_secret(read, slot, RECOVERY.secret)
    else:
        root = slots.open_escrow(read, slot, PRIVATE.raw)
    keys.require_mark(read, keys.derive(root, read.vault_id).file)


def test_the_file_itself_opens_in_all_three_ways() -> None:
    assert opens(WRITTEN) == ["passphrase", "recovery", "escrow"]
    assert len(WRITTEN) < 4096


def test_five_thousand_accidents_open_nothing() -> None:
    random, opened = Random(7741), []
    for _ in range(MANY):
        data = bytearray(WRITTEN)
        for _ in range(random.randint(1, 4)):
            at = random.randrange(len(data))
            kind = random.randrange(5)
            if kind == 0:
                data[at] ^= 1 << random.randrange(8)
            elif kind == 1:
                del data[at : at + random.randint(1, 60)]
            elif kind == 2:
                data[at:at] = random.randbytes(random.randint(1, 9))
            elif kind == 3:
                data[at] = ord(random.choice('0123456789abcdef"{}[]:,-.eE'))
            else:
                data[at : at + 8] = data[-8:]
            if not data:
                data = bytearray(b"{")
        if bytes(data) != WRITTEN and opens(bytes(data)):
            opened.append(bytes(data))
    assert opened == []


@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_forgeries_with_a_good_checksum_open_nothing(seed: int) -> None:
    """What somebody with the files, an editor and our source can put together."""
    random, opened, read = Random(seed), [], 0
    for _ in range(MANY // 5):
        tree = json.loads(WRITTEN)
        for _ in range(random.randint(1, 3)):
            _change(tree, random)
        data = _resealed(tree)
        if data is not None and data != WRITTEN:
            read += 1
            if opens(data):
                opened.append(data)
    assert opened == []
    assert read > MANY // 20, "too few of them were worth reading"


def _change(tree: dict[str, Any], random: Random) -> None:
    owner, key = random.choice(list(_places(tree)))
    value = owner[key]
    if isinstance(value, bool):
        owner[key] = not value
    elif isinstance(value, int):
        owner[key] = random.choice([0, 1, 2, 3, 8, 64, 10**6, -1, value + 1])
    elif isinstance(value, str):
        owner[key] = _other_text(value, random)
    elif isinstance(value, list) and value:
        owner[key] = random.choice([value[1:], value[::-1], [*value, value[0]]])
    elif isinstance(value, dict):
        owner[key] = random.choice([None, value, {}])


def _other_text(value: str, random: Random) -> str:
    flipped = value
    if value and not set(value) - set("0123456789abcdef"):
        at = random.randrange(len(value))
        flipped = value[:at] + random.choice("0123456789abcdef") + value[at + 1 :]
    return random.choice([flipped, flipped, flipped, value[2:], value + "00", "", "p1", "recovery"])


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in list(pairs):
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _resealed(tree: dict[str, Any]) -> bytes | None:
    try:
        forged = codec.from_plain(KeyFile, tree, what="A forgery")
    except BadInput:
        return None
    return keyfile.to_bytes(keyfile.sealed(forged))


@pytest.mark.parametrize("kind", [SlotKind.RECOVERY, SlotKind.ESCROW])
def test_a_slot_of_another_vault_does_not_fit_here(kind: SlotKind) -> None:
    other, _ = made()
    foreign, own = other.slot(kind), WHOLE.slot(kind)
    assert foreign is not None
    assert own is not None
    moved = tuple(foreign if each is own else each for each in WHOLE.slots)
    assert opens(keyfile.to_bytes(keyfile.sealed(replace(WHOLE, slots=moved)))) == []


def test_no_secret_stands_in_the_file() -> None:
    text = WRITTEN.decode()
    for secret in (ROOT, RECOVERY.secret, PRIVATE.raw):
        assert secret.hex() not in text
    assert all(group not in text.upper() for group in (RECOVERY.text, PASSPHRASE.upper()))


@pytest.mark.parametrize("raw", [bytes(32), bytes.fromhex("01" + "00" * 31)], ids=["zero", "one"])
def test_a_public_key_without_a_secret_behind_it_is_refused(raw: bytes) -> None:
    """Sealed to one of these, everybody could open the slot."""
    with pytest.raises(BadInput):
        rekey.with_escrow(WHOLE, ROOT, raw, "Clinic")
