"""`briefwire token`: who may push articles through the HTTP API."""

from typing import Annotated

import typer

from bot.actions import tokens
from bot.commands.common import blocking, clock, database

app = typer.Typer(no_args_is_help=True, help="Tokens of the HTTP API: add, list, revoke.")
Name = Annotated[str, typer.Argument(help="What the token is for, e.g. newsroom.")]


@app.command("add")
@blocking
async def add(name: Name) -> None:
    """Make a token. It is shown once; only its hash is stored."""
    async with database() as db:
        _, secret = await tokens.create(db, name, clock.now())
    print(secret)


@app.command("list")
@blocking
async def show() -> None:
    """List the tokens by name and use."""
    async with database() as db:
        found = await tokens.list_all(db)
    for token in found:
        used = f"last used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "never used"
        print(f"{token.name:<24} made {token.created_at:%Y-%m-%d}  {used}")
    if not found:
        print("No tokens yet. `briefwire token add NAME` makes one.")


@app.command("revoke")
@blocking
async def revoke(name: Name) -> None:
    """End a token at once."""
    async with database() as db:
        await tokens.revoke(db, name)
    print(f"Revoked {name}.")
