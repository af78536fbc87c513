"""Find the shipped prompts, templates and model catalogue; no other module may know where they lie.

In a wheel or a frozen build they are in `scribe/_data`; in a checkout beside the package.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from scribe.errors import ResourceMissing


def text(path: str) -> str:
    """The shipped file at `path` (such as `prompts/notes/soap.toml`), read as UTF-8.

    Raises ResourceMissing when it did not travel with this build, or when `path` is absolute or
    leaves the shipped folders.
    """
    found = _at(path)
    if not found.is_file():
        raise ResourceMissing(f"{path} did not travel with this build.")
    return found.read_text(encoding="utf-8")


def names(folder: str, suffix: str) -> tuple[str, ...]:
    """Names (without suffix) of the shipped files in `folder` that end in `suffix`, sorted.

    Raises ResourceMissing when there is no such folder.
    """
    found = _at(folder)
    if not found.is_dir():
        raise ResourceMissing(f"The folder {folder} did not travel with this build.")
    return tuple(
        sorted(
            each.name.removesuffix(suffix)
            for each in found.iterdir()
            if each.is_file() and each.name.endswith(suffix)
        )
    )


def _at(path: str) -> Traversable:
    steps = PurePosixPath(path).parts
    if not steps or "\\" in path or ":" in path or steps[0] == "/" or ".." in steps:
        raise ResourceMissing(f"{path!r} is not a path inside the shipped folders.")
    return _root().joinpath(*steps)


def _root() -> Traversable:
    shipped = files("scribe") / "_data"
    if shipped.is_dir():
        return shipped
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout
    raise ResourceMissing("The prompts and the model catalogue did not travel with this build.")
