"""`briefwire summarize`: sentences of a file, a page or standard input, word for word."""

import sys
from typing import Annotated

import typer

from bot.commands.articles import read_file
from bot.commands.common import blocking, outside
from bot.ports import Request


@blocking
async def summarize(
    where: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A text file, a page's address, or - for input.")],
    sentences: Annotated[int, typer.Option(help="How many sentences.", min=1)] = 3,
    title: Annotated[str, typer.Option(help="The headline, which helps to choose.")] = "",
    language: Annotated[str, typer.Option(help="ISO 639-1 code; guessed without it.")] = "",
) -> None:
    """Summarise a text with sentences taken from it."""
    async with outside() as (fetcher, workers):
        if where.startswith(("http://", "https://")):
            response = await fetcher.fetch(Request(where))
            page = await workers.extract_page(response.body, url=response.url)
            text, title = page.text, title or page.title
        else:
            text = sys.stdin.read() if where == "-" else read_file(where)
        if not language:
            (language,) = await workers.detect_languages([text])
        for excerpt in await workers.summarize(text, title=title, language=language, sentences=sentences):
            print(excerpt.text)
