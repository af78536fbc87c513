"""Where this user's files lie, all below one root; nothing here reads or writes a file's content.

    root               CLINIC_SCRIBE_HOME, or the user data folder of the operating system
    ├── settings.toml
    ├── models/        CLINIC_SCRIBE_MODELS puts it elsewhere: weights may be shared, a vault never
    ├── codes/         imported code tables, public text
    ├── vault/
    └── log/

Folders are created for this user alone (mode 0700) the first time they are asked for.
"""

import os
from pathlib import Path

from platformdirs import user_data_path

from scribe.errors import StoreError

APP = "clinic-scribe"
HOME_VARIABLE = "CLINIC_SCRIBE_HOME"
MODELS_VARIABLE = "CLINIC_SCRIBE_MODELS"

_PRIVATE = 0o700


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


def vault_dir() -> Path:
    """Where visits and notes are kept, encrypted. Raises StoreError."""
    return _private(data_dir() / "vault")


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
