"""`briefwire`: all commands in one place."""

from importlib.metadata import version
from typing import Annotated

import typer

from bot.commands import articles, bench, database, matching, posts, run, sources, summaries, tokens, users

app = typer.Typer(
    name="briefwire",
    help="A Telegram bot that turns the news into briefings, linked to the originals.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("demo")(run.demo)
app.command("migrate")(database.migrate)
app.command("check")(database.check)
app.add_typer(sources.app, name="source")
app.add_typer(articles.app, name="article")
app.command("match")(matching.match)
app.command("summarize")(summaries.summarize)
app.add_typer(tokens.app, name="token")
app.add_typer(users.app, name="user")
app.add_typer(posts.app, name="post")
app.command("bench", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench.bench)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"briefwire {version('briefwire')}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Settings come from the environment and `.env`, with the prefix BRIEFWIRE_; the README lists them."""
