"""The keystore of the operating system, for quick unlock only. One door to the library keyring.

Its own choice of a backend is never used: that reads a configuration file which can name any code,
and an environment variable can put a backend there that forgets everything. A backend is loaded by
its full name from the table below, or not at all.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from scribe.errors import StoreError

SERVICE = "clinic-scribe quick unlock"

ALLOWED = {
    "secret-service": ("linux", "keyring.backends.SecretService", "Keyring"),
    "kwallet": ("linux", "keyring.backends.kwallet", "DBusKeyring"),
    "macos-keychain": ("darwin", "keyring.backends.macOS", "Keyring"),
    "windows-vault": ("win32", "keyring.backends.Windows", "WinVaultKeyring"),
}
"""Name in our files -> platform, module and class; in the order they are tried."""

_FAULTS = (
    ("keyring.errors", "KeyringError"),
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
    ("win32ctypes.pywin32.pywintypes", "error"),
)


class Keystore(Protocol):
    """A place of the operating system for one small secret per vault."""

    @property
    def name(self) -> str:
        """Its name in ALLOWED."""
        ...

    def get(self, vault_id: str) -> str | None:
        """The secret, or None. Raises StoreError."""
        ...

    def put(self, vault_id: str, secret: str) -> None:
        """Keep or replace the secret. Raises StoreError."""
        ...

    def drop(self, vault_id: str) -> None:
        """Forget the secret; harmless when there is none. Raises StoreError."""
        ...


FindKeystore = Callable[[str], Keystore]
"""How a keystore is found by its name; tests bring their own."""


class KeyringStore:
    """One backend of keyring, chosen by us."""

    def __init__(self, name: str, backend: Any) -> None:
        """`backend` is an instance of the class that ALLOWED names."""
        self._name, self._backend, self._faults = name, backend, _faults()
        if name == "windows-vault":
            # Its default would let the secret roam through the domain.
            backend.persist = "local machine"

    @property
    def name(self) -> str:
        """Its name in ALLOWED."""
        return self._name

    def get(self, vault_id: str) -> str | None:
        """The secret, or None. Raises StoreError."""
        try:
            found = self._backend.get_password(SERVICE, vault_id)
        except self._faults as exc:
            raise _unreachable() from exc
        return None if found is None else str(found)

    def put(self, vault_id: str, secret: str) -> None:
        """Keep or replace the secret; read back, since a backend may forget. Raises StoreError."""
        try:
            self._backend.set_password(SERVICE, vault_id, secret)
        except self._faults as exc:
            raise _unreachable() from exc
        if self.get(vault_id) != secret:
            raise _unreachable()

    def drop(self, vault_id: str) -> None:
        """Forget the secret; harmless when there is none. Raises StoreError."""
        if self.get(vault_id) is None:
            return
        try:
            self._backend.delete_password(SERVICE, vault_id)
        except self._faults as exc:
            raise _unreachable() from exc


def available() -> tuple[str, ...]:
    """The names of the keystores that work here, best first."""
    return tuple(name for name in ALLOWED if _backend_class(name) is not None)


def named(name: str) -> Keystore:
    """The keystore of this name. Raises StoreError when it is not there."""
    found = _backend_class(name) if name in ALLOWED else None
    if found is None:
        raise StoreError(
            "The keystore of this computer cannot be used for quick unlock.",
            advice="Nothing was changed. Unlock with your passphrase.",
        )
    return KeyringStore(name, found())


def _backend_class(name: str) -> Any:
    platform, module, kind = ALLOWED[name]
    if platform != sys.platform:
        return None
    faults: tuple[type[Exception], ...] = (ImportError, AttributeError, *_faults())
    try:
        found = getattr(import_module(module), kind)
        return found if found.priority > 0 else None
    except faults:
        return None


def _faults() -> tuple[type[Exception], ...]:
    """Everything the backends that are installed here raise."""
    found: list[type[Exception]] = [OSError, RuntimeError, ValueError]
    for module, name in _FAULTS:
        try:
            found.append(getattr(import_module(module), name))
        except (ImportError, AttributeError):
            continue
    return tuple(found)


def _unreachable() -> StoreError:
    return StoreError(
        "The keystore of this computer did not answer.",
        advice="Nothing was changed. Unlock with your passphrase.",
    )
