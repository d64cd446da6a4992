"""The methods that send and fetch files."""

from aiohttp import web

from bot.sandbox.chats import Json
from bot.sandbox.entities import plain
from bot.sandbox.keyboards import check_markup
from bot.sandbox.refusals import bad_request
from bot.sandbox.state import State

CAPTION_LIMIT = 1_024  # UTF-16 units
FILE_LIMIT = 50 * 1024 * 1024  # bytes that a bot may send
DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes that a bot may fetch


def send_document(state: State, given: Json) -> Json:
    """sendDocument, with the file in the request."""
    chat = state.open_chat(given["chat_id"])
    file = given["document"]
    if not isinstance(file, web.FileField):
        raise bad_request("the sandbox takes only files that are uploaded")
    body = file.file.read(FILE_LIMIT + 1)
    if len(body) > FILE_LIMIT:
        raise bad_request("file is too big")
    if not body:
        raise bad_request("file must be non-empty")
    caption = given.get("caption", "")
    if len(caption.encode("utf-16-le")) // 2 > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    keyboard = check_markup(given.get("reply_markup"))
    state.limiter.count(chat.id)
    message = state.world.post(
        chat,
        state.world.bot,
        plain(caption),
        raw=caption,
        keyboard=keyboard,
        thread_id=given.get("message_thread_id", 0),
        document=state.world.keep_file(file.filename, body, file.content_type),
    )
    return message.json()


def get_file(state: State, given: Json) -> Json:
    """getFile."""
    path = f"documents/{given['file_id']}"
    body = state.world.files.get(path)
    if body is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(body) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    file_id = given["file_id"]
    return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(body), "file_path": path}
