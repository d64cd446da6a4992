"""How much an article is about a query that it meets: told from where terms were found, without explaining each hit."""

from collections.abc import Iterable, Mapping, Set

IN_PASSING = 0.0  # of what is met but not told, see `matching_passing`
_MANY = 0.25  # of any number of places


class Sightings:
    """Which terms stand where in one article.

    Args:
        title: ids of terms in the title, and of what counts as much: tags, terms that must stand there.
        lead: ids of terms early in the text.
        counts: how often each term is in title and text.
        has_text: whether there is more than the title.
    """

    def __init__(self, title: Set[int], lead: Set[int], counts: Mapping[int, int], *, has_text: bool) -> None:
        self._title = title
        self._lead = lead
        self._counts = counts
        self._has_text = has_text

    def strength(self, terms: Iterable[int]) -> float:
        """Of a query that asks for these terms and is met, 0..1."""
        in_title = in_lead = False
        places = 0
        for term in terms:
            in_title = in_title or term in self._title
            in_lead = in_lead or term in self._lead
            places += self._counts.get(term, 0) or term in self._title
        return weigh(max(1, places), in_title=in_title, in_lead=in_lead or (in_title and not self._has_text))


def weigh(places: int, *, in_title: bool, in_lead: bool) -> float:
    """Half for the title, a quarter for the lead, and a quarter for the number of places, which soon stops growing."""
    return round(0.5 * in_title + 0.25 * in_lead + _MANY * places / (places + 3), 4)


def late_places(strength: float) -> int:
    """In how many places an article of this strength has it, if neither the title nor the lead does; else 0."""
    share = strength / _MANY
    return round(3 * share / (1 - share)) if share < 1 else 0


ONCE_IN_LEAD = weigh(1, in_title=False, in_lead=True)
