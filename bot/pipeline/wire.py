"""The wire: one delivery to Telegram, whatever it does there, and Telegram's answer."""

from bot import log
from bot.errors import MessengerError
from bot.model import Delivery, Operation
from bot.ports import Messenger, SendResult, SendStatus
from bot.rules.delivery import is_repeatable

logger = log.get(__name__)


async def perform(messenger: Messenger, delivery: Delivery) -> tuple[SendResult, str]:
    """Does what a delivery says. One that Telegram can't read, or finds too long, goes once more as plain text.

    Returns:
        The answer, and why the text had to go as plain text, if it had to.

    Raises:
        MessengerError: Telegram refuses the bot itself.
    """
    result, unreadable = await _try(messenger, delivery, plain=False), ""
    if result.status is SendStatus.UNREADABLE:
        unreadable = result.detail
        logger.error("Telegram can't read a message; sending it as plain text", id=delivery.id, why=unreadable)
        result = await _try(messenger, delivery, plain=True)
    if result.status is SendStatus.REFUSED:
        logger.warning("Telegram refused a message", id=delivery.id, why=result.detail)
    return result, unreadable


async def _try(messenger: Messenger, delivery: Delivery, *, plain: bool) -> SendResult:
    try:
        if is_repeatable(delivery.operation):
            return await _change(messenger, delivery, plain=plain)
        return await messenger.send(
            delivery.telegram_chat_id,
            delivery.message,
            thread_id=delivery.thread_id,
            reply_to=delivery.target_message_id,
            plain=plain,
        )
    except MessengerError:
        raise
    except Exception as error:  # a bug must not leave the chat's line blocked for ever
        logger.error("sending failed", id=delivery.id, why=repr(error))
        return SendResult(SendStatus.UNCERTAIN, detail=type(error).__name__)


async def _change(messenger: Messenger, delivery: Delivery, *, plain: bool) -> SendResult:
    """Edits or deletes an earlier message; what Telegram keeps is edited where there is a text for it."""
    chat, message_id = delivery.telegram_chat_id, delivery.target_message_id
    if message_id is None:
        return SendResult(SendStatus.MISSING, detail="it was never sent")
    if delivery.operation is Operation.DELETE and not plain:
        result = await messenger.delete(chat, message_id)
        if result.status is not SendStatus.LASTING or not delivery.message.text:
            return result
    return await messenger.edit(chat, message_id, delivery.message, plain=plain)
