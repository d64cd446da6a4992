"""`briefwire article add`: articles from files and pages."""

from pathlib import Path
from typing import Annotated

import typer

from bot.actions import articles
from bot.commands.common import blocking, clock, database, outside
from bot.errors import BadInput
from bot.texts import words
from bot.texts.errors import describe

SUFFIXES = (".json", ".jsonl", ".ndjson", ".txt")

app = typer.Typer(no_args_is_help=True, help="Articles: add from a file or a page.")


@app.command("add")
@blocking
async def add(
    where: Annotated[
        str,
        typer.Argument(
            metavar="FILE|DIR|URL", help="JSON, NDJSON or text files, a folder of them, or the address of a page."
        ),
    ],
) -> None:
    """Add articles. What is there already changes nothing."""
    async with database() as db, outside() as (fetcher, workers):
        if where.startswith(("http://", "https://")):
            article = await articles.article_from_url(db, fetcher, workers, where, clock.now())
            print(f"{article.id}  {article.title}")
            return
        well = True
        for path in _files(where):
            try:
                items = articles.articles_from_file(read_file(path))
            except BadInput as error:
                if path == where:
                    raise
                well = False  # of many files a wrong one stops no other
                print(f"{'invalid':<10} {'':>6}  {path}: {describe(error, words('en'))}")
                continue
            for result in await articles.add_articles(db, workers, items, clock.now()):
                print(f"{result.status:<10} {result.id or '':>6}  {result.url}")
    if not well:
        raise typer.Exit(1)


def _files(where: str) -> list[str]:
    """The file itself, or those of a folder, by name."""
    folder = Path(where)
    if not folder.is_dir():
        return [where]
    found = sorted(str(path) for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    if not found:
        raise BadInput("empty_folder", path=where, suffixes=", ".join(SUFFIXES))
    return found


def read_file(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadInput("no_file", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("unreadable_file", path=path, detail=str(error)) from error
