"""What the sandbox takes and refuses where files are sent and fetched."""

import aiohttp

from bot.sandbox import files
from tests.sandbox.conftest import Caller


async def upload(call: Caller, chat: int, content: bytes, **fields: str) -> dict[str, object]:
    """The whole answer to a file that is uploaded."""
    form = aiohttp.FormData({"chat_id": str(chat), **fields})
    form.add_field("document", content, filename="news.opml", content_type="text/x-opml")
    url = f"{call.sandbox.url}/bot{call.sandbox.token}/sendDocument"
    async with call.session.post(url, data=form) as response:
        body: dict[str, object] = await response.json()
        return body


async def test_a_file_arrives_with_its_caption_and_its_buttons(call: Caller, you: int) -> None:
    answer = await upload(
        call, you, b"<opml/>", caption="Your sources", reply_markup='{"inline_keyboard": [[{"text": "Go", "url": "https://e.com/"}]]}'
    )  # fmt: skip
    assert answer["ok"]
    (sent,) = call.sandbox.sent("You")
    assert (sent.text, sent.buttons) == ("Your sources", ["Go"])


async def test_what_telegram_would_not_take_is_refused(call: Caller, you: int) -> None:
    assert "only files that are uploaded" in await call.refused("sendDocument", chat_id=you, document="file_id")
    assert "non-empty" in str(await upload(call, you, b""))
    assert "caption is too long" in str(await upload(call, you, b"x", caption="x" * (files.CAPTION_LIMIT + 1)))
    assert "wrong file_id" in await call.refused("getFile", file_id="nothing")
    assert call.sandbox.sent("You") == []
