"""From a secret a person or a machine holds to the key that opens a slot, and what one guess at a
passphrase costs. Pure; knows no slot and no file.

Sizes are in bytes, Argon2 memory in KiB.
"""

import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from scribe.errors import BadInput, StoreError
from scribe.store.keyfile import KEY_BYTES, MAX_PASSES, KdfCost, bounded

MIN_PASSPHRASE = 12
"""Shortest passphrase taken for a new slot, in characters after normalisation."""

FLOOR = KdfCost(memory_kib=64 * 1024, passes=3, lanes=4)
"""Never cheaper than this (RFC 9106, section 4, second recommended option)."""

TARGET_MEMORY_KIB = 256 * 1024
"""No dearer in memory: the passphrase is asked for while the models are loaded as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kek:
    """The three uses of the key that opens a slot, apart from each other."""

    check: bytes = field(repr=False)
    root: bytes = field(repr=False)
    signing: bytes = field(repr=False)


def stretch(passphrase: str, salt: bytes, cost: KdfCost) -> Kek:
    """Argon2id over the normalised passphrase. Raises StoreError when memory runs out."""
    try:
        stretched = hash_secret_raw(
            _normal(passphrase).encode("utf-8", "surrogatepass"),
            salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as exc:
        raise StoreError(
            f"Checking the passphrase needs {cost.memory_kib // 1024} MB of free memory.",
            advice="Nothing was changed. Close other programs and try again.",
        ) from exc
    return _uses(stretched, b"clinic-scribe slot ")


def expand(secret: bytes, salt: bytes, label: bytes) -> Kek:
    """HKDF (RFC 5869) over a secret that is random already and needs no stretching."""
    info = b"clinic-scribe " + label
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)
    return _uses(key, info + b" ")


def require_good(passphrase: str) -> None:
    """Refuse a new passphrase that is too short. Raises BadInput."""
    if len(_normal(passphrase)) < MIN_PASSPHRASE:
        raise BadInput(
            f"The passphrase is shorter than {MIN_PASSPHRASE} characters.",
            advice="Nothing was changed. Four or five random words make a good passphrase.",
        )


def require_dear(cost: KdfCost) -> None:
    """Refuse a cost cheaper than FLOOR or dearer than what is read back. Raises BadInput."""
    if cost.memory_kib < FLOOR.memory_kib or cost.passes < FLOOR.passes or not bounded(cost):
        raise BadInput("The cost of a passphrase guess is outside the allowed range.")


def calibrate(target: float = 1.0, *, measure: Callable[[KdfCost], float] | None = None) -> KdfCost:
    """The dearest cost that stays within `target` seconds on this machine: memory first, doubled
    from FLOOR to TARGET_MEMORY_KIB, then passes. Never cheaper than FLOOR.

    `measure` returns the seconds that one guess takes; by default it is tried out.
    """
    timed = measure or _seconds
    best, spent = FLOOR, timed(FLOOR)
    # Time grows with memory and passes, so what cannot fit is not tried out.
    while best.memory_kib < TARGET_MEMORY_KIB and 2 * spent <= target:
        dearer = replace(best, memory_kib=best.memory_kib * 2)
        took = timed(dearer)
        if took > target:
            return best
        best, spent = dearer, took
    passes = min(int(target / spent * best.passes), MAX_PASSES) if spent > 0 else MAX_PASSES
    if best.memory_kib < TARGET_MEMORY_KIB or passes <= best.passes:
        return best
    dearer = replace(best, passes=passes)
    return dearer if timed(dearer) <= target else best


def _uses(key: bytes, prefix: bytes) -> Kek:
    def use(label: bytes, length: int) -> bytes:
        return HKDFExpand(algorithm=SHA256(), length=length, info=prefix + label).derive(key)

    return Kek(
        check=use(b"check", 16), root=use(b"root", KEY_BYTES), signing=use(b"signing", KEY_BYTES)
    )


def _normal(passphrase: str) -> str:
    # Keyboards compose accents differently; NFKC makes them the same passphrase.
    return unicodedata.normalize("NFKC", passphrase)


def _seconds(cost: KdfCost) -> float:
    started = time.perf_counter()
    stretch("calibration", bytes(16), cost)
    return time.perf_counter() - started
