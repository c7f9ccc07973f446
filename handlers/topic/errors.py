"""The one error of a rule set that is not fit for use."""

from pathlib import Path


class RuleSetError(Exception):
    """A rule set was refused: which file, which line (0 where a line says nothing), and the reason in one sentence.

    `fault` is the reason as a code, for people who are told it in their own words.
    """

    fault = "other"

    def __init__(self, file: Path | str, line: int, reason: str) -> None:
        self.file = Path(file).name
        self.line = line
        self.reason = reason
        super().__init__(f"{self.file}:{line}: {reason}" if line else f"{self.file}: {reason}")


class Unproven(RuleSetError):
    """A word does not count for its leaf in its own test sentence: another one takes it away there."""


class Unlisted(RuleSetError):
    """What is to be changed or taken out is not written down there."""

    fault = "unlisted"


class Unreachable(RuleSetError):
    """A leaf is left without any word that leads to it."""

    fault = "unreachable"


class BadBars(RuleSetError):
    """What takes a word back does not hold it, or nothing is left of a cancel."""

    fault = "bars"


class Twice(RuleSetError):
    """The same word is listed twice for one leaf."""

    fault = "twice"
