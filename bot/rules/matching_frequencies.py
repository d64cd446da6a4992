"""How often words are in articles, learned from the articles themselves."""

from collections import Counter

from bot.rules.matching import guessed_frequency
from summarizer.folding import is_unspaced

ENOUGH = 100  # articles from which on experience counts more than a guess
FADED_AT = 20_000  # articles after which all that was counted counts half, so that what is new may weigh
BESIDE = 0.2  # how often a word stands beside another given one, if it is in the article at all


class Frequencies:
    """In how many of the latest articles each word was; of Chinese and Japanese each character."""

    def __init__(self) -> None:
        self._articles = 0
        self._counts: Counter[str] = Counter()

    @property
    def is_telling(self) -> bool:
        """Whether there were enough articles to know more than a guess."""
        return self._articles >= ENOUGH

    def learn(self, folded: str) -> None:
        """Counts one article. Words that came once in a long time are forgotten, so memory stays bounded."""
        tokens = set(folded.split())
        runs = [token for token in tokens if is_unspaced(token[0])]
        self._counts.update(tokens.difference(runs))
        self._counts.update(set("".join(runs)))
        self._articles += 1
        if self._articles >= FADED_AT:
            self._articles //= 2
            self._counts = Counter({word: count // 2 for word, count in self._counts.items() if count > 1})

    def of(self, words: str) -> float:
        """The share of articles that hold folded words, 0..1, as far as their rarest one tells."""
        if not self.is_telling:
            return guessed_frequency(words)
        parts = [part for token in words.split() for part in (token if is_unspaced(token[0]) else [token])]
        rarest = min((self._counts[part] for part in parts), default=0)
        return float((rarest + 1) / (self._articles + 1) * BESIDE ** (len(parts) - 1))
