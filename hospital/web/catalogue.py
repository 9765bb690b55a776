"""Where the English translation is, and which folders hold no sentences of ours."""

from pathlib import Path
from typing import Final

ENGLISH: Final = Path(__file__).parent / "locale" / "en" / "LC_MESSAGES" / "django.po"
_FOLDERS: Final = (".venv*", ".data*", "build*", "tests*", "docs*", "node_modules*", "simulators*")
NOT_OURS: Final = [f"--ignore={folder}" for folder in _FOLDERS]
