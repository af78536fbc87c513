"""What happens to a vault when its program is killed, when a second one comes, and when the disk is
full. Each accident happens to a real process of its own.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from scribe import codec
from scribe.errors import VaultBusy
from scribe.ids import EncounterId
from scribe.records import Visit
from scribe.store import keyfile, vault
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault

MakeVisit = Callable[..., Visit]
CANARY = "zymurgist-canary-7741"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")

PREAMBLE = """
import sys
from dataclasses import replace
from pathlib import Path
from scribe import codec
from scribe.errors import DiskFull
from scribe.records import Visit
from scribe.store import vault
folder, passphrase, template = Path(sys.argv[1]), sys.argv[2], codec.from_json(
    Visit, sys.argv[3], what="visit")
def visit(number):
    return replace(template, encounter=replace(template.encounter, id=f"e-{number}"))
def say(text):
    print(text, flush=True)
"""

SAVES_FOR_EVER = """
store = vault.open_vault(folder, passphrase)
say("open")
number = 0
while True:
    store.save(visit(number))
    say(f"kept {number}")
    number += 1
"""

FILLS_THE_DISK = """
import resource
store = vault.open_vault(folder, passphrase)
free = resource.getrlimit(resource.RLIMIT_FSIZE)
longest = max(each.stat().st_size for each in folder.glob("vault.db*"))
resource.setrlimit(resource.RLIMIT_FSIZE, (longest + 150_000, free[1]))
say("open")
number = 0
try:
    while number < 1000:
        store.save(visit(number))
        say(f"kept {number}")
        number += 1
except DiskFull as error:
    say(f"full {number}")
try:
    store.audio_key("e-0")
    store.save(visit(number + 1))
except DiskFull as error:
    say("still full")
resource.setrlimit(resource.RLIMIT_FSIZE, free)
store.save(visit(number))
say(f"kept {number}")
store.close()
say("closed")
"""


@contextmanager
def program(script: str, folder: Path, passphrase: str, visit: Visit) -> Iterator[IO[str]]:
    """A process that works on the vault; killed when the block ends."""
    arguments = [str(folder), passphrase, codec.to_json(visit)]
    running = subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + script, *arguments], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    try:
        yield running.stdout
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def readable(folder: Path, text: str) -> list[str]:
    spelled = (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"))
    return [
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(each in path.read_bytes() for each in spelled)
    ]


@POSIX
@pytest.mark.parametrize("acknowledged", [1, 7, 20])
def test_killed_in_the_middle_of_its_work(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit, acknowledged: int
) -> None:
    opened.close()
    said = make_visit(text=f"Says {CANARY}. " * 40, label=CANARY)
    with program(SAVES_FOR_EVER, folder, passphrase, said) as told:
        assert told.readline() == "open\n"
        kept = [told.readline() for _ in range(acknowledged)]
    assert kept[-1] == f"kept {acknowledged - 1}\n"
    assert (folder / "vault.db-wal").exists(), "it was not killed in the middle of its work"
    assert readable(folder, CANARY) == []
    with vault.open_vault(folder, passphrase) as again:
        numbers = sorted(int(each.id.removeprefix("e-")) for each in again.list())
        assert numbers == list(range(len(numbers)))
        assert len(numbers) >= acknowledged
        last = again.load(EncounterId(f"e-{acknowledged - 1}"))
        assert last.transcript == said.transcript
    assert vault.verify_vault(folder, passphrase).problems == ()
    assert readable(folder, CANARY) == []


@POSIX
def test_a_second_program_is_refused_until_the_first_is_gone(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    opened.close()
    with program(SAVES_FOR_EVER, folder, passphrase, make_visit()) as told:
        assert told.readline() == "open\n"
        for act in (vault.open_vault, vault.verify_vault):
            with pytest.raises(VaultBusy):
                act(folder, passphrase)
        assert told.readline().startswith("kept")
    vault.open_vault(folder, passphrase).close()


@POSIX
def test_a_full_disk_keeps_the_last_complete_state(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    opened.close()
    with program(FILLS_THE_DISK, folder, passphrase, make_visit(text="Weak today. " * 400)) as told:
        lines = [line.strip() for line in told]
    assert lines[0] == "open"
    assert lines[-1] == "closed"
    assert "still full" in lines
    full = next(int(line.removeprefix("full ")) for line in lines if line.startswith("full "))
    assert full >= 1, "the limit was too low to see anything kept"
    kept = [int(line.removeprefix("kept ")) for line in lines if line.startswith("kept ")]
    assert kept == [*range(full), full]
    with vault.open_vault(folder, passphrase) as again:
        assert sorted(int(each.id[2:]) for each in again.list()) == kept
    assert vault.verify_vault(folder, passphrase).problems == ()
    assert not list(folder.glob("*.probe"))


CREATES_ON_A_FULL_DISK = """
import resource
from scribe.store.keyfile import KdfCost
resource.setrlimit(resource.RLIMIT_FSIZE, (int(template.encounter.specialty),) * 2)
try:
    vault.create_vault(folder, passphrase, clinician="A",
                       test_cost=KdfCost(memory_kib=64, passes=1, lanes=1))
    say("created")
except DiskFull:
    say("full")
"""


@POSIX
@pytest.mark.parametrize("limit", [0, 500, 1000, 5000, 20_000, 60_000])
def test_no_half_vault_is_left_by_a_full_disk(
    folder: Path, passphrase: str, make_visit: MakeVisit, limit: int
) -> None:
    visit = make_visit()
    limited = codec.plain(visit)
    limited["encounter"]["specialty"] = str(limit)
    template = codec.from_plain(Visit, limited, what="visit")
    with program(CREATES_ON_A_FULL_DISK, folder, passphrase, template) as told:
        assert told.readline() == "full\n"
    assert not folder.exists()
    assert not list(folder.parent.glob(".vault*"))


DIES_WHILE_CREATING = """
import os
from scribe.store import opening
from scribe.store.keyfile import KdfCost
opening.put_in_place = lambda built, folder: os.kill(os.getpid(), 9)
say("ready")
vault.create_vault(folder, passphrase, clinician="A",
                   test_cost=KdfCost(memory_kib=64, passes=1, lanes=1))
"""


@POSIX
def test_a_creation_that_was_killed_can_be_repeated(
    folder: Path, passphrase: str, make_visit: MakeVisit, fast: KdfCost
) -> None:
    with program(DIES_WHILE_CREATING, folder, passphrase, make_visit()) as told:
        assert [line.strip() for line in told] == ["ready"]
    assert not folder.exists()
    with vault.create_vault(folder, passphrase, clinician="A", test_cost=fast) as store:
        assert store.list() == ()


CHANGES_KEYS_ON_A_FULL_DISK = """
import resource
from scribe.store import keyfile
current, _ = keyfile.read(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    keyfile.write(folder, keyfile.sealed(replace(current, generation=2)))
except DiskFull:
    say("full")
"""


@POSIX
def test_a_full_disk_leaves_the_key_file(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    opened.close()
    before = (folder / keyfile.CURRENT).read_bytes()
    with program(CHANGES_KEYS_ON_A_FULL_DISK, folder, passphrase, make_visit()) as told:
        assert told.readline() == "full\n"
    assert (folder / keyfile.CURRENT).read_bytes() == before
    vault.open_vault(folder, passphrase).close()
