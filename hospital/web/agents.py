"""A browser's `User-Agent` as people call the device. Nothing is decided by it."""

from typing import Final

# Order matters: WeChat and Edge also call themselves Chrome, and Chrome calls itself Safari.
_DEVICES: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)


def device_name(agent: str) -> str:
    """Short and readable; empty where nothing is recognised."""
    names = (_first(_DEVICES, agent), _first(_BROWSERS, agent))
    return " · ".join(name for name in names if name)


def _first(table: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in table if mark in agent), "")
