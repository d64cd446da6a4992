"""`briefwire match`: what a query meets among the stored articles, and why."""

from typing import Annotated

import typer

from bot.actions.items import reasons
from bot.actions.matching import document_of
from bot.actions.subscriptions import PREVIEW
from bot.commands.common import blocking, clock, database
from bot.rules.matching import explain_match
from bot.rules.queries import parse_query
from bot.storage import articles


@blocking
async def match(
    query: Annotated[str, typer.Argument(help="A query as in a chat, e.g. 'Seoul AND troops'.")],
    limit: Annotated[int, typer.Option(help="Articles shown, latest first.")] = 20,
) -> None:
    """Run a query against the stored articles of the last seven days."""
    parsed = parse_query(query)
    print(f"{query}: {parsed.explain('en')}")
    async with database() as db, db.read() as tx:
        candidates = await articles.search_folded(tx, parsed.required_literals(), clock.now() - PREVIEW)
    shown = 0
    for article in candidates:
        hits = explain_match(parsed, document_of(article))
        if hits is None:
            continue
        shown += 1
        if shown <= limit:
            why = (
                ", ".join(f"“{reason.term}” in {reason.field}" for reason in reasons(article, hits)) or "no term needed"
            )
            print(f"{article.id:>6}  {article.title}  ({article.source_label})\n        {why}\n        {article.url}")
    print(f"{shown} articles of the last {PREVIEW.days} days.")
