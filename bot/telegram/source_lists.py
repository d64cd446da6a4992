"""/source import and /source export: lists of feeds as other readers have them, by file or by address."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from telegram import InputFile
from telegram.error import TelegramError

from bot.actions import account
from bot.actions.source_lists import MAX_FILE, AddResult, AddStatus, add_many, export_list, fetch_list
from bot.errors import BadInput
from bot.model import Button, Html
from bot.rules.opml import Outline, read_opml
from bot.rules.rendering import NAME_UNITS, shorten
from bot.rules.splitting import split
from bot.telegram.turn import Buttons, Turn, keyboard_of
from bot.texts import Catalogue
from bot.texts.errors import describe

FILE_NAME = "briefwire.opml"
PROGRESS_EVERY = 2.0  # seconds; Telegram takes no more than an edit a second in one chat
LISTED = 40  # feeds of which it is said why they were not simply added


async def import_from(turn: Turn, where: str) -> None:
    """/source import URL, or as the caption of a file or the answer to one."""
    account.require_admin(turn.visitor)
    if where:
        await add_all(turn, await fetch_list(turn.services.fetcher, where))
        return
    body = await _attached(turn)
    if body is None:
        await turn.reply(
            turn.words.html(
                "Send the OPML file of your reader here with the caption <code>/source import</code>, or its address: "
                "<code>/source import https://example.org/feeds.opml</code>"
            )
        )
        return
    await add_all(turn, read_opml(body))


async def receive(turn: Turn, _: str) -> None:
    """A file in a private chat: an admin's is read as a list of feeds."""
    if turn.visitor.user.role not in account.MAY_ADMINISTER:
        await turn.reply(turn.words("I read no files. Write what you want to follow."))
        return
    body = await _attached(turn)
    if body is not None:
        await add_all(turn, read_opml(body))


async def _attached(turn: Turn) -> bytes | None:
    """The file that was sent along, or that this message answers. Raises BadInput `file_too_large`."""
    asked = turn.message.reply_to_message
    document = turn.message.document or (asked.document if asked else None)
    if document is None:
        return None
    if (document.file_size or 0) > MAX_FILE:
        raise BadInput("file_too_large", megabytes=MAX_FILE // 1024**2)
    return bytes(await (await document.get_file()).download_as_bytearray())


async def add_all(turn: Turn, outlines: Sequence[Outline], *, more: Buttons = ()) -> None:
    """Adds the feeds of a list; one message shows how far it is, and at the end what became of them.

    `more`: buttons below the end, beside that to the list.
    """
    services, words = turn.services, turn.words
    message = await turn.reply(_progress(words, 0, len(outlines)))
    done: list[AddResult] = []

    async def show_progress() -> None:
        shown = 0
        while True:
            await asyncio.sleep(PROGRESS_EVERY)
            if len(done) > shown:
                shown = len(done)
                await message.edit_text(_progress(words, shown, len(outlines)), parse_mode="HTML")

    showing = asyncio.create_task(show_progress())
    try:
        results = await add_many(
            services.db, services.fetcher, services.workers, outlines, services.clock, on_result=done.append
        )
    finally:
        showing.cancel()
        with suppress(asyncio.CancelledError, TelegramError):  # how far it is may stay unsaid
            await showing
    services.wake("group")
    services.wake("collect")
    buttons = [*more, [Button(words("List the sources"), data="sources")]]
    first, *rest = split(_summary(words, results), buttons)
    await message.edit_text(first.text, parse_mode="HTML", reply_markup=keyboard_of(first.buttons))
    for further in rest:
        await turn.reply(Html(further.text), further.buttons)


def _progress(words: Catalogue, done: int, total: int) -> Html:
    return words.html("<b>Reading the feeds</b> {done} of {total}", done=done, total=total)


def _summary(words: Catalogue, results: Sequence[AddResult]) -> list[Html]:
    counts = Counter(result.status for result in results)
    articles = sum(result.articles for result in results)
    facts = [
        words.count("{n} source added", "{n} sources added", counts[AddStatus.ADDED]),
        words.count("{n} article imported silently", "{n} articles imported silently", articles),
    ]
    if counts[AddStatus.KNOWN]:
        facts.append(words("{n} known before", n=counts[AddStatus.KNOWN]))
    if counts[AddStatus.KEPT]:
        facts.append(words("{n} can't be read now and are tried again", n=counts[AddStatus.KEPT]))
    if counts[AddStatus.REFUSED]:
        facts.append(words("{n} not added", n=counts[AddStatus.REFUSED]))
    blocks = [words.html("<b>{facts}.</b>", facts=", ".join(facts))]
    ailing = [result for result in results if result.status in (AddStatus.REFUSED, AddStatus.KEPT)]
    blocks.extend(_reason(words, result) for result in ailing[:LISTED])
    if len(ailing) > LISTED:
        blocks.append(words.html("and {n} more", n=len(ailing) - LISTED))
    return blocks


def _reason(words: Catalogue, result: AddResult) -> Html:
    return words.html(
        "• {name}: {reason}",
        name=shorten(result.title or result.outline.url, NAME_UNITS),
        reason=describe(result.error, words) if result.error else "",
    )


async def export(turn: Turn, _: str) -> None:
    """/source export: the feeds as a file for any other reader."""
    account.require_admin(turn.visitor)
    body = await export_list(turn.services.db, turn.now)
    await turn.message.reply_document(
        InputFile(body, filename=FILE_NAME),
        caption=turn.words("Your feeds, for any reader that takes OPML."),
        do_quote=False,
    )
