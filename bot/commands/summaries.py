"""`briefwire summarize`: sentences of a file, a page or standard input, word for word."""

import sys
from typing import Annotated

import typer

from bot.adapters.clock import SystemClock
from bot.commands.articles import read_file
from bot.commands.common import blocking, outside
from bot.errors import BadInput
from bot.ports import Request

INPUT = "-"
SENTENCES = 3


@blocking
async def summarize(
    where: Annotated[str, typer.Argument(metavar="FILE|URL|-", help="A text file, a page's address, or - for input.")],
    sentences: Annotated[
        int | None, typer.Option(help=f"How many sentences at most; {SENTENCES} where --words is not given.", min=1)
    ] = None,
    words: Annotated[
        int | None, typer.Option(help="How many words at most; in Chinese, Japanese and Thai characters / 1.7.", min=1)
    ] = None,
    focus: Annotated[
        list[str] | None,
        typer.Option(metavar="TERM", help="What you look for, such as “North Korea”; may be repeated."),
    ] = None,
    method: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="How sentences are chosen: news (as without it), lexrank, textrank, lsa, luhn, edmundson, kl, sumbasic"
            " or reduction.",
        ),
    ] = "",
    title: Annotated[str, typer.Option(help="The headline, which helps to choose.")] = "",
    language: Annotated[str, typer.Option(help="ISO 639-1 code; guessed without it.")] = "",
) -> None:
    """Summarise a text with sentences taken from it."""
    async with outside() as (fetcher, workers):
        if where.startswith(("http://", "https://")):
            response = await fetcher.fetch(Request(where))
            page = await workers.extract_page(response.body, url=response.url, latest=SystemClock().now())
            text, title = page.text, title or page.title
        else:
            text = _read_input() if where == INPUT else read_file(where)
        if not text.strip():
            raise BadInput("no_text", path=where)
        if not language:
            (language,) = await workers.detect_languages([text])
        excerpts = await workers.summarize(
            text,
            title=title,
            language=language,
            sentences=SENTENCES if sentences is None and words is None else sentences,
            words=words,
            focus=focus or (),
            method=method,
        )
    for excerpt in excerpts:
        print(excerpt.text)


def _read_input() -> str:
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise BadInput("unreadable_file", path=INPUT, detail=str(error)) from error
