"""stub."""

from pathlib import Path


class Predictions:
    def __init__(self, folder: Path) -> None: ...
