"""The clinic's key for emergencies: an X25519 pair in two small files. The public half lies with
every vault of the clinic, the private half in its safe and on no computer.

The private file opens every vault that was sealed to it; it is not encrypted by us.
"""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from scribe import codec
from scribe.errors import BadInput, DiskFull, StoreError
from scribe.files import write_whole
from scribe.signoff import signature
from scribe.store.keyfile import FULL, KEY_BYTES, MAX_LABEL

PUBLIC_KIND = "clinic-scribe clinic public key"
PRIVATE_KIND = "clinic-scribe clinic private key"
_MOST_BYTES = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicKey:
    """One half of a clinic's key as it stands in a file; `key` is hex."""

    kind: str
    label: str
    key: str = field(repr=False)

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return bytes.fromhex(self.key)

    @property
    def fingerprint(self) -> str:
        """To compare the public half over the telephone; the same for both halves."""
        public = self.raw if self.kind == PUBLIC_KIND else _public_of(self.raw)
        return signature.fingerprint(public)


def new_pair(label: str) -> tuple[ClinicKey, ClinicKey]:
    """A fresh public and private half. `label` names the clinic. Raises BadInput."""
    label = label.strip()
    if not 0 < len(label) <= MAX_LABEL or not label.isprintable():
        raise BadInput(f"The name of the clinic's key has 1 to {MAX_LABEL} letters.")
    try:
        private = X25519PrivateKey.generate()
    except UnsupportedAlgorithm as exc:
        raise StoreError("This computer's cryptography cannot make such a key.") from exc
    return (
        ClinicKey(kind=PUBLIC_KIND, label=label, key=private.public_key().public_bytes_raw().hex()),
        ClinicKey(kind=PRIVATE_KIND, label=label, key=private.private_bytes_raw().hex()),
    )


def write(path: Path, key: ClinicKey) -> None:
    """Keep one half in a file that is not there yet. Raises BadInput, DiskFull, StoreError."""
    if path.exists():
        raise BadInput(f"{path} is there already; it was left as it is.")
    try:
        write_whole(path, (codec.to_json(key, indent=2) + "\n").encode())
    except OSError as exc:
        if exc.errno in FULL:
            raise DiskFull("The disk is full; the key was not written.") from exc
        raise StoreError(f"{path} cannot be written ({exc.strerror}).") from exc


def read(path: Path, kind: str) -> ClinicKey:
    """One half from its file. Raises BadInput, which never repeats what stood there."""
    try:
        with path.open("rb") as file:
            key = codec.from_json(ClinicKey, file.read(_MOST_BYTES), what="The clinic's key")
    except OSError as exc:
        raise BadInput(f"{path} cannot be read ({exc.strerror}).") from exc
    if key.kind != kind:
        raise BadInput(f"{path} is not a {kind}.")
    if len(key.key) != 2 * KEY_BYTES or set(key.key) - set("0123456789abcdef"):
        raise BadInput(f"{path} does not hold a key of {KEY_BYTES} bytes.")
    if not 0 < len(key.label) <= MAX_LABEL or not key.label.isprintable():
        raise BadInput(f"{path} does not hold the name of a clinic.")
    return key


def _public_of(private: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
