"""Whether a query asks for something that can be told: never for nearly everything."""

from typing import NamedTuple

from bot.errors import QueryError
from bot.rules.query_regex import meets_anything
from bot.rules.query_texts import alternatives_of
from bot.rules.query_tree import All, Either, Fact, Near, Node, Not, Regex, Term
from summarizer.folding import is_hangul, is_unspaced

# Words that stand in nearly every article of their language, folded; not those that mean something in another one.
_WORDS = """
a about after all also an and are as at be been but by can could for from had has have he her his how i if in into is it
its more most new no not of on one or other our out over said say says she should so some such than that the their them
there these they this to two up us was we were what when where which who will with would you your
der die das den dem des ein eine einen einem einer und oder nicht ist sind mit von zu zum zur auf im am bei auch als
nach wie aus dass es sie er sich hat haben wird werden
le la les un une des du de et ou est sont dans pour sur avec que qui ne pas au aux ce cette elle ils
el los las una unos y o en del al por para se su sus lo como mas pero ha han
os um uma do da dos das na nos nas em ao com nao foi ser ter
il gli uno dei della delle di che per con non sono nel alla si
w z nie ze jest sie oraz przez od za
и в во не на с со что по к о об а но как из у от за для это его он она они мы все был была было быть так же
та і з до що від це як
する した です ます
"""
_CHARACTERS = "的了是在和与及或也就都而被把从对这那有不我他她它们个一为以于之のにはをたがでてとしれさもいな"
STOP_WORDS = frozenset(_WORDS.split()) | frozenset(_CHARACTERS)


class _Reach(NamedTuple):
    """How much a part would meet: 0 something definite, 1 nearly every article, 2 nothing of itself, 3 nothing."""

    grade: int
    reason: str
    position: int
    text: str = ""


_DEFINITE = _Reach(0, "", 0)


def check_reach(root: Node) -> None:
    """Raises QueryError where the query, or one alternative in it, asks for no definite thing."""
    if _is_definite(root):
        return
    reach = _reach(root)
    if reach.grade:
        raise QueryError(reach.reason, reach.position, **({"text": reach.text} if reach.text else {}))


def _is_definite(node: Node) -> bool:
    """Whether a query surely asks for something definite: nearly all do, and this is quick."""
    if isinstance(node, Term):
        return not _is_broad(node.words)
    if isinstance(node, Either):
        return all(map(_is_definite, node.parts))
    return isinstance(node, All) and any(map(_is_definite, node.parts)) and _contradiction(node.parts) is None


def _reach(node: Node) -> _Reach:
    match node:
        case Term(words):
            return _Reach(1, "too_broad", node.position, node.written) if _is_broad(words) else _DEFINITE
        case Regex(pattern):
            return _Reach(1, "too_broad", node.position, node.written) if meets_anything(pattern) else _DEFINITE
        case Fact("lang"):
            return _Reach(1, "too_broad", node.position, f"lang:{node.written}")
        case Not(_, position):
            return _Reach(2, "only_negative", position)
        case All(parts):
            if (excluded := _contradiction(parts)) is not None:
                return _Reach(3, "contradiction", excluded.position)
            return min((_reach(part) for part in parts), key=_grade)
        case Either(parts):
            return max((_reach(part) for part in parts), key=_grade)
        case Near(left, right):
            return min(_reach(left), _reach(right), key=_grade)
        case _:
            return _DEFINITE


def _contradiction(parts: tuple[Node, ...]) -> Not | None:
    """The exclusion that leaves nothing of what is asked for beside it.

    Told by canonical texts, so that a query and its canonical text are taken or refused alike.
    """
    exclusions = [part for part in parts if isinstance(part, Not)]
    wanted = [alternatives_of(part) for part in parts if not isinstance(part, Not)] if exclusions else []
    excluded: set[str] = set()
    for exclusion in exclusions:
        excluded |= alternatives_of(exclusion.part)
        if any(alternatives <= excluded for alternatives in wanted):
            return exclusion
    return None


def _grade(reach: _Reach) -> int:
    return reach.grade


def _is_broad(words: str) -> bool:
    if " " not in words:
        return words in STOP_WORDS or (len(words) == 1 and not (is_unspaced(words) or is_hangul(words)))
    parts = words.split(" ")
    for part in parts:
        if part not in STOP_WORDS:
            return False
    # An abbreviation whose letters the fold keeps apart is not broad: AI is `a i`.
    return any(len(part) > 1 for part in parts)
