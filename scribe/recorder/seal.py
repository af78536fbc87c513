"""A recording's key on its way from a window to the recorder, so that who passes it on learns
nothing: X25519 with a fresh pair on both sides, HKDF-SHA256, AES-256-GCM. Nothing is kept here.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scribe.errors import EngineError

_PUBLIC_BYTES = 32
# A key that seals one message in its life needs no other nonce.
_NONCE = bytes(12)


class Opener:
    """The recorder's key pair; it lives as long as the process."""

    def __init__(self) -> None:
        self._private = X25519PrivateKey.generate()

    @property
    def public(self) -> str:
        """What others seal with, in hex."""
        return self._private.public_key().public_bytes_raw().hex()

    def open(self, sealed: str, *, about: str) -> bytes:
        """The key that was sealed for us, `about` one visit. Raises EngineError."""
        try:
            raw = bytes.fromhex(sealed)
            theirs, body = raw[:_PUBLIC_BYTES], raw[_PUBLIC_BYTES:]
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(theirs))
            both = theirs + bytes.fromhex(self.public)
            return AESGCM(_derived(shared, both)).decrypt(_NONCE, body, about.encode())
        except (ValueError, InvalidTag) as exc:
            raise EngineError(
                "The key for this recording was not sealed for this recorder."
            ) from exc


def seal(key: bytes, public: str, *, about: str) -> str:
    """`key` for the owner of `public` alone, in hex. Raises EngineError."""
    private = X25519PrivateKey.generate()
    try:
        theirs = bytes.fromhex(public)
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as exc:
        raise EngineError("The recorder gave no usable public key.") from exc
    ours = private.public_key().public_bytes_raw()
    sealed = AESGCM(_derived(shared, ours + theirs)).encrypt(_NONCE, key, about.encode())
    return (ours + sealed).hex()


def _derived(shared: bytes, both: bytes) -> bytes:
    info = b"clinic-scribe recording key"
    return HKDF(algorithm=SHA256(), length=32, salt=both, info=info).derive(shared)
