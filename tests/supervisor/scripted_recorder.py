"""A recorder that counts instead of recording. Not a test itself."""

import os
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from scribe import sandbox


def read(folder: Path) -> None:
    for line in sys.stdin:
        if line.strip() == "die":
            os.kill(os.getpid(), 9)
    finish(folder)


def finish(folder: Path) -> None:
    (folder / "recorder-finished").touch()
    os._exit(0)


def main() -> None:
    folder = Path(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda number, frame: finish(folder))
    sandbox.die_with_parent(signal.SIGTERM)
    (folder / "recorder").write_text(str(os.getpid()))
    Thread(target=read, args=(folder,), daemon=True).start()
    for number in range(100_000):
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        (folder / "count").write_text(str(number))
        time.sleep(0.02)


if __name__ == "__main__":
    main()
