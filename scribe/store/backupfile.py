"""The form of a backup file, written and read as a stream; knows no vault and no database.

    start     "SCRBBKUP" | format (2 bytes) | size of the key file (2) | key file | salt (32)
    pieces    AES-256-GCM of 256 KiB each, the last one of what is left, each with its tag (16)

In the clear are the format and the vault's key file as it lies beside its database: who opens that
(passphrase, recovery key, clinic's key) has the root key, from which comes the key of backups. The
key of one file is HKDF-SHA256 of that key, with the salt and bound to the whole start; the nonce of
a piece is its number and whether it is the last. So a piece can be neither changed, moved, taken
from another backup nor left out, and a file cut short has no last piece. What the pieces hold:

    part      size of its name (1 byte) | name | size of its content (8) | content
    first     "contents": what there is, in all; last "manifest": SHA-256 of each part before it

Numbers are big-endian.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_bytes
from typing import BinaryIO, Self, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from scribe import codec
from scribe.errors import BackupUnusable, BadInput, Cancelled, StoreError, VaultDamaged
from scribe.events import Progress, Stop, Tell
from scribe.store import keyfile
from scribe.store.keyfile import KeyFile

T = TypeVar("T")

MAGIC = b"SCRBBKUP"
FORMAT = 1
PIECE = 256 * 1024
SALT_BYTES = 32
TAG_BYTES = 16
BLOCK = 1024 * 1024
"""How much of a part is in memory at once."""

CONTENTS, MANIFEST = "contents", "manifest"
PART_NAME = re.compile(
    r"contents|manifest|vault\.db|vault\.anchor|psychotherapy/(?:vault\.key|psychotherapy\.db)"
    r"|recordings/[A-Za-z0-9_-]{1,64}(?:\.[0-9]{1,6})?\.rec"
)
"""Names become files: a part of any other name is refused."""

_MOST_RECORD_BYTES = 256 * 1024 * 1024
"""The most that a record inside a backup may take: a manifest of a million parts fits."""

ALTERED = "This backup is not what was written: it was changed or cut short."


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup holds, told before all the rest.

    Attributes:
        made: aware time.
        schema: of the vault's database.
        size: bytes of all parts together.
        rows: rows of each table of the database, by name.
        log_seq: number of the last row of the audit log, and log_sha256 its hash.
    """

    vault_id: str
    made: datetime
    program: str
    schema: int
    size: int
    rows: tuple[tuple[str, int], ...]
    log_seq: int
    log_sha256: str
    psychotherapy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file in a backup, as it was read from the vault."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All files of a backup, in the order they lie in it."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The part of a backup that is in the clear."""

    key_file: KeyFile
    salt: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The only byte form of it."""
        content = keyfile.to_bytes(self.key_file)
        numbers = FORMAT.to_bytes(2) + len(content).to_bytes(2)
        return MAGIC + numbers + content + self.salt


class Counter:
    """Tells how far a long step is, in bytes, and stops it when asked to."""

    def __init__(self, step: str, total: int, tell: Tell, stop: Stop) -> None:
        self._step, self._total, self._tell, self._stop = step, total, tell, stop
        self._done = 0

    def add(self, size: int) -> None:
        """So much more is done. Raises Cancelled."""
        if self._stop.is_set():
            raise Cancelled("The backup was stopped.")
        self._done += size
        self._tell(Progress(step=self._step, done=self._done, total=self._total, unit="bytes"))

    def blocks(self, file: BinaryIO, size: int) -> Iterator[bytes]:
        """The next `size` bytes of a file, counted; fewer when it ends before."""
        while size and (block := file.read(min(BLOCK, size))):
            size -= len(block)
            self.add(len(block))
            yield block


class Writer:
    """Writes one backup; `finish` makes it whole. Raises OSError as the file does."""

    def __init__(self, file: BinaryIO, key_file: KeyFile, key: bytes) -> None:
        """`key`: the vault's key of backups, 32 bytes."""
        start = Start(key_file=key_file, salt=token_bytes(SALT_BYTES))
        self._file, self._cipher = file, _cipher(start, key)
        self._pending = bytearray()
        self._number = 0
        self._parts: list[Part] = []
        file.write(start.to_bytes())

    def put_record(self, name: str, record: object) -> None:
        """A part that is JSON."""
        content = codec.canonical(record)
        self.put(name, len(content), (content,))

    def put(self, name: str, size: int, blocks: Iterable[bytes]) -> None:
        """One part of exactly `size` bytes. Raises StoreError when `blocks` are not that."""
        coded = name.encode("ascii")
        self._write(len(coded).to_bytes(1) + coded + size.to_bytes(8))
        digest, rest = hashlib.sha256(), size
        for block in blocks:
            digest.update(block)
            self._write(block)
            rest -= len(block)
        if rest:
            raise StoreError(
                "A file of the vault changed while it was copied.",
                advice="No backup was made. Older ones are kept. Try again.",
            )
        self._parts.append(Part(name=name, size=size, sha256=digest.hexdigest()))

    def finish(self) -> Manifest:
        """Write the manifest and the last piece."""
        manifest = Manifest(parts=tuple(self._parts))
        self.put_record(MANIFEST, manifest)
        self._seal(bytes(self._pending), last=True)
        return manifest

    def _write(self, data: bytes) -> None:
        self._pending += data
        # One byte more than a piece: the last piece may be full, but never empty.
        while len(self._pending) > PIECE:
            self._seal(bytes(self._pending[:PIECE]), last=False)
            del self._pending[:PIECE]

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), plain, None))
        self._number += 1


class Reader:
    """Reads one backup from its beginning. Everything raises BackupUnusable for what is not what
    was written; nothing is told of a piece before it was authenticated.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Read the start. Raises StoreError for a backup of a newer version."""
        self._file = file
        self.start = _read_start(file)
        self._cipher: AESGCM | None = None
        self._ahead = b""
        self._plain = b""
        self._at = 0
        self._number = 0
        self._ended = False

    def unlock(self, key: bytes) -> Self:
        """Go on with the vault's key of backups, 32 bytes."""
        self._cipher = _cipher(self.start, key)
        self._ahead = self._read_file(PIECE + TAG_BYTES)
        return self

    def next_part(self) -> tuple[str, int]:
        """Name and size of the next part, whose content `blocks` has to take next."""
        name = self._take(self._take(1)[0]).decode("ascii", errors="replace")
        if not PART_NAME.fullmatch(name):
            raise BackupUnusable("This backup holds a part that none has.")
        return name, int.from_bytes(self._take(8))

    def blocks(self, size: int) -> Iterator[bytes]:
        """The content of a part, piece by piece."""
        while size:
            block = self._some(size)
            size -= len(block)
            yield block

    def contents(self) -> Contents:
        """The first part."""
        found = self._record(Contents, CONTENTS, *self.next_part())
        if found.vault_id != self.start.key_file.vault_id:
            raise BackupUnusable(ALTERED)
        return found

    def manifest(self, size: int) -> Manifest:
        """The last part, of `size` bytes, behind which there is nothing."""
        found = self._record(Manifest, MANIFEST, MANIFEST, size)
        if self._at < len(self._plain) or not self._ended:
            raise BackupUnusable(ALTERED)
        return found

    def _record(self, kind: type[T], wanted: str, name: str, size: int) -> T:
        if name != wanted or size > _MOST_RECORD_BYTES:
            raise BackupUnusable(ALTERED)
        try:
            return codec.from_json(kind, self._take(size), what="The backup")
        except BadInput as exc:
            raise BackupUnusable(ALTERED) from exc

    def _take(self, size: int) -> bytes:
        return b"".join(self.blocks(size))

    def _some(self, most: int) -> bytes:
        """At least one byte and `most` at most."""
        if self._at == len(self._plain):
            self._open_piece()
        found = self._plain[self._at : self._at + most]
        self._at += len(found)
        return found

    def _open_piece(self) -> None:
        assert self._cipher is not None, "unlock comes first"
        if self._ended:
            raise BackupUnusable(ALTERED)
        sealed, self._ahead = self._ahead, self._read_file(PIECE + TAG_BYTES)
        self._ended = not self._ahead
        try:
            nonce = _nonce(self._number, last=self._ended)
            self._plain = self._cipher.decrypt(nonce, sealed, None)
        except InvalidTag as exc:
            raise BackupUnusable(ALTERED) from exc
        if not self._plain:
            raise BackupUnusable(ALTERED)
        self._number += 1
        self._at = 0

    def _read_file(self, size: int) -> bytes:
        return _read(self._file, size)


def _read_start(file: BinaryIO) -> Start:
    fixed = _read(file, len(MAGIC) + 4)
    if not fixed.startswith(MAGIC) or len(fixed) < len(MAGIC) + 4:
        raise BackupUnusable("This file is not a backup of a vault.")
    number, size = int.from_bytes(fixed[-4:-2]), int.from_bytes(fixed[-2:])
    if number > FORMAT:
        raise BackupUnusable(
            "This backup was written by a newer version of the program.",
            advice="Nothing was changed. Update the program.",
        )
    if number != FORMAT or size > keyfile.MAX_BYTES:
        raise BackupUnusable(ALTERED)
    content, salt = _read(file, size), _read(file, SALT_BYTES)
    try:
        start = Start(key_file=keyfile.from_bytes(content), salt=salt)
    except VaultDamaged as exc:
        raise BackupUnusable(ALTERED) from exc
    if len(salt) != SALT_BYTES:
        raise BackupUnusable(ALTERED)
    return start


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as exc:
        raise BackupUnusable(f"The backup cannot be read ({exc.strerror}).") from exc


def _cipher(start: Start, key: bytes) -> AESGCM:
    about = b"clinic-scribe backup file " + hashlib.sha256(start.to_bytes()).digest()
    made = HKDF(algorithm=SHA256(), length=keyfile.KEY_BYTES, salt=start.salt, info=about)
    return AESGCM(made.derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + (b"\x01" if last else b"\x00")
