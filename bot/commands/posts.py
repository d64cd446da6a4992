"""`briefwire post`: posts to many chats from the command line, in the name of the owner or the first admin."""

from typing import Annotated

import typer

from bot.actions import post_reports, posts
from bot.commands.common import blocking, clock, database
from bot.errors import NotFound
from bot.model import Broadcast, ChatGroup, Recipients, Role, Urgency, User
from bot.storage import users
from bot.storage.database import Database
from bot.texts import words

app = typer.Typer(no_args_is_help=True, help="Posts: add, list, pause, resume, stop.")

PostId = Annotated[int, typer.Argument(metavar="ID", help="The post's number, as `post list` shows it.")]


@app.command("add")
@blocking
async def add(
    text: Annotated[str, typer.Argument(help="The post, as every reader sees it.")],
    language: Annotated[str, typer.Option(help="Only chats in this language: en or zh.")] = "",
    group: Annotated[str, typer.Option(help="Only private, groups or channels.")] = "",
    query: Annotated[str, typer.Option(help="Only chats that follow this query.")] = "",
    urgency: Annotated[Urgency, typer.Option(help="How it comes.")] = Urgency.CONSIDERATE,
    send: Annotated[bool, typer.Option("--send", help="Send it; without this, only say whom it would reach.")] = False,
) -> None:
    """Write a post, say whom it would reach, and with --send let a running bot send it."""
    if group not in list(ChatGroup):
        raise typer.BadParameter("private, groups or channels", param_hint="--group")
    async with database() as db:
        author, now = await _author(db), clock.now()
        its = await posts.draft(db, author, posts.as_html(text), None, now)
        its = await posts.choose(db, author, its.id, Recipients(language=language, group=ChatGroup(group)))
        if query:
            its = await posts.choose_followers(db, author, its.id, query)
        its = await posts.set_urgency(db, author, its.id, urgency)
        audience = await posts.audience(db, its, now)
        reached = words("en").count("{n} chat", "{n} chats", audience.chats)
        print(f"Post {its.id}: {reached}; {audience.takes_no_posts:,} more take no posts.")
        if send:
            await posts.confirm(db, author, its.id, now)
            print(f"On its way. `briefwire post list` shows how far it is, `briefwire post stop {its.id}` stops it.")
        else:
            await posts.cancel(db, author, its.id, now)
            print("Not sent: add --send.")


@app.command("list")
@blocking
async def show() -> None:
    """List the latest posts and how far they are."""
    async with database() as db:
        found = await posts.latest(db, await _author(db), clock.now())
    for its, count in found:
        report = post_reports.plain(post_reports.report(its, count, words("en")).text).replace("\n", "; ")
        print(f"{its.id:<6} {report}   {post_reports.plain(its.text).splitlines()[0][:60]}")
    if not found:
        print("No post yet.")


@app.command("pause")
@blocking
async def pause(post_id: PostId) -> None:
    """Hold what was not sent yet."""
    async with database() as db:
        _say(await posts.pause(db, await _author(db), post_id))


@app.command("resume")
@blocking
async def resume(post_id: PostId) -> None:
    """Go on where a post was paused."""
    async with database() as db:
        _say(await posts.resume(db, await _author(db), post_id, clock.now()))


@app.command("stop")
@blocking
async def stop(post_id: PostId) -> None:
    """Stop what was not sent yet, for good."""
    async with database() as db:
        _say(await posts.cancel(db, await _author(db), post_id, clock.now()))


def _say(its: Broadcast) -> None:
    print(f"Post {its.id} is {its.state} now.")


async def _author(db: Database) -> User:
    async with db.read() as tx:
        admins = sorted(await users.admins(tx), key=lambda user: (user.role is not Role.OWNER, user.id))
    if not admins:
        raise NotFound("no_admin")
    return admins[0]
