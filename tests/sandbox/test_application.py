"""A bot made with python-telegram-bot lives in the sandbox as it would on Telegram."""

from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ParseMode
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.sandbox.server import Sandbox

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Count", callback_data="count:1")]])


async def greet(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text("<b>Welcome</b>", parse_mode=ParseMode.HTML, reply_markup=KEYBOARD)


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"You said {update.effective_message.text}", do_quote=True)


async def count(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    query = update.callback_query
    assert query is not None
    await query.answer("Counted", show_alert=True)
    await query.edit_message_text("Once", reply_markup=KEYBOARD)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        application = (
            Application.builder()
            .token(sandbox.token)
            .base_url(f"{sandbox.url}/bot")
            .get_updates_read_timeout(20)
            .build()
        )
        application.add_handler(CommandHandler("start", greet))
        application.add_handler(CallbackQueryHandler(count))
        application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, echo))
        async with application:
            await application.start()
            assert application.updater is not None
            await application.updater.start_polling(timeout=10)
            yield sandbox
            await application.updater.stop()
            await application.stop()


async def test_a_command_is_answered(sandbox: Sandbox) -> None:
    welcome = await sandbox.ask("You", "/start")
    assert welcome.text == "Welcome"
    assert welcome.raw == "<b>Welcome</b>"
    assert welcome.entities == ({"type": "bold", "offset": 0, "length": 7},)
    assert welcome.buttons == ["Count"]


async def test_a_tap_is_answered_and_the_message_changes_in_place(sandbox: Sandbox) -> None:
    welcome = await sandbox.ask("You", "/start")
    tap = await sandbox.tap("You", "Count")
    once = await sandbox.wait_for("You", "Once")
    assert once is welcome
    assert once.edited
    assert (await sandbox.answer_to(tap)).answer == "Counted"
    assert tap.alert


async def test_every_chat_is_its_own(sandbox: Sandbox) -> None:
    await sandbox.ask("You", "hello", "You said hello")
    answer = await sandbox.ask("李娜", "你好", "You said 你好")
    assert answer.reply_to is sandbox.messages("李娜")[0]
    assert [message.text for message in sandbox.sent("You")] == ["You said hello"]
