"""`briefwire source`: feeds, from the command line."""

from typing import Annotated

import typer

from bot.actions import sources
from bot.commands.common import blocking, clock, database, outside
from bot.texts import words
from bot.texts.errors import describe

app = typer.Typer(no_args_is_help=True, help="Sources: add a feed, list them.")


@app.command("add")
@blocking
async def add(url: Annotated[str, typer.Argument(help="A feed's address, or that of a page that has one.")]) -> None:
    """Add a source. It is read at once; what it has is imported silently."""
    async with database() as db, outside() as (fetcher, workers):
        added = await sources.add_source(db, fetcher, workers, url, clock.now())
    articles = words("en").count("{n} article", "{n} articles", added.articles)
    print(f"Added {added.source.title or url}: {articles} imported.")


@app.command("list")
@blocking
async def show() -> None:
    """List the sources and how each is."""
    async with database() as db:
        found = await sources.list_sources(db, clock.now())
    for its in found:
        error = its.source
        state = (
            describe(sources.ailment(error), words("en"))
            if error.error_key
            else words("en").count("{n} article in the last day", "{n} articles in the last day", its.recent)
        )
        print(f"{its.source.id:>4}  {its.source.title or '(no title)':<32} {its.source.state:<7} {state}")
        print(f"      {its.source.url}")
    if not found:
        print("No sources yet. `briefwire source add URL` adds one.")
