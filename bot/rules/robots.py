"""robots.txt (RFC 9309): which pages of a site may be read, and how far apart. By Protego, Scrapy's reader of it."""

from dataclasses import dataclass, field
from typing import Any

AGENT = "Briefwire"  # the name that sites may address in robots.txt
LONGEST_DELAY = 60.0  # seconds; a site that asks for more does not want its pages read like this


@dataclass(frozen=True, slots=True)
class Robots:
    """What a site allows. Without rules, or without a readable file, everything."""

    rules: Any = field(default=None, repr=False)
    forbids_all: bool = False

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        if self.forbids_all or self.delay > LONGEST_DELAY:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, AGENT))

    @property
    def delay(self) -> float:
        """Seconds at least between two pages."""
        asked = self.rules.crawl_delay(AGENT) if self.rules is not None else None
        return float(asked or 0.0)


EVERYTHING = Robots()
NOTHING = Robots(forbids_all=True)


def read_robots(body: bytes) -> Robots:
    """The rules of a robots.txt; what can't be read allows everything."""
    from protego import Protego  # only where pages are read

    return Robots(Protego.parse(body.decode("utf-8", "replace")))


def without_robots(status: int) -> Robots:
    """What the status says that came in place of the file: 4xx allows everything, 5xx and silence nothing for now."""
    return EVERYTHING if 400 <= status < 500 else NOTHING
