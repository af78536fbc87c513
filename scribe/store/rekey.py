"""Changes of a key file, each from one whole file to the next: another passphrase, another recovery
key, a clinic's key, another root key. Pure; what writes them is elsewhere.

The signing key is wrapped under the passphrase alone. Who comes without the passphrase (recovery
key, clinic key) can therefore never sign as the clinician did: a new signing key is made, and the
public half of the old one stays, so that what it signed can be verified.
"""

from dataclasses import replace
from secrets import token_bytes

from scribe.errors import StepRefused
from scribe.signoff import signature
from scribe.store import kdf, keys, slots
from scribe.store.keyfile import (
    FORMAT,
    KEY_BYTES,
    MAX_SIGNING_KEYS,
    SALT_BYTES,
    KdfCost,
    KeyFile,
    SigningKey,
    Slot,
    SlotKind,
)
from scribe.store.keys import Entry


def upgraded(key_file: KeyFile, entry: Entry, passphrase: str) -> KeyFile:
    """A key file of the first format in the present one, with the same keys and passphrase."""
    cost = _cost_of(key_file)
    return _with_passphrase(key_file, entry.root, passphrase, cost, _private(key_file, entry))


def with_new_passphrase(
    key_file: KeyFile, entry: Entry, passphrase: str, cost: KdfCost | None = None
) -> KeyFile:
    """Root key and signing key wrapped anew. `cost` None keeps what a guess costs now.

    Raises BadInput for a passphrase too short or a cost below the present one.
    """
    kdf.require_good(passphrase)
    chosen = _chosen_cost(key_file, cost)
    return _with_passphrase(key_file, entry.root, passphrase, chosen, _private(key_file, entry))


def without_old_passphrase(
    key_file: KeyFile, root: bytes, passphrase: str, cost: KdfCost | None = None
) -> KeyFile:
    """A new passphrase and a new signing key, for somebody who holds the root key and not the
    passphrase. Raises BadInput, StepRefused after too many of these.
    """
    kdf.require_good(passphrase)
    chosen = _chosen_cost(key_file, cost)
    retired = replace(key_file, signing_keys=_retired(key_file))
    return _with_passphrase(retired, root, passphrase, chosen, signature.new_private_key())


def with_recovery(key_file: KeyFile, root: bytes, secret: bytes) -> KeyFile:
    """Another recovery key, not confirmed; the one before it opens nothing any more."""
    slot = slots.with_recovery(key_file, root, secret)
    return _next(_with_slot(key_file, slot), keys.derive(root, key_file.vault_id).file)


def with_sealed_recovery(key_file: KeyFile, root: bytes, recipient: bytes) -> KeyFile:
    """The recovery key of another key file, known by its public half, opens this one as well."""
    slot = slots.with_sealed_recovery(key_file, root, recipient)
    return _next(_with_slot(key_file, slot), keys.derive(root, key_file.vault_id).file)


def with_recovery_confirmed(key_file: KeyFile, file_key: bytes) -> KeyFile:
    """The recovery slot marked as read from paper."""
    slot = key_file.slot(SlotKind.RECOVERY)
    if slot is None:
        raise StepRefused("This vault has no recovery key.", advice="Make one first.")
    return _next(_with_slot(key_file, replace(slot, confirmed=True)), file_key)


def with_escrow(key_file: KeyFile, root: bytes, recipient: bytes, label: str) -> KeyFile:
    """The clinic's X25519 public key may open the vault in an emergency."""
    slot = slots.with_escrow(key_file, root, recipient, label)
    return _next(_with_slot(key_file, slot), keys.derive(root, key_file.vault_id).file)


def without_escrow(key_file: KeyFile, file_key: bytes) -> KeyFile:
    """No clinic key opens this vault any more, as far as its present files go."""
    return _next(_without(key_file, SlotKind.ESCROW), file_key)


def rotated(key_file: KeyFile, passphrase: str, secret: bytes | None) -> tuple[KeyFile, bytes]:
    """Everything new that can be: root key, database salt, signing key, recovery key (`secret`
    None for none); the clinic's key stays its key. Also returns the new root key.
    """
    kdf.require_good(passphrase)
    root = token_bytes(KEY_BYTES)
    escrow = key_file.slot(SlotKind.ESCROW)
    base = replace(
        key_file,
        format=FORMAT,
        db_salt=token_bytes(SALT_BYTES).hex(),
        slots=(),
        signing_keys=_retired(key_file),
    )
    cost = _cost_of(key_file)
    made = _with_passphrase(base, root, passphrase, cost, signature.new_private_key())
    if secret is not None:
        made = _with_slot(made, slots.with_recovery(made, root, secret))
    if escrow is not None:
        recipient = bytes.fromhex(escrow.recipient)
        made = _with_slot(made, slots.with_escrow(made, root, recipient, escrow.label))
    return keys.finished(made, keys.derive(root, made.vault_id).file), root


# ---------------------------------------------------------------- inside


def _with_passphrase(
    key_file: KeyFile, root: bytes, passphrase: str, cost: KdfCost, private: bytes
) -> KeyFile:
    base = replace(key_file, format=FORMAT)
    slot = slots.with_passphrase(base, root, passphrase, cost)
    kek = slots.open_passphrase(replace(base, slots=(slot,)), passphrase)
    signing = slots.with_signing_key(base, slot, kek, private)
    kept = tuple(each for each in base.signing_keys if not each.slot)
    changed = replace(_with_slot(base, slot), signing_keys=(*kept, signing))
    return _next(changed, keys.derive(root, base.vault_id).file)


def _next(key_file: KeyFile, file_key: bytes) -> KeyFile:
    return keys.finished(replace(key_file, generation=key_file.generation + 1), file_key)


def _with_slot(key_file: KeyFile, slot: Slot) -> KeyFile:
    without = _without(key_file, slot.kind)
    return replace(without, slots=(*without.slots, slot))


def _without(key_file: KeyFile, kind: SlotKind) -> KeyFile:
    return replace(key_file, slots=tuple(s for s in key_file.slots if s.kind is not kind))


def _retired(key_file: KeyFile) -> tuple[SigningKey, ...]:
    if len(key_file.signing_keys) >= MAX_SIGNING_KEYS:
        raise StepRefused(
            f"This vault has had {MAX_SIGNING_KEYS} signing keys, which is the most.",
            advice="Nothing was changed. Start a new vault; this one stays readable.",
        )
    return tuple(
        SigningKey(slot="", public_key=each.public_key, nonce="", wrapped="")
        for each in key_file.signing_keys
    )


def _private(key_file: KeyFile, entry: Entry) -> bytes:
    return slots.signing_key_of(key_file, entry.kek)


def _cost_of(key_file: KeyFile) -> KdfCost:
    slot = key_file.slot(SlotKind.PASSPHRASE)
    return kdf.FLOOR if slot is None or slot.cost is None else slot.cost


def _chosen_cost(key_file: KeyFile, cost: KdfCost | None) -> KdfCost:
    present = _cost_of(key_file)
    if cost is None:
        return present
    kdf.require_dear(cost)
    cheaper = cost.memory_kib * cost.passes < present.memory_kib * present.passes
    return present if cheaper else cost
