"""Ed25519 with domain separation: what verifies, and all that does not."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scribe.signoff import signature

PRIVATE = bytes(range(32))
PUBLIC = signature.public_key_of(PRIVATE)
DIGEST = hashlib.sha256(b"a note").hexdigest()
SIGNED = signature.sign_hash(PRIVATE, DIGEST)


def test_a_signature_verifies_under_its_own_key() -> None:
    assert signature.verify_hash(PUBLIC, DIGEST, SIGNED)
    assert SIGNED.split(":")[1] == signature.fingerprint(PUBLIC)
    assert signature.sign_hash(PRIVATE, DIGEST) == SIGNED


def test_the_same_bytes_signed_for_another_purpose_do_not_fit() -> None:
    bare = Ed25519PrivateKey.from_private_bytes(PRIVATE).sign(bytes.fromhex(DIGEST)).hex()
    assert not signature.verify_hash(
        PUBLIC, DIGEST, f"ed25519:{signature.fingerprint(PUBLIC)}:{bare}"
    )


@pytest.mark.parametrize(
    ("public", "digest", "text"),
    [
        pytest.param(signature.public_key_of(bytes(32)), DIGEST, SIGNED, id="another key"),
        pytest.param(PUBLIC, hashlib.sha256(b"b").hexdigest(), SIGNED, id="another note"),
        pytest.param(PUBLIC, DIGEST, "", id="nothing"),
        pytest.param(PUBLIC, DIGEST, "::", id="only separators"),
        pytest.param(PUBLIC, DIGEST, SIGNED[:-2], id="cut short"),
        pytest.param(PUBLIC, DIGEST, SIGNED + "00", id="too long"),
        pytest.param(PUBLIC, DIGEST, SIGNED.replace("ed25519", "rsa"), id="another scheme"),
        pytest.param(PUBLIC, DIGEST, SIGNED[:-1] + "g", id="not hex"),
        pytest.param(PUBLIC, DIGEST[:-2], SIGNED, id="a short hash"),
        pytest.param(PUBLIC, "no hash", SIGNED, id="no hash"),
        pytest.param(b"", DIGEST, SIGNED, id="no key"),
    ],
)
def test_does_not_verify(public: bytes, digest: str, text: str) -> None:
    assert not signature.verify_hash(public, digest, text)


@pytest.mark.parametrize("digest", ["", "00", "zz" * 32, "00" * 33])
def test_only_a_sha256_is_signed(digest: str) -> None:
    with pytest.raises(ValueError, match=r"SHA-256|hexadecimal"):
        signature.sign_hash(PRIVATE, digest)


def test_new_keys_differ() -> None:
    assert len({signature.new_private_key() for _ in range(5)}) == 5
