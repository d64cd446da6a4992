"""`briefwire match`: what a query meets among the stored articles, why, and what it narrowly misses."""

from typing import Annotated

import typer

from bot.actions.items import reasons
from bot.actions.trying import REACH, Missed, try_out
from bot.commands.common import blocking, clock, database
from bot.rules.queries import parse_query
from bot.texts import words

NEAR_SHOWN = 5


@blocking
async def match(
    query: Annotated[str, typer.Argument(help="A query as in a chat, e.g. 'Seoul AND troops'.")],
    limit: Annotated[int, typer.Option(help="Articles shown, latest first.")] = 20,
) -> None:
    """Run a query against the stored articles of the last seven days."""
    parsed = parse_query(query, regexes=True)
    print(f"{query}: {parsed.explain('en')}")
    async with database() as db:
        tried = await try_out(db, parsed, clock.now())
    for met in tried.met[:limit]:
        why = ", ".join(f"“{reason.term}” in {reason.field}" for reason in reasons(met.article, met.hits))
        print(f"{met.article.id:>6}  {met.article.title}  ({met.article.source_label})")
        passing = ", in passing: not told" if met.in_passing else ""
        print(f"        {why or 'no term needed'}{passing}\n        {met.article.url}")
    articles = words("en").count("{n} article", "{n} articles", len(tried.met))
    passing = f", {tried.in_passing} of them in passing" if tried.in_passing else ""
    print(f"Meets {articles} of the last {REACH.days} days{passing}.")
    if tried.missed:
        print("Narrowly missed:")
    for missed in tried.missed[:NEAR_SHOWN]:
        print(f"{missed.article.id:>6}  {missed.article.title}  ({_lacks(missed)})")


def _lacks(missed: Missed) -> str:
    miss = missed.miss
    has = "has " + ", ".join(f"“{term}”" for term in miss.present)
    if miss.unwanted:
        return "has " + ", ".join(f"“{term}”" for term in miss.unwanted) + ", which the query excludes"
    return f"{has}, apart" if miss.is_apart else f"{has}, not " + ", ".join(f"“{term}”" for term in miss.missing)
