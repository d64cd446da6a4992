"""`briefwire article add`: articles from files and pages."""

from pathlib import Path
from typing import Annotated

import typer

from bot.actions import articles
from bot.commands.common import blocking, clock, database, outside
from bot.errors import BadInput

app = typer.Typer(no_args_is_help=True, help="Articles: add from a file or a page.")


@app.command("add")
@blocking
async def add(
    where: Annotated[
        str, typer.Argument(metavar="FILE|URL", help="JSON, NDJSON or a text file, or the address of a page.")
    ],
) -> None:
    """Add articles. What is there already changes nothing."""
    async with database() as db, outside() as (fetcher, workers):
        if where.startswith(("http://", "https://")):
            article = await articles.article_from_url(db, fetcher, workers, where, clock.now())
            print(f"{article.id}  {article.title}")
            return
        results = await articles.add_articles(db, workers, articles.articles_from_file(read_file(where)), clock.now())
    for result in results:
        print(f"{result.status:<10} {result.id or '':>6}  {result.url}")


def read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput("no_file", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("unreadable_file", path=path, detail=str(error)) from error
