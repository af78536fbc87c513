"""What the operating system says: the screen was locked, another user came, the computer is about
to sleep. One class for each system; where a system says nothing, `watches.Sleep` still notices.

The Linux part is tested on a message bus of its own. The Windows and macOS parts are written from
the documentation of the functions they call and have not been run.
"""

import ctypes
import sys
from typing import Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    Signal,
    Slot,
)


class Screen(QObject):
    """Signals:
    locked: the screen was locked or the session changed hands. sleeping: the computer sleeps soon.
    """

    locked = Signal()
    sleeping = Signal()
    holder: object = None
    """What has to live as long as the watch."""


def watch(screen: Screen, window: int) -> object:
    """Let this system tell `screen`; `window` is the native handle of the main window."""
    if sys.platform.startswith("linux"):
        return Bus(screen)
    if sys.platform == "win32":
        return _Windows(screen, window)
    if sys.platform == "darwin":
        return _Mac(screen)
    return None


def _slot(signature: str) -> Any:
    # The stubs ask for bytes, the function takes only text.
    return SLOT(signature)


class Bus(QObject):
    """Linux: logind on the system bus, and the desktops' screen savers on the session bus.

    Before a sleep logind waits for those that asked it to: the descriptor it gave us closes when
    this process ends, which is when it has forgotten.
    """

    LOGIN = "org.freedesktop.login1"
    SAVERS = (
        "org.freedesktop.ScreenSaver",
        "org.gnome.ScreenSaver",
        "org.cinnamon.ScreenSaver",
        "org.mate.ScreenSaver",
        "org.xfce.ScreenSaver",
    )

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        from PySide6 import QtDBus  # noqa: PLC0415  (not part of the other systems' builds)

        self._screen = screen
        self._delay: Any = None
        session = QtDBus.QDBusConnection.sessionBus()
        if session.isConnected():
            for saver in self.SAVERS:
                session.connect("", "", saver, "ActiveChanged", self, _slot("saver(bool)"))
        system = QtDBus.QDBusConnection.systemBus()
        if system.isConnected():
            manager, one = f"{self.LOGIN}.Manager", f"{self.LOGIN}.Session"
            system.connect("", "", manager, "PrepareForSleep", self, _slot("sleep(bool)"))
            system.connect("", "", one, "Lock", self, _slot("lock()"))
            login = QtDBus.QDBusInterface(self.LOGIN, "/org/freedesktop/login1", manager, system)
            if login.isValid():
                # The reply is kept because the descriptor in it is the delay.
                self._delay = login.call(
                    "Inhibit", "sleep", "Clinic Scribe", "locks before the computer sleeps", "delay"
                )

    @Slot(bool)
    def saver(self, on: bool) -> None:
        """A screen saver with a lock came on or went."""
        if on:
            self._screen.locked.emit()

    @Slot(bool)
    def sleep(self, about_to: bool) -> None:
        """Before a sleep, and again after it."""
        if about_to:
            self._screen.sleeping.emit()

    @Slot()
    def lock(self) -> None:
        """logind asks a session to lock."""
        self._screen.locked.emit()


class _Windows(QAbstractNativeEventFilter):
    """Session and power messages to the main window (wtsapi32.h, winuser.h)."""

    WM_POWERBROADCAST, PBT_APMSUSPEND = 0x0218, 0x0004
    WM_WTSSESSION_CHANGE = 0x02B1
    # Disconnected from the console or from remote, logged off, locked.
    LOCKED = frozenset({0x2, 0x4, 0x6, 0x7})

    class _Message(ctypes.Structure):
        _fields_ = (
            ("window", ctypes.c_void_p),
            ("message", ctypes.c_uint),
            ("what", ctypes.c_size_t),
            ("more", ctypes.c_ssize_t),
        )

    def __init__(self, screen: Screen, window: int) -> None:
        super().__init__()
        self._screen = screen
        library: Any = ctypes
        library.windll.wtsapi32.WTSRegisterSessionNotification(ctypes.c_void_p(window), 0)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> object:
        """Looks at a message and leaves it to Qt."""
        told = self._Message.from_address(int(message))
        if told.message == self.WM_WTSSESSION_CHANGE and told.what in self.LOCKED:
            self._screen.locked.emit()
        elif told.message == self.WM_POWERBROADCAST and told.what == self.PBT_APMSUSPEND:
            self._screen.sleeping.emit()
        return False, 0


class _Mac:
    """Distributed notifications of the login window (CFNotificationCenter.h)."""

    NAMES = (
        b"com.apple.screenIsLocked",
        b"com.apple.screensaver.didstart",
        b"com.apple.sessionDidMoveOffConsole",
    )
    UTF8, AT_ONCE = 0x08000100, 4

    def __init__(self, screen: Screen) -> None:
        core = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
        pointer = ctypes.c_void_p
        core.CFStringCreateWithCString.restype = pointer
        core.CFNotificationCenterGetDistributedCenter.restype = pointer
        kind = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, pointer, pointer)
        self._called = kind(lambda *_: screen.locked.emit())
        center = pointer(core.CFNotificationCenterGetDistributedCenter())
        for name in self.NAMES:
            text = pointer(core.CFStringCreateWithCString(None, name, self.UTF8))
            core.CFNotificationCenterAddObserver(
                center, None, self._called, text, None, self.AT_ONCE
            )
