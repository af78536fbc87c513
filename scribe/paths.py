"""Where this user's files lie, all below one root; nothing here reads or writes a file's content.

    root               CLINIC_SCRIBE_HOME, or the user data folder of the operating system
    ├── settings.toml
    ├── models/        CLINIC_SCRIBE_MODELS puts it elsewhere: weights may be shared, a vault never
    ├── codes/         imported code tables, public text
    ├── vault/         the vault of a computer that one clinician uses
    ├── vaults/NAME/   one more for each clinician who shares it
    └── log/

Folders are created for this user alone (mode 0700) the first time they are asked for.
"""

import os
import re
from pathlib import Path

from platformdirs import user_data_path

from scribe.errors import BadInput, StoreError

APP = "clinic-scribe"
HOME_VARIABLE = "CLINIC_SCRIBE_HOME"
MODELS_VARIABLE = "CLINIC_SCRIBE_MODELS"

_PRIVATE = 0o700
_VAULT_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_NO_FOLDER = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}
"""What Windows takes for a device."""


def data_dir() -> Path:
    """The root of everything this program keeps. Raises StoreError if it cannot be created."""
    return _private(root())


def models_dir() -> Path:
    """Where model weights lie; holds no patient data. Raises StoreError."""
    chosen = os.environ.get(MODELS_VARIABLE)
    return _private(_absolute(chosen)) if chosen else _private(data_dir() / "models")


def codes_dir() -> Path:
    """Where imported code tables lie; only named, the first import makes it."""
    return root() / "codes"


def vault_dir(name: str = "") -> Path:
    """Where one clinician's visits and notes are kept, encrypted; `name` empty is the only vault of
    most computers. Raises BadInput for a name that is no folder's everywhere, StoreError.
    """
    if not name:
        return _private(data_dir() / "vault")
    require_vault_name(name)
    return _private(_private(data_dir() / "vaults") / name)


def require_vault_name(name: str) -> None:
    """Names become folders, on every system. Raises BadInput."""
    if not _VAULT_NAME.fullmatch(name) or name in _NO_FOLDER:
        raise BadInput(
            "A vault's name has small letters, digits and dashes, 40 at most.",
            advice="Nothing was changed. Choose another name, such as: rivera",
        )


def named_vaults() -> tuple[tuple[str, Path], ...]:
    """Name and folder of every vault that may be here, the unnamed first; nothing is created."""
    others = root() / "vaults"
    try:
        found = sorted(each for each in others.iterdir() if _VAULT_NAME.fullmatch(each.name))
    except OSError:
        found = []
    return (("", root() / "vault"), *((each.name, each) for each in found))


def log_dir() -> Path:
    """Where the log files lie; they hold no patient text. Raises StoreError."""
    return _private(data_dir() / "log")


def settings_file() -> Path:
    """The settings file, which need not exist. Raises StoreError."""
    return data_dir() / "settings.toml"


def root() -> Path:
    """Like `data_dir`, but only named: nothing is created."""
    chosen = os.environ.get(HOME_VARIABLE)
    return _absolute(chosen) if chosen else user_data_path(APP, appauthor=False, roaming=False)


def _absolute(chosen: str) -> Path:
    return Path(chosen).expanduser().absolute()


def _private(folder: Path) -> Path:
    try:
        # A folder that is already there keeps its mode: it may be one the user shares on purpose.
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder {folder} cannot be created ({error.strerror}).",
            advice=f"Choose another place with the environment variable {HOME_VARIABLE}.",
        ) from error
    return folder
