"""Ed25519 over a content hash, with domain separation. Bytes and text only; no file, no note.

A signature is written as `ed25519:<fingerprint>:<signature>`, both parts hex; the fingerprint is
the first 16 bytes of the SHA-256 of the raw public key, so a reader can tell whose key it was.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

SCHEME = "ed25519"

DOMAIN = b"clinic-scribe signed note 1\x00"
"""Signed before every hash, so that a signature made for anything else never fits a note."""


def new_private_key() -> bytes:
    """A fresh raw private key, 32 bytes."""
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.Raw, PrivateFormat.Raw, NoEncryption()
    )


def public_key_of(private_key: bytes) -> bytes:
    """The raw public key, 32 bytes, of a raw private key."""
    public = Ed25519PrivateKey.from_private_bytes(private_key).public_key()
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def fingerprint(public_key: bytes) -> str:
    """Hex of the first 16 bytes of the SHA-256 of a raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:32]


def sign_hash(private_key: bytes, sha256_hex: str) -> str:
    """Sign a content hash (64 hex digits). Raises ValueError when it is not one."""
    message = DOMAIN + _digest(sha256_hex)
    signed = Ed25519PrivateKey.from_private_bytes(private_key).sign(message)
    return f"{SCHEME}:{fingerprint(public_key_of(private_key))}:{signed.hex()}"


def verify_hash(public_key: bytes, sha256_hex: str, signature: str) -> bool:
    """Whether `signature` is this key's over this hash; any malformed text is simply False."""
    scheme, _, rest = signature.partition(":")
    whose, _, signed = rest.partition(":")
    if scheme != SCHEME or whose != fingerprint(public_key):
        return False
    try:
        message = DOMAIN + _digest(sha256_hex)
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(signed), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(sha256_hex: str) -> bytes:
    digest = bytes.fromhex(sha256_hex)
    if len(digest) != hashlib.sha256().digest_size:
        raise ValueError("not a SHA-256")
    return digest
