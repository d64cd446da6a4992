"""/test: a query held against the stored articles, with the places in bold."""

from bot.actions.trying import Met, Missed, try_out
from bot.errors import QueryError
from bot.model import Button, Html
from bot.rules.queries import parse_query
from bot.rules.rendering import link, shorten
from bot.rules.snippets import snippet
from bot.telegram.subscriptions import bad_query, meaning
from bot.telegram.turn import Turn, code

MET_SHOWN = 5
PASSING_SHOWN = 2
MISSED_SHOWN = 3
TITLE_UNITS = 120


async def test(turn: Turn, text: str) -> None:
    """/test QUERY: what it means, what it meets and where, and what it narrowly misses."""
    if not text.strip():
        await turn.reply(turn.words.html("Write the query after it: <code>/test Seoul AND troops</code>"))
        return
    try:
        query = parse_query(text, regexes=turn.services.matcher.takes_regexes)
    except QueryError as error:
        await turn.reply(*bad_query(turn, text, error))
        return
    tried = await try_out(turn.services.db, query, turn.now)
    words = turn.words
    told = len(tried.met) - tried.in_passing
    met = words.count("{n} article of the last 7 days", "{n} articles of the last 7 days", told)
    blocks = [
        words.html("{query}: {meaning}.\n<b>Meets {met}.</b>", query=code(text), meaning=meaning(query, words), met=met)
    ]
    blocks += [_met(one) for one in tried.met[: min(MET_SHOWN, told)]]
    if tried.in_passing:
        blocks.append(words.html("<b>In passing, not told: {n}.</b>", n=tried.in_passing))
        blocks += [_met(one) for one in tried.met[told:][:PASSING_SHOWN]]
    if tried.missed:
        blocks.append(words.html("<b>Narrowly missed:</b>"))
        blocks += [_missed(one, turn) for one in tried.missed[:MISSED_SHOWN]]
    buttons = [[Button(words("Follow"), data="follow:"), Button(words("Examples"), data="type")]]
    await turn.reply(Html("\n\n".join(blocks)), buttons)


def _met(met: Met) -> Html:
    head = link(shorten(met.article.title, TITLE_UNITS), met.article.url)
    shown = snippet(met.article.title, met.article.text, met.hits)
    return Html(f"• {head}\n{shown}") if shown else Html(f"• {head}")


def _missed(missed: Missed, turn: Turn) -> Html:
    head = link(shorten(missed.article.title, TITLE_UNITS), missed.article.url)
    return Html(f"• {head}\n{turn.words.html('{what}', what=what_lacks(missed, turn))}")


def what_lacks(missed: Missed, turn: Turn) -> str:
    """In words what a near miss has and lacks."""
    words, miss = turn.words, missed.miss
    if miss.unwanted:
        return words("has {unwanted}, which the query excludes", unwanted=_listed(miss.unwanted, turn))
    if miss.is_apart:
        return words("has {terms}, apart", terms=_listed(miss.present, turn))
    return words("has {terms}, not {missing}", terms=_listed(miss.present, turn), missing=_listed(miss.missing, turn))


def _listed(terms: tuple[str, ...], turn: Turn) -> str:
    return turn.words(" and ").join(f"“{term}”" for term in terms[:4])
