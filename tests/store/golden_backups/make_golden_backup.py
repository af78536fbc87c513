"""Writes a golden backup of the schema that this checkout has, from the golden vault before it: run
it once for a schema or a form of backup (`python tests/store/golden_backups/make_golden_backup.py`)
and commit the file. Never run it again for what has been released: it is worth something only
because it is old.

`--first`: as the first schema would have been backed up, with its key file of the first format.
"""

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

from scribe.store import keyfile, keys, replica, vault
from scribe.store.backupfile import CONTENTS, Contents, Writer
from scribe.store.database import Database
from scribe.store.trail import Trail

HERE = Path(__file__).parent
FIRST = HERE.parent / "golden" / "v1"
PASSPHRASE = "golden otters wait in the snow"


def first(target: Path) -> None:
    """The golden vault of the first schema, as it lies there, in the form of a backup."""
    key_file, _ = keyfile.read(FIRST)
    working = keys.unlock(key_file, PASSPHRASE)
    with tempfile.TemporaryDirectory() as place:
        looked = Path(place) / "vault.db"
        looked.write_bytes((FIRST / "vault.db").read_bytes())
        database = Database(looked, working.database, bytes.fromhex(key_file.db_salt))
        rows = replica.rows(database)
        last = Trail(database, working.audit, actor="", clock=lambda: datetime.now(UTC)).last()
        database.close()
    assert last is not None
    names = ["vault.db", "vault.anchor", "recordings/e-open.rec"]
    files = {name: (FIRST / name).read_bytes() for name in names}
    with target.open("wb") as file:
        writer = Writer(file, key_file, working.backup)
        contents = Contents(
            vault_id=key_file.vault_id,
            made=datetime(2026, 3, 3, 12, tzinfo=UTC),
            program="0.1.0",
            schema=1,
            size=sum(map(len, files.values())),
            rows=rows,
            log_seq=last.seq,
            log_sha256=last.sha256,
            psychotherapy=False,
        )
        writer.put_record(CONTENTS, contents)
        for name, content in files.items():
            writer.put(name, len(content), (content,))
        writer.finish()


def present(target: Path) -> None:
    """The same vault, opened by this checkout and backed up by it."""
    with tempfile.TemporaryDirectory() as place:
        copytree(FIRST, Path(place) / "vault")
        with vault.open_vault(Path(place) / "vault", PASSPHRASE) as store:
            store.backups.make(target)


if __name__ == "__main__":
    if "--first" in sys.argv:
        first(HERE / "schema-1.scribe-backup")
    else:
        schema = sys.argv[1]
        present(HERE / f"schema-{schema}.scribe-backup")
