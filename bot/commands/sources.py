"""`briefwire source`: feeds, from the command line."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.progress import Progress

from bot.actions import examining, source_lists, sources
from bot.actions.health import next_time, told, usual_pace
from bot.actions.source_lists import AddResult, AddStatus
from bot.commands.common import blocking, clock, database, outside, settings
from bot.errors import BadInput
from bot.rules.health import urgency
from bot.rules.opml import read_opml
from bot.texts import words
from bot.texts.errors import describe

app = typer.Typer(no_args_is_help=True, help="Sources: add, list, test, pause, remove; lists of feeds in and out.")
NAME = Annotated[str, typer.Argument(metavar="NAME", help="A source's number, address or title.")]


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
    """List the sources and how each is, the ill first."""
    async with database() as db:
        found = await sources.list_sources(db, clock.now())
    its_words, now = words("en"), _here()
    for its in sorted(found, key=lambda one: urgency(one.source, now)):
        source = its.source
        recent = its_words.count("{n} article in the last day", "{n} articles in the last day", its.recent)
        facts = [told(source, its_words, now), recent, usual_pace(source, its_words), next_time(source, its_words, now)]
        print(f"{source.id:>4}  {source.title or '(no title)'}\n      {source.url}")
        print(f"      {' · '.join(fact for fact in facts if fact)}")
    if not found:
        print("No sources yet. `briefwire source add URL` adds one.")


@app.command("test")
@blocking
async def test(where: Annotated[str, typer.Argument(metavar="URL|NAME", help="An address, or a source.")]) -> None:
    """Tell step by step what a fetch of an address meets, and when it would be fetched next and why."""
    async with database() as db, outside() as (fetcher, workers):
        if "." not in where and "/" not in where:
            where = (await sources.find(db, where)).url
        found = await examining.examine(db, fetcher, workers, where, clock.now())
    for step in examining.explain(found, words("en"), _here()):
        print(step)
    if (found.leads_to or found).error is not None:
        raise typer.Exit(1)


@app.command("pause")
@blocking
async def pause(name: NAME) -> None:
    """Fetch a source no more until it is resumed."""
    async with database() as db:
        source = await sources.find(db, name)
        await sources.pause(db, source.id, clock.now())
    print(f"Paused {source.title or source.url}.")


@app.command("resume")
@blocking
async def resume(name: NAME) -> None:
    """Fetch a paused source again."""
    async with database() as db:
        source = await sources.find(db, name)
        await sources.resume(db, source.id, clock.now())
    print(f"Resumed {source.title or source.url}.")


@app.command("remove")
@blocking
async def remove(name: NAME, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Forget a source with its articles."""
    async with database() as db:
        source = await sources.find(db, name)
        if not yes:
            typer.confirm(f"Remove {source.title or source.url} with all its articles?", abort=True)
        await sources.remove(db, source.id, clock.now())
    print(f"Removed {source.title or source.url}.")


@app.command("import")
@blocking
async def import_(
    where: Annotated[str, typer.Argument(metavar="FILE|URL", help="OPML, or a text file with an address a line.")],
) -> None:
    """Add all feeds of a list, and say of each what became of it."""
    async with database() as db, outside() as (fetcher, workers):
        is_url = where.startswith(("http://", "https://"))
        outlines = await source_lists.fetch_list(fetcher, where) if is_url else read_opml(_read(where))
        with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
            task = progress.add_task("Reading the feeds", total=len(outlines))
            results = await source_lists.add_many(
                db, fetcher, workers, outlines, clock, on_result=lambda _: progress.advance(task)
            )
    for result in results:
        print(_line(result))
    if all(result.status is AddStatus.REFUSED for result in results):
        raise typer.Exit(1)


@app.command("export")
@blocking
async def export(
    file: Annotated[str, typer.Argument(help="Where to; standard output without one.")] = "",
) -> None:
    """Write all feeds as OPML, for any other reader."""
    async with database() as db:
        body = await source_lists.export_list(db, clock.now())
    if not file:
        sys.stdout.write(body.decode())
        return
    _write(file, body)
    print(f"Wrote {file}.")


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise BadInput("no_file", path=path) from None
    except OSError as error:
        raise BadInput("unreadable_file", path=path, detail=str(error)) from error


def _write(path: str, body: bytes) -> None:
    try:
        Path(path).write_bytes(body)
    except OSError as error:
        raise BadInput("unwritable_file", path=path, detail=error.strerror or str(error)) from error


def _line(result: AddResult) -> str:
    name = result.title or result.outline.url
    if result.status is AddStatus.ADDED:
        articles = words("en").count("{n} article", "{n} articles", result.articles)
        return f"{result.status:<8} {name}: {articles}"
    reason = f": {describe(result.error, words('en'))}" if result.error else ""
    return f"{result.status:<8} {name}{reason}"


def _here() -> datetime:
    return clock.now().astimezone(ZoneInfo(settings().timezone))
