"""The icons, drawn as strokes on a 16 x 16 grid so that they need no file and no font.

Each icon is one line in ICONS: pen strokes as polylines, "o" for a circle (centre, radius), "." for
a filled dot, "#" for a filled square (corner, side). Icons never stand alone: a word or an
accessible name is always beside them.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPixmapCache, QPolygonF

from gui import theme

Stroke = tuple[str | float, ...]

GRID = 16
_SCALES = (1, 2)

ICONS: dict[str, Sequence[Stroke]] = {
    "block": (("o", 8, 8, 6.5), (5.5, 5.5, 10.5, 10.5), (10.5, 5.5, 5.5, 10.5)),
    "warn": ((8, 1.8, 14.8, 14, 1.2, 14, 8, 1.8), (8, 6, 8, 9.8), (".", 8, 12, 0.9)),
    "info": (("o", 8, 8, 6.5), (8, 7.2, 8, 11.5), (".", 8, 4.7, 0.9)),
    "good": (("o", 8, 8, 6.5), (5, 8.3, 7.2, 10.5, 11, 5.8)),
    "check": ((3, 8.5, 6.5, 12, 13, 4.5),),
    "speech": ((2, 3, 14, 3, 14, 11, 8, 11, 5, 14, 5, 11, 2, 11, 2, 3),),
    "pencil": ((3, 13, 4, 9.5, 11, 2.5, 13.5, 5, 6.5, 12, 3, 13),),
    "up": ((4, 10, 8, 6, 12, 10),),
    "down": ((4, 6, 8, 10, 12, 6),),
    "back": ((10, 3.5, 5.5, 8, 10, 12.5),),
    "plus": ((8, 3, 8, 13), (3, 8, 13, 8)),
    "cross": ((4, 4, 12, 12), (12, 4, 4, 12)),
    "record": ((".", 8, 8, 5.5),),
    "stop": (("#", 3.5, 3.5, 9),),
    "file": ((4, 1.5, 10, 1.5, 13, 4.5, 13, 14.5, 4, 14.5, 4, 1.5), (6.5, 8, 10.5, 8)),
    "lock": ((3, 7, 13, 7, 13, 14, 3, 14, 3, 7), (5, 7, 5, 4, 6.5, 2, 9.5, 2, 11, 4, 11, 7)),
    "copy": ((5, 5, 14, 5, 14, 14, 5, 14, 5, 5), (3, 11, 2, 11, 2, 2, 11, 2, 11, 3)),
    "sign": ((2, 13.5, 14, 13.5), (4, 10.5, 5, 7.5, 10.5, 2, 12.5, 4, 7, 9.5, 4, 10.5)),
    "grip": tuple((".", x, y, 1.1) for x in (5.5, 10.5) for y in (3.5, 8, 12.5)),
    "help": (
        ("o", 8, 8, 6.5),
        (6, 6.2, 6.5, 4.9, 8, 4.4, 9.5, 4.9, 10, 6.2, 9.3, 7.5, 8, 8.3, 8, 9.4),
        (".", 8, 11.8, 0.9),
    ),
    "undo": ((6, 2.5, 3, 5.5, 6, 8.5), (3, 5.5, 10, 5.5, 12.5, 7, 13, 9.5, 12, 12, 9.5, 13, 6, 13)),
    "swap": ((2, 5.5, 13, 5.5, 10, 2.5), (14, 10.5, 3, 10.5, 6, 13.5)),
}  # fmt: skip


def pixmap(name: str, tint: str = "text", size: int = GRID, scale: int = 1) -> QPixmap:
    """The icon `name` in the theme colour `tint`, `size` device-independent pixels wide."""
    key = f"{name} {tint} {size} {scale}"
    # Every row of a list has the same few: drawn once, and let go with the application.
    known = QPixmap()
    if QPixmapCache.find(key, known):
        return known
    picture = QPixmap(size * scale, size * scale)
    picture.setDevicePixelRatio(scale)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / GRID, size / GRID)
    _draw(painter, ICONS[name], theme.colour(tint))
    painter.end()
    QPixmapCache.insert(key, picture)
    return picture


def icon(name: str, tint: str = "text") -> QIcon:
    """The icon for a button, sharp on screens of normal and double density."""
    found = QIcon()
    for scale in _SCALES:
        found.addPixmap(pixmap(name, tint, scale=scale))
        found.addPixmap(pixmap(name, "line_strong", scale=scale), QIcon.Mode.Disabled)
    return found


def _draw(painter: QPainter, strokes: Sequence[Stroke], colour: QColor) -> None:
    line = QPen(colour, 1.5)
    line.setCapStyle(Qt.PenCapStyle.RoundCap)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    for stroke in strokes:
        kind, numbers = stroke[0], [float(each) for each in stroke if not isinstance(each, str)]
        filled = kind in (".", "#")
        painter.setPen(Qt.PenStyle.NoPen if filled else line)
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        if kind == "#":
            painter.drawRoundedRect(QRectF(numbers[0], numbers[1], numbers[2], numbers[2]), 1, 1)
        elif isinstance(kind, str):
            painter.drawEllipse(QPointF(numbers[0], numbers[1]), numbers[2], numbers[2])
        else:
            points = [QPointF(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
            painter.drawPolyline(QPolygonF(points))
