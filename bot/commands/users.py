"""`briefwire user`: people and their roles, for when the chat is out of reach."""

from typing import Annotated

import typer

from bot.commands.common import blocking, database
from bot.errors import NotFound
from bot.model import Role
from bot.storage import users

app = typer.Typer(no_args_is_help=True, help="People: list, and give a role.")


@app.command("list")
@blocking
async def show() -> None:
    """List everybody the bot has met."""
    async with database() as db, db.read() as tx:
        found = await users.all_users(tx)
    for user in found:
        print(f"{user.telegram_user_id:<14} {user.role:<8} {user.access:<10} {user.name}")
    if not found:
        print("Nobody yet.")


@app.command("role")
@blocking
async def role(
    telegram_user_id: Annotated[int, typer.Argument(help="The Telegram user id, as `user list` shows it.")],
    new_role: Annotated[Role, typer.Argument(metavar="ROLE", help="owner, admin, editor or reader.")],
) -> None:
    """Give somebody a role."""
    async with database() as db, db.write() as tx:
        found = [user for user in await users.all_users(tx) if user.telegram_user_id == telegram_user_id]
        if not found:
            raise NotFound("no_user", id=telegram_user_id)
        await users.set_role(tx, found[0].id, new_role)
    print(f"{found[0].name} is {new_role} now.")
