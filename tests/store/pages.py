"""Every page of a SQLCipher file and of its log, decrypted with the key: what somebody who has the
keys would find, also in pages and frames that the database no longer uses.
"""

from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

PAGE = 4096
RESERVED = 80
"""16 bytes initialisation vector and 64 bytes HMAC-SHA512 at the end of each page."""
SALT = 16
WAL_HEADER, FRAME_HEADER = 32, 24


def readable(folder: Path, key: bytes, name: str = "vault.db") -> bytes:
    """All plain bytes of a database and its write-ahead log."""
    return b"".join(_decrypted(page, key) for page in _pages(folder, name))


def _pages(folder: Path, name: str) -> Iterator[bytes]:
    whole = (folder / name).read_bytes()
    for start in range(0, len(whole), PAGE):
        page = whole[start : start + PAGE]
        yield bytes(SALT) + page[SALT:] if start == 0 else page
    log = folder / f"{name}-wal"
    frames = log.read_bytes()[WAL_HEADER:] if log.exists() else b""
    for start in range(0, len(frames), FRAME_HEADER + PAGE):
        number = int.from_bytes(frames[start : start + 4], "big")
        page = frames[start + FRAME_HEADER : start + FRAME_HEADER + PAGE]
        if len(page) == PAGE:
            yield bytes(SALT) + page[SALT:] if number == 1 else page


def _decrypted(page: bytes, key: bytes) -> bytes:
    first = page[:SALT] == bytes(SALT)
    content = page[SALT if first else 0 : PAGE - RESERVED]
    vector = page[PAGE - RESERVED : PAGE - RESERVED + 16]
    cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    return cipher.update(content) + cipher.finalize()
