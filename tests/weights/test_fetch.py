"""A model comes whole and verified or not at all, by whichever source, however often it breaks."""

import errno
import io
import shutil
import threading
import zipfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest

from scribe.errors import Cancelled, DiskFull, FetchFailed
from scribe.events import Event, Progress
from scribe.ids import ModelId
from scribe.weights import fetch as fetching
from scribe.weights import verify
from scribe.weights.catalogue import Kind, ModelCard, ModelFile, WheelPart
from scribe.weights.wheels import Watch

BIG = bytes(range(256)) * 40_000
SMALL = b'{"a": 1}'
PARTS = (BIG[:4_000_000], BIG[4_000_000:8_000_000], BIG[8_000_000:])
HTTPS = "https://models.example/tiny/"


def file(name: str, data: bytes) -> ModelFile:
    return ModelFile(name=name, bytes=len(data), sha256=sha256(data).hexdigest())


def part(package: str, member: str, name: str, data: bytes) -> WheelPart:
    return WheelPart(
        package=package,
        member=member,
        file=name,
        bytes=len(data),
        sha256=sha256(data).hexdigest(),
    )


def card(*, wheels: bool = True, https: str = "") -> ModelCard:
    parts = [part(f"part{n}==1.0", f"data/p{n}", "model.bin", d) for n, d in enumerate(PARTS)]
    return ModelCard(
        id=ModelId("tiny"),
        kind=Kind.SPEECH,
        title="t",
        licence="MIT",
        memory_bytes=1,
        memory_measured=False,
        files=(file("model.bin", BIG), file("config.json", SMALL)),
        https=https,
        wheels=(*parts, part("part0==1.0", "data/config.json", "config.json", SMALL))
        if wheels
        else (),
    )


class Index:
    """A package index: wheels by pinned name, faults to order, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.members = {f"part{n}==1.0": {f"data/p{n}": data} for n, data in enumerate(PARTS)}
        self.members["part0==1.0"]["data/config.json"] = SMALL
        self.faults: dict[str, Exception] = {}

    def __call__(self, package: str, folder: Path, watch: Watch) -> None:
        self.asked[package] += 1
        watch()
        if package in self.faults:
            raise self.faults.pop(package)
        name = package.replace("==", "-")
        with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
            for member, data in self.members[package].items():
                wheel.writestr(member, data)


@pytest.fixture
def index() -> Index:
    return Index()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


class Stopping:
    """A stop that is asked for at the n-th question."""

    def __init__(self, after: int) -> None:
        self.left = after

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


def content(folder: Path) -> dict[str, bytes]:
    place = folder / "tiny"
    return {each.name: each.read_bytes() for each in place.iterdir()} if place.exists() else {}


WHOLE = {"model.bin": BIG, "config.json": SMALL}


# ---------------------------------------------------------------- must not be put into place


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param({"part1==1.0": {"data/p1": PARTS[1][:-1]}}, id="a part too short"),
        pytest.param({"part1==1.0": {"data/p1": PARTS[1] + b"x"}}, id="a part too long"),
        pytest.param({"part1==1.0": {"data/p1": PARTS[2]}}, id="another part"),
        pytest.param({"part1==1.0": {"../data/p1": PARTS[1]}}, id="a member that leaves"),
        pytest.param({"part1==1.0": {}}, id="no member"),
    ],
)
def test_a_wrong_part_is_refused_and_the_good_ones_kept(
    spoil: dict[str, dict[str, bytes]], index: Index, folder: Path
) -> None:
    good = dict(index.members)
    index.members.update(spoil)
    with pytest.raises(FetchFailed, match="part1"):
        fetching.fetch(card(), folder, download=index)
    assert content(folder) == {}
    assert {each.name for each in folder.iterdir()} == {fetching.STAGING}

    index.members = good
    fetching.fetch(card(), folder, download=index)
    assert content(folder) == WHOLE
    assert index.asked == {"part0==1.0": 1, "part1==1.0": 2, "part2==1.0": 1}


def test_a_damaged_archive_is_a_known_error(index: Index, folder: Path) -> None:
    def broken(package: str, here: Path, watch: Watch) -> None:
        index(package, here, watch)
        wheel = next(here.glob("*.whl"))
        data = bytearray(wheel.read_bytes())
        data[2_000_000] ^= 1
        wheel.write_bytes(data)

    with pytest.raises(FetchFailed, match="part0"):
        fetching.fetch(card(), folder, download=broken)
    assert content(folder) == {}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_a_full_disk_says_so(number: int, index: Index, folder: Path) -> None:
    index.faults["part1==1.0"] = OSError(number, "No space left on device")
    with pytest.raises(DiskFull, match="kept"):
        fetching.fetch(card(), folder, download=index)
    assert content(folder) == {}


def test_too_little_room_is_said_before_anything_is_fetched(
    index: Index, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**9, 10**9, 10**6))
    with pytest.raises(DiskFull, match=r"0\.2 GB .* 0\.0 GB"):
        fetching.fetch(card(), folder, download=index)
    assert not index.asked


def test_a_stop_keeps_the_parts_that_came(index: Index, folder: Path) -> None:
    with pytest.raises(Cancelled):
        fetching.fetch(card(), folder, download=index, stop=Stopping(2))
    assert content(folder) == {}
    before = Counter(index.asked)
    fetching.fetch(card(), folder, download=index)
    assert content(folder) == WHOLE
    assert index.asked["part0==1.0"] == before["part0==1.0"] == 1


# ---------------------------------------------------------------- must be put into place


def test_parts_become_the_published_files_and_nothing_else_stays(
    index: Index, folder: Path
) -> None:
    place = fetching.fetch(card(), folder, download=index)
    assert place == folder / "tiny"
    assert content(folder) == WHOLE
    assert {each.name for each in (folder / fetching.STAGING).iterdir()} <= {"tiny.lock"}


def test_a_model_that_is_there_is_left_alone(index: Index, folder: Path) -> None:
    fetching.fetch(card(), folder, download=index)
    fetching.fetch(card(), folder, download=index)
    assert set(index.asked.values()) == {1}
    fetching.fetch(card(), folder, download=index, again=True)
    assert set(index.asked.values()) == {2}
    assert content(folder) == WHOLE


def test_a_damaged_model_is_fetched_anew(index: Index, folder: Path) -> None:
    fetching.fetch(card(), folder, download=index)
    (folder / "tiny" / "model.bin").write_bytes(b"rotten")
    fetching.fetch(card(), folder, download=index)
    assert content(folder) == WHOLE


def test_a_part_torn_by_a_crash_is_cut_off_and_fetched_again(index: Index, folder: Path) -> None:
    staging = folder / fetching.STAGING / "tiny"
    staging.mkdir(parents=True)
    (staging / "model.bin").write_bytes(PARTS[0] + PARTS[1][:1000] + b"\0" * 500)
    (staging / ".wheel-of-the-killed").mkdir()
    fetching.fetch(card(), folder, download=index)
    assert content(folder) == WHOLE


def test_two_at_once_fetch_once(index: Index, folder: Path) -> None:
    inside = threading.Event()
    second_waits = threading.Event()

    def slow(package: str, here: Path, watch: Watch) -> None:
        inside.set()
        second_waits.wait(20)
        index(package, here, watch)

    class Noticing:
        """Asked by the second fetch each time it found the first one still there."""

        def __init__(self) -> None:
            self.questions = 0

        def is_set(self) -> bool:
            self.questions += 1
            if self.questions > 1:
                second_waits.set()
            return False

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(fetching.fetch, card(), folder, download=slow)
        assert inside.wait(20)
        second = pool.submit(fetching.fetch, card(), folder, download=index, stop=Noticing())
        assert first.result(30) == second.result(30) == folder / "tiny"
    assert set(index.asked.values()) == {1}


def test_progress_rises_to_the_size_of_the_model(index: Index, folder: Path) -> None:
    told: list[Event] = []
    fetching.fetch(card(), folder, download=index, tell=told.append)
    steps = [each for each in told if isinstance(each, Progress)]
    assert [each.done for each in steps] == sorted(each.done for each in steps)
    assert (steps[-1].done, steps[-1].total, steps[-1].unit) == (
        len(BIG) + len(SMALL),
        len(BIG) + len(SMALL),
        "bytes",
    )


def test_a_fetched_model_need_not_be_hashed_again(index: Index, folder: Path) -> None:
    fetching.fetch(card(), folder, download=index)
    assert (folder / verify.MEMORY_FILE).read_text(encoding="utf-8").count('"sha256"') == 2
    assert verify.locate(card(), folder) == folder / "tiny"


# ---------------------------------------------------------------- the publisher's server


class Answer(io.BytesIO):
    """An answer of a web server that may break off after `breaks` bytes."""

    def __init__(self, data: bytes, status: int, url: str, breaks: int | None = None) -> None:
        super().__init__(data)
        self.status = status
        self.url = url
        self.breaks = breaks

    def read(self, amount: int | None = -1, /) -> bytes:
        if self.breaks is not None and self.tell() >= self.breaks:
            raise ConnectionResetError
        return super().read(amount)


class Server:
    """A web server of the two files, with or without ranges."""

    def __init__(self, *, ranges: bool = True, breaks: int | None = None, url: str = HTTPS):
        self.ranges = ranges
        self.breaks = breaks
        self.url = url
        self.asked: list[tuple[str, str | None]] = []

    def __call__(self, request: Request) -> Answer:
        name = request.full_url.removeprefix(HTTPS)
        wanted = request.get_header("Range")
        self.asked.append((name, wanted))
        start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if wanted and self.ranges:
            return Answer(WHOLE[name][start:], 206, self.url + name, self.breaks)
        return Answer(WHOLE[name], 200, self.url + name, self.breaks)


def from_web(folder: Path, open_url: Callable[[Request], fetching.Reply]) -> Path:
    return fetching.fetch(card(wheels=False, https=HTTPS), folder, open_url=open_url)


def refusing(request: Request) -> fetching.Reply:
    raise HTTPError(request.full_url, 404, "Not Found", None, None)  # type: ignore[arg-type]  # typeshed wants headers


def unreachable(request: Request) -> fetching.Reply:
    raise URLError("no route")


@pytest.mark.parametrize(
    ("open_url", "words"),
    [
        pytest.param(refusing, "404", id="not there"),
        pytest.param(unreachable, "could not be reached", id="no network"),
        pytest.param(Server(url="http://models.example/"), "unprotected", id="led to http"),
        pytest.param(lambda r: Answer(b"x" * len(BIG), 200, HTTPS), "expected", id="other bytes"),
        pytest.param(lambda r: Answer(BIG[:100], 200, HTTPS), "broke off", id="too few bytes"),
    ],
)
def test_a_bad_publisher_is_refused(
    open_url: Callable[[Request], fetching.Reply], words: str, folder: Path
) -> None:
    with pytest.raises(FetchFailed, match=words):
        from_web(folder, open_url)
    assert content(folder) == {}


@pytest.mark.parametrize("ranges", [True, False], ids=["with ranges", "without ranges"])
def test_a_broken_connection_is_taken_up_again(ranges: bool, folder: Path) -> None:
    with pytest.raises(FetchFailed, match="kept"):
        from_web(folder, Server(breaks=3_000_000))
    server = Server(ranges=ranges)
    from_web(folder, server)
    assert content(folder) == WHOLE
    name, wanted = server.asked[0]
    assert name == "model.bin"
    assert wanted is not None


def test_when_the_packages_fail_the_publisher_is_asked(index: Index, folder: Path) -> None:
    index.faults["part2==1.0"] = FetchFailed("no such package")
    server = Server()
    fetching.fetch(card(https=HTTPS), folder, download=index, open_url=server)
    assert content(folder) == WHOLE
    assert server.asked == [("model.bin", "bytes=8000000-")]


def test_when_all_fail_every_reason_is_named(index: Index, folder: Path) -> None:
    index.faults["part0==1.0"] = FetchFailed("no such package")
    with pytest.raises(FetchFailed, match=r"no such package.*could not be reached"):
        fetching.fetch(card(https=HTTPS), folder, download=index, open_url=unreachable)


def test_a_model_brought_by_hand_has_no_source(folder: Path) -> None:
    with pytest.raises(FetchFailed, match="by hand"):
        fetching.fetch(card(wheels=False), folder)
