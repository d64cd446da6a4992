"""`briefwire run` and `briefwire demo`."""

import asyncio
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

import typer

from bot import config, log
from bot.actions import tokens
from bot.app import EVERYTHING, App, Part
from bot.commands.common import blocking, clock, settings
from bot.config import AccessPolicy, Settings
from bot.errors import BriefwireError, SettingsError
from bot.model import SourceKind
from bot.rules.polling import Rhythm
from bot.sandbox import cast
from bot.sandbox.outlets import FeedAddress, Outlets
from bot.sandbox.server import Sandbox
from bot.storage import sources

DEMO_RHYTHM = Rhythm(timedelta(seconds=20), timedelta(seconds=20))  # somebody is watching
IMPORT_PATIENCE = 8.0  # seconds that the demo waits for its news before it answers people
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@blocking
async def run(
    roles: Annotated[
        str,
        typer.Option(help="What this process does: collect, process, send, web, comma separated.", show_default="all"),
    ] = "",
) -> None:
    """Run the bot: collect, match, brief, deliver, and serve the portal, until it is stopped."""
    loaded = settings()
    parts = _parts(roles)
    if Part.SEND in parts and not loaded.token.get_secret_value():
        raise SettingsError(["BRIEFWIRE_TOKEN: is not set; @BotFather gives one. `briefwire demo` needs none"])
    if loaded.webhook and Part.SEND in parts and Part.WEB not in parts:
        raise SettingsError(
            ["BRIEFWIRE_WEBHOOK: what Telegram calls is served by web, in the process with the role send"]
        )
    app = App(loaded, parts=parts)
    await app.start()
    try:
        _announce(app)
        with _stop_signal() as stopped:
            await app.run(stopped.wait())
    finally:
        await app.stop()


@blocking
async def demo(
    port: Annotated[int, typer.Option(help="Port of the chat page.")] = 8081,
    portal_port: Annotated[int, typer.Option(help="Port of the portal.")] = 8080,
) -> None:
    """Try it without a token and without network: a chat page, sample sources, the portal."""
    started_at = clock.now()
    outlets = Outlets(started_at, clock)
    sandbox = Sandbox(routes=outlets.routes())
    with tempfile.TemporaryDirectory(prefix="briefwire-demo-") as folder:
        try:
            await sandbox.start(port=port)
        except OSError as error:
            raise BriefwireError("port_taken", port=port, option="--port") from error
        app = App(_demo_settings(sandbox, Path(folder), portal_port), rhythm=DEMO_RHYTHM)
        try:
            try:
                await app.open()
            except SettingsError as error:
                raise BriefwireError("port_taken", port=portal_port, option="--portal-port") from error
            await _follow(app, outlets.feeds(sandbox.url))
            await app.settle(IMPORT_PATIENCE)
            await app.listen()
            _, secret = await tokens.create(app.db, "demo", clock.now())
            _announce_demo(app, sandbox, secret)
            with _stop_signal() as stopped:
                await app.run(stopped.wait())
        finally:
            await app.stop()
            await sandbox.stop()


async def _follow(app: App, feeds: Sequence[FeedAddress]) -> None:
    now = clock.now()
    async with app.db.write() as tx:
        for feed in feeds:
            await sources.add(tx, kind=SourceKind.FEED, url=feed.url, title=feed.title, now=now, next_fetch_at=now)
    app.wake("collect")


def _demo_settings(sandbox: Sandbox, folder: Path, portal_port: int) -> Settings:
    loaded = config.load(
        {},  # the demo is the same everywhere, whatever the environment says
        token=sandbox.token,
        api_url=sandbox.url,
        data_dir=folder,
        access=AccessPolicy.OPEN,
        admins=(cast.ADA_ID,),
        listen=f"127.0.0.1:{portal_port}",
        allowed_networks=LOOPBACK,
        regex=True,  # whoever tries the query language tries all of it
        log_level="WARNING",
    )
    log.configure(level=loaded.log_level, style=loaded.log_format)
    return loaded


def _parts(roles: str) -> frozenset[Part]:
    names = [name.strip() for name in roles.split(",") if name.strip()]
    unknown = [name for name in names if name not in list(Part)]
    if unknown:
        raise typer.BadParameter(f"no role {unknown[0]!r}; there are {', '.join(Part)}")
    return frozenset(Part(name) for name in names) or EVERYTHING


@contextmanager
def _stop_signal() -> Iterator[asyncio.Event]:
    """An event that Ctrl-C or SIGTERM sets."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    try:
        yield stopped
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _announce(app: App) -> None:
    print(f"Bot     https://t.me/{app.username}" if app.username else "Bot     not in this process")
    print(f"Portal  {app.portal_url}" if app.portal_url else "Portal  not in this process", flush=True)
    if app.claim_code:
        print(f"\nThis bot has no owner yet. Send it  /start {app.claim_code}  to own it.", flush=True)


def _announce_demo(app: App, sandbox: Sandbox, secret: str) -> None:
    print("Briefwire demo: sample news, a sandbox instead of Telegram. Nothing leaves this machine.\n")
    print(f"Chat page  {sandbox.chat_page_url}")
    print(f"Portal     {app.portal_url}")
    print(f"Outlets    {sandbox.url}/outlets/")
    print(f"API token  {secret}\n")
    print("Write  /subscribe North Korea  and then  /brief . Ada is the admin. Ctrl-C ends it.", flush=True)
