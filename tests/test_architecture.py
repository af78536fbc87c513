"""The floor plan of the house, as a test. Read MAY_IMPORT from the top: it is the architecture."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

GROUND = {
    "scribe",
    "scribe.ids",
    "scribe.records",
    "scribe.errors",
    "scribe.events",
    "scribe.ports",
    "scribe.codec",
    "scribe.resources",
    "scribe.files",
}
CORE = GROUND | {"scribe.paths", "scribe.settings", "scribe.log", "scribe.notetext"}

# room -> rooms of ours it may name; a room that is not here fails
MAY_IMPORT: dict[str, set[str]] = {
    "scribe": set(),
    "scribe.ids": set(),
    "scribe.errors": set(),
    "scribe.files": set(),
    "scribe.sandbox": set(),
    "scribe.children": {"scribe"},
    "scribe.supervisor": {"scribe.children"},
    "scribe.records": {"scribe.ids"},
    "scribe.events": {"scribe.records"},
    "scribe.ports": {"scribe.events", "scribe.ids", "scribe.records"},
    "scribe.codec": {"scribe.errors"},
    "scribe.resources": {"scribe.errors"},
    "scribe.paths": {"scribe.errors"},
    "scribe.settings": {"scribe.codec", "scribe.errors", "scribe.ids"},
    "scribe.log": {"scribe.errors", "scribe.paths"},
    "scribe.consent": GROUND,
    "scribe.session": {"scribe.consent", "scribe.errors", "scribe.ids", "scribe.records"},
    "scribe.notetext": {"scribe.ids", "scribe.records"},
    "scribe.fakes": {"scribe.errors", "scribe.events", "scribe.ids", "scribe.ports"}
    | {"scribe.consent", "scribe.records"},
    # the stages: the ground floor and nothing of each other
    "scribe.audio": GROUND,
    "scribe.speech": GROUND,
    "scribe.draft": GROUND,
    "scribe.coding": GROUND,
    "scribe.signoff": GROUND,
    "scribe.export": GROUND | {"scribe.notetext"},
    "scribe.store": GROUND | {"scribe.consent", "scribe.paths", "scribe.signoff"},
    "scribe.weights": GROUND | {"scribe.paths"},
    "scribe.worker": GROUND
    | {"scribe.children", "scribe.sandbox", "scribe.audio", "scribe.speech", "scribe.draft"},
    "scribe.recorder": GROUND | {"scribe.audio", "scribe.consent", "scribe.sandbox"},
    # the few that know several rooms
    "scribe.doctor": CORE | {"scribe.weights"},
    # proving on a person's machine that nothing calls: the watch, and the visit that is watched
    "scribe.offline": {"scribe.children", "scribe.errors", "scribe.sandbox"},
    "scribe.shortvisit": CORE
    | {"scribe.build", "scribe.pipeline", "scribe.children", "scribe.consent", "scribe.export"}
    | {"scribe.fakes", "scribe.signoff", "scribe.store"},
    "scribe.live": CORE | {"scribe.audio", "scribe.consent", "scribe.draft", "scribe.speech"},
    "scribe.pipeline": CORE
    | {"scribe.speech", "scribe.draft", "scribe.coding", "scribe.signoff", "scribe.worker"},
    "scribe.build": CORE | {"scribe.store", "scribe.weights", "scribe.worker"},
    "scribe.commands": CORE
    | {"scribe.build", "scribe.pipeline", "scribe.doctor", "scribe.draft", "scribe.coding"}
    | {"scribe.offline"}
    | {"scribe.store", "scribe.weights", "scribe.worker"},
    "scribe.cli": GROUND | {"scribe.commands"},
    # the window: clients of the pipeline, never of an engine or a rule
    "gui": CORE
    | {"scribe.supervisor", "scribe.sandbox", "scribe.children", "scribe.recorder"}
    | {"scribe.build", "scribe.pipeline", "scribe.live", "scribe.session", "scribe.fakes"}
    # scribe.store: the keys of a vault and what it keeps how long, for the security page; through
    # one door of the window (test_the_window_reaches_the_store_through_one_door)
    | {"scribe.consent", "scribe.store"}
    | {"scribe.audio", "scribe.signoff", "scribe.export", "scribe.draft", "scribe.coding"},
}

# a library -> the only files (or folders) that may name it
ONLY_HERE = {
    "PySide6": ("gui/",),
    "llama_cpp": ("scribe/draft/llama.py",),
    "faster_whisper": ("scribe/speech/whisper.py",),
    "ctranslate2": ("scribe/speech/whisper.py",),
    "onnxruntime": ("scribe/speech/silero.py",),
    "av": (),
    "huggingface_hub": (),
    "sounddevice": ("scribe/audio/capture.py",),
    "soundfile": ("scribe/audio/importfile.py",),
    "sqlcipher3": ("scribe/store/database.py",),
    "sqlite3": (),
    # By name only, from a table of backends (scribe/store/keystore.py): importing it as usual would
    # let its configuration file choose what code runs.
    "keyring": (),
    "pickle": (),
    "socket": (),
    "ssl": (),
    "http": ("scribe/weights/fetch.py",),
    "urllib": ("scribe/weights/fetch.py", "scribe/weights/https.py"),
    "requests": (),
    "httpx": (),
    "concurrent": ("gui/tasks.py",),
    "asyncio": (),
    "multiprocessing": (),
    # parts of our own that only one place may load
    "scribe.speech.whisper": ("scribe/worker/main.py",),
    "scribe.speech.silero": ("scribe/speech/whisper.py",),
    "scribe.audio.capture": ("scribe/recorder/main.py",),
    "scribe.audio.importfile": ("scribe/worker/reader.py",),
    "scribe.draft.llama": ("scribe/worker/main.py",),
    "scribe.weights.fetch": ("scribe/commands/models.py",),
    "PySide6.QtNetwork": (),
    "threading.Thread": ("gui/tasks.py", "scribe/recorder/main.py", "scribe/supervisor.py"),
    "threading.Timer": ("scribe/worker/",),
}
LONGEST = 350
LONGER = {"scribe.records": 500}
"""Modules that are still one thing past the limit: all types of the flow stand on one page."""
FILES = sorted(path for top in ("scribe", "gui") for path in ROOT.glob(f"{top}/**/*.py"))


def module(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def room(name: str) -> str:
    parts = name.split(".")
    return "gui" if parts[0] == "gui" else ".".join(parts[:2])


MODULES = {module(path): path for path in FILES}


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every name a file imports, also inside functions and relative ones, spelled in full."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    here = module(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = [*base, *([node.module] if node.module else [])]
            for alias in node.names:
                yield ".".join([*stem, alias.name])


def of_ours(name: str) -> str | None:
    """The module of ours that an imported name lives in."""
    while name:
        if name in MODULES:
            return name
        name = name.rpartition(".")[0]
    return None


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_room_names_only_rooms_it_may(path: Path) -> None:
    here = room(module(path))
    assert here in MAY_IMPORT, f"{here} is not on the floor plan"
    for name in imports(path):
        if (target := of_ours(name)) is not None:
            assert room(target) in MAY_IMPORT[here] | {here}, f"{module(path)} names {name}"


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_library_is_named_behind_its_one_door(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    for name in imports(path):
        for library, doors in ONLY_HERE.items():
            if name == library or name.startswith(library + "."):
                assert where.startswith(doors or ("nowhere",)), f"{where} names {name}"


def test_the_window_reaches_the_store_through_one_door() -> None:
    named = {
        path.name
        for path in FILES
        for name in imports(path)
        if room(module(path)) == "gui" and name.startswith("scribe.store")
    }
    assert named == {"strongroom.py"}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_is_one_thing_and_says_which(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGER.get(module(path), LONGEST)
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "the first line tells what lives here"


def test_no_module_needs_itself() -> None:
    below = {name: {of_ours(each) for each in imports(path)} for name, path in MODULES.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way, name))
        if name in done:
            return
        for each in below[name] - {None, name}:
            if each is not None and not name.startswith(each + "."):
                visit(each, (*way, name))
        done.add(name)

    for name in MODULES:
        visit(name, ())


def test_the_plan_has_no_room_that_is_not_built() -> None:
    assert set(MAY_IMPORT) == {room(name) for name in MODULES}
