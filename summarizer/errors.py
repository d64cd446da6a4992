"""Every error that the summarizer raises on purpose.

SummarizerError        key and facts, as the caller may want to put them into words of its own
├── TextError          what was given is no text
├── BudgetError        a summary of no length, or of less than nothing
└── MethodError        no ranker of that name
"""


class SummarizerError(ValueError):
    """Root of the tree.

    Args:
        key: stable name of what happened.
        facts: what was given, as plain strings and numbers.
    """

    def __init__(self, key: str, **facts: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.key} ({', '.join(f'{name}={value!r}' for name, value in self.facts.items())})"


class TextError(SummarizerError):
    """What was given is no text."""


class BudgetError(SummarizerError):
    """A budget must be at least one sentence or one word."""


class MethodError(SummarizerError):
    """There is no ranker of that name; the facts list those that there are."""
