"""How the window looks: colours, font and the style sheet; no view sets a colour of its own.

One accent colour. Severity and support also have colours, but always beside an icon and a word.
All text pairs below have a contrast of at least 4.5 : 1 (WCAG 2.2 AA); a test computes it.
"""

from importlib.resources import files
from pathlib import Path
from string import Template

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

COLOURS = {
    "window": "#f4f6f7",
    "surface": "#ffffff",
    "raised": "#f9fafb",
    "line": "#dde3e6",
    "line_strong": "#8a979e",
    "text": "#17262c",
    "muted": "#526169",
    "accent": "#0b6670",
    "accent_dark": "#084f57",
    "accent_tint": "#e2f0f1",
    "on_accent": "#ffffff",
    "block": "#a3262a",
    "block_tint": "#fcefee",
    "warn": "#7d5200",
    "warn_tint": "#fdf4e1",
    "info": "#3d566e",
    "info_tint": "#edf2f6",
    "good": "#2b6a3f",
    "good_tint": "#eaf5ed",
}

# (text, ground) pairs that occur in the style sheet.
TEXT_ON_GROUND = (
    *((text, ground) for text in ("text", "muted") for ground in ("window", "surface", "raised")),
    *((kind, f"{kind}_tint") for kind in ("block", "warn", "info", "good")),
    *((kind, "surface") for kind in ("block", "warn", "info", "good", "accent")),
    ("on_accent", "accent"),
    ("accent_dark", "accent_tint"),
    ("text", "accent_tint"),
    ("muted", "accent_tint"),
)

FAMILIES = [
    "Inter",
    "Segoe UI",
    "SF Pro Text",
    "Noto Sans",
    "Cantarell",
    "Ubuntu",
    "Liberation Sans",
    "DejaVu Sans",
]
BODY_PX = 13


def colour(name: str) -> QColor:
    """A colour of the table by name."""
    return QColor(COLOURS[name])


def style_sheet() -> str:
    """The style sheet with the colours filled in. Raises KeyError for an unknown colour name."""
    folder = files("gui.theme")
    arrow = Path(str(folder / "down.png")).as_posix()
    return Template((folder / "scribe.qss").read_text("utf-8")).substitute(COLOURS, arrow=arrow)


def dress(app: QApplication) -> None:
    """Give the application its style, palette, font and style sheet (always the light theme)."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette())
    font = QFont()
    font.setFamilies(FAMILIES)
    font.setPixelSize(BODY_PX)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    app.setFont(font)
    app.setStyleSheet(style_sheet())


def _palette() -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for each, name in (
        (role.Window, "window"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "raised"),
        (role.Text, "text"),
        (role.PlaceholderText, "muted"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.Highlight, "accent"),
        (role.HighlightedText, "on_accent"),
        (role.Accent, "accent"),
        (role.Link, "accent"),
        (role.ToolTipBase, "text"),
        (role.ToolTipText, "surface"),
        (role.Mid, "line"),
        (role.Light, "surface"),
        (role.Dark, "line_strong"),
    ):
        palette.setColor(each, colour(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, colour("line_strong"))
    return palette
