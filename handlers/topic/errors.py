"""The one error of a rule set that is not fit for use."""

from pathlib import Path


class RuleSetError(Exception):
    """A rule set was refused: which file, which line (0 where a line says nothing), and the reason in one sentence."""

    def __init__(self, file: Path | str, line: int, reason: str) -> None:
        self.file = Path(file).name
        self.line = line
        self.reason = reason
        super().__init__(f"{self.file}:{line}: {reason}" if line else f"{self.file}: {reason}")


class Unproven(RuleSetError):
    """A word does not count for its leaf in its own test sentence: another one takes it away there."""
