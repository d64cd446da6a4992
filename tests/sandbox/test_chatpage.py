"""The chat page in a real browser: it looks at the world as a messenger does, and acts in it."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox.cast import FORUM_ID, GROUP_ID, LI_NA_ID, YOU_ID
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Caller

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "Count", "callback_data": "count:1"}, {"text": "Copy", "copy_text": {"text": "copied"}}],
        [{"text": "Read", "url": "https://example.com/read"}],
    ]
}
FORMATTED = (
    '<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>code</code> <a href="https://example.com/a">link</a> '
    "<tg-spoiler>secret</tg-spoiler> /help #news\n<pre><code class='language-sql'>SELECT 1</code></pre>\n"
    "<blockquote>short</blockquote>\n<blockquote expandable>"
    + "A long sentence about the harbour. " * 20
    + "</blockquote>"
)


class Seat:
    """Somebody who sits before the page."""

    def __init__(self, page: Page, sandbox: Sandbox) -> None:
        self.page = page
        self.sandbox = sandbox
        self.text = page.get_by_test_id("text")
        self.messages = page.get_by_test_id("message")

    async def open(self, chat: int | None = None) -> None:
        await self.page.goto(self.sandbox.chat_page_url + (f"#{chat}" if chat else ""))
        await self.page.get_by_test_id("chat").first.wait_for(state="attached")

    def chat(self, name: str) -> Any:
        return self.page.get_by_test_id("chat").filter(has_text=name)

    def button(self, name: str) -> Any:
        return self.page.get_by_role("button", name=name, exact=True)


@pytest.fixture
async def seat(chromium: Browser, sandbox: Sandbox) -> AsyncIterator[Seat]:
    """A desk. Whatever the page complains about, or asks of another host, fails the test."""
    page = await chromium.new_page(viewport={"width": 1200, "height": 800}, color_scheme="light")
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: None if request.url.startswith(sandbox.url) else troubles.append(request.url))
    yield Seat(page, sandbox)
    assert troubles == []
    await page.close()


@pytest.mark.browser
async def test_a_newcomer_reads_what_the_bot_does_and_starts_it(seat: Seat, call: Caller) -> None:
    await call("setMyDescription", description="Tells you the news")
    await seat.open()
    await expect(seat.page.get_by_test_id("intro")).to_contain_text("What can this bot do?")
    await expect(seat.page.get_by_test_id("intro")).to_contain_text("Tells you the news")
    await expect(seat.text).to_be_hidden()
    await seat.button("Start").click()
    await expect(seat.messages).to_contain_text(["/start"])
    await expect(seat.page.get_by_test_id("intro")).to_be_hidden()
    await expect(seat.text).to_be_visible()
    (update,) = await call("getUpdates")
    assert update["message"]["text"] == "/start"


@pytest.mark.browser
async def test_a_message_is_drawn_with_its_formatting_and_never_as_markup(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    await call("sendMessage", chat_id=you, text=FORMATTED, parse_mode="HTML")
    bubble = seat.messages.last
    for tag, text in (("strong", "bold"), ("em", "italic"), ("u", "under"), ("s", "struck"), ("pre", "SELECT 1")):
        await expect(bubble.locator(tag).first).to_have_text(text)
    await expect(bubble.get_by_role("link", name="link")).to_have_attribute("href", "https://example.com/a")
    await expect(bubble.locator("pre")).to_have_attribute("data-language", "sql")
    await expect(bubble.locator("blockquote").first).to_have_text("short")
    await bubble.get_by_role("button", name="/help").click()
    await expect(seat.messages.last).to_contain_text("/help")
    await call("sendMessage", chat_id=you, text="<img src=x onerror=alert(1)>")
    await expect(seat.messages.last).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(seat.page.locator("#log img")).to_have_count(0)


@pytest.mark.browser
async def test_quotes_unfold_and_spoilers_show_by_keyboard(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    await call("sendMessage", chat_id=you, text=FORMATTED, parse_mode="HTML")
    toggle = seat.button("Show the whole quote")
    await expect(toggle).to_have_attribute("aria-expanded", "false")
    folded = await seat.page.locator("blockquote.expandable").bounding_box()
    await toggle.press("Enter")
    await expect(seat.button("Show less")).to_have_attribute("aria-expanded", "true")
    unfolded = await seat.page.locator("blockquote.expandable").bounding_box()
    assert folded is not None
    assert unfolded is not None
    assert unfolded["height"] > 2 * folded["height"]
    spoiler = seat.page.locator(".spoiler")
    await spoiler.press("Enter")
    await expect(spoiler).to_have_class("spoiler shown")


@pytest.mark.browser
async def test_a_tapped_button_tells_the_bot_and_shows_its_answer(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    sent = await call("sendMessage", chat_id=you, text="Nothing counted", reply_markup=KEYBOARD)
    await seat.button("Count").click()
    await expect(seat.page.locator(".key.waiting")).to_have_text("Count")
    start = (await call("getUpdates"))[0]
    (update,) = await call("getUpdates", offset=start["update_id"] + 1, timeout=10)
    query = update["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("count:1", "Nothing counted")
    await call("answerCallbackQuery", callback_query_id=query["id"], text="One more")
    await expect(seat.page.get_by_test_id("toast")).to_have_text("One more")
    await expect(seat.page.locator(".key.waiting")).to_have_count(0)
    await call("answerCallbackQuery", callback_query_id=query["id"], text="Really", show_alert=True)
    await expect(seat.page.get_by_role("dialog")).to_contain_text("Really")
    await seat.button("OK").click()
    await expect(seat.page.get_by_role("dialog")).to_be_hidden()
    where = {"chat_id": you, "message_id": sent["message_id"]}
    await call("editMessageText", **where, text="Counted: 1", reply_markup=KEYBOARD)
    await expect(seat.messages.last).to_contain_text("Counted: 1")
    await expect(seat.messages.last).to_contain_text("edited")
    await expect(seat.messages).to_have_count(2)
    await expect(seat.button("Count")).to_be_focused()
    await expect(seat.page.get_by_role("link", name="Read")).to_have_attribute("target", "_blank")
    await call("deleteMessage", **where)
    await expect(seat.messages).to_have_count(1)


@pytest.mark.browser
async def test_the_commands_are_offered_in_the_language_of_the_chat(seat: Seat, call: Caller) -> None:
    await seat.sandbox.say("李娜", "/start")
    both = [{"command": "brief", "description": "Your briefing now"}, {"command": "list", "description": "Topics"}]
    await call("setMyCommands", commands=both)
    await call("setMyCommands", commands=[{"command": "brief", "description": "立即获取简报"}], language_code="zh")
    await seat.open(LI_NA_ID)
    await seat.text.press_sequentially("/")
    await expect(seat.page.get_by_role("option")).to_have_text(["/brief立即获取简报"])
    await expect(seat.page.locator("#conversation")).to_have_attribute("lang", "zh-Hans")
    await expect(seat.text).to_have_attribute("placeholder", "输入消息")
    await seat.page.keyboard.press("Escape")
    await expect(seat.page.get_by_role("option")).to_have_count(0)
    await seat.text.fill("")
    await seat.page.get_by_test_id("menu").click()
    await seat.page.keyboard.press("ArrowDown")
    await seat.page.keyboard.press("Enter")
    await expect(seat.messages.last).to_contain_text("/brief")


@pytest.mark.browser
async def test_typing_narrows_the_commands_and_tab_completes(seat: Seat, call: Caller, you: int) -> None:
    await call("setMyCommands", commands=[{"command": c, "description": c} for c in ("brief", "subscribe", "settings")])
    await seat.open(you)
    await seat.text.press_sequentially("/s")
    await expect(seat.page.get_by_role("option")).to_have_count(2)
    await seat.page.keyboard.press("ArrowUp")
    await seat.page.keyboard.press("Tab")
    await expect(seat.text).to_have_value("/settings ")
    await seat.text.press_sequentially("now")
    await seat.page.keyboard.press("Shift+Enter")
    await seat.text.press_sequentially("please")
    await seat.page.get_by_test_id("send").click()
    await expect(seat.messages.last).to_contain_text("/settings now\nplease")
    await expect(seat.text).to_have_value("")


@pytest.mark.browser
async def test_other_chats_count_what_is_unread_and_show_silence(seat: Seat, call: Caller, you: int) -> None:
    await seat.sandbox.say("Ada", "/start")
    await seat.open(you)
    ada = seat.sandbox.world.chat("Ada").id
    await call("sendMessage", chat_id=ada, text="one")
    await call("sendMessage", chat_id=ada, text="two", disable_notification=True)
    badge = seat.chat("Ada").locator(".badge")
    await expect(badge).to_have_text("2")
    await expect(badge).to_have_class("badge quiet")
    assert await seat.page.title() == "(2) Briefwire · sandbox"
    await seat.chat("Ada").click()
    await expect(badge).to_have_count(0)
    await expect(seat.page.get_by_role("img", name="Sent without a sound")).to_have_count(1)
    await seat.page.reload()
    await expect(seat.chat("Ada")).to_have_attribute("aria-current", "true")
    await expect(badge).to_have_count(0)


@pytest.mark.browser
async def test_the_bot_is_seen_typing(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    await expect(seat.page.get_by_test_id("status")).to_have_text("bot · as You")
    await call("sendChatAction", chat_id=you, action="typing")
    await expect(seat.page.get_by_test_id("status")).to_have_text("typing…")
    await call("sendMessage", chat_id=you, text="x")
    await expect(seat.page.get_by_test_id("status")).to_have_text("bot · as You")


@pytest.mark.browser
async def test_a_group_invites_the_bot_and_everybody_can_be_spoken_for(seat: Seat, call: Caller) -> None:
    await seat.open(GROUP_ID)
    await seat.button("Add Briefwire here").click()
    await expect(seat.page.locator(".service").last).to_have_text("Ada added Briefwire")
    await seat.page.get_by_test_id("speaker").select_option(label="You")
    await seat.text.fill("/brief")
    await seat.text.press("Enter")
    await expect(seat.messages.last).to_have_class("message own fresh")
    message = (await call("getUpdates"))[-1]["message"]
    assert (message["from"]["id"], message["text"]) == (YOU_ID, "/brief")
    await call("sendMessage", chat_id=GROUP_ID, text="Here", reply_parameters={"message_id": message["message_id"]})
    await expect(seat.messages.last.locator(".reply")).to_have_text("You/brief")
    await seat.page.get_by_test_id("speaker").select_option(label="Ada")
    await expect(seat.messages.first).to_have_class("message other")
    await seat.page.get_by_test_id("more").click()
    await seat.page.get_by_role("menuitem", name="Remove Briefwire").click()
    await expect(seat.page.locator(".service").last).to_have_text("Ada removed Briefwire")
    await expect(seat.button("Add Briefwire here")).to_be_visible()


@pytest.mark.browser
async def test_a_forum_has_its_topics(seat: Seat, call: Caller) -> None:
    seat.sandbox.add_bot("Newsroom")
    await call("sendMessage", chat_id=FORUM_ID, message_thread_id=2, text="About Asia")
    await seat.open(FORUM_ID)
    await expect(seat.messages).to_have_count(0)
    await seat.page.get_by_role("tab", name="Asia").click()
    await expect(seat.messages).to_contain_text(["About Asia"])
    await seat.text.fill("/list")
    await seat.text.press("Enter")
    await expect(seat.messages).to_have_count(2)
    assert seat.sandbox.messages("Newsroom")[-1].thread_id == 2


@pytest.mark.browser
async def test_somebody_blocks_the_bot_and_takes_it_back(seat: Seat, you: int) -> None:
    await seat.open(you)
    await seat.page.get_by_test_id("more").click()
    await seat.page.keyboard.press("Enter")
    await expect(seat.button("Unblock the bot")).to_be_visible()
    assert seat.sandbox.world.chat("You").blocked
    await seat.button("Unblock the bot").click()
    await expect(seat.text).to_be_visible()
    assert not seat.sandbox.world.chat("You").blocked


@pytest.mark.browser
async def test_a_link_to_the_bot_itself_starts_it_with_its_payload(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    link = "https://t.me/briefwire_bot?start=invite_1"
    keyboard = {"inline_keyboard": [[{"text": "Join", "url": link}]]}
    await call(
        "sendMessage", chat_id=you, text=f"<a href='{link}'>come in</a>", parse_mode="HTML", reply_markup=keyboard
    )
    await seat.button("come in").click()
    await expect(seat.messages.last).to_contain_text("/start invite_1")
    await seat.button("Join").click()
    await expect(seat.messages).to_have_count(4)


@pytest.mark.browser
async def test_a_phone_shows_the_list_or_a_chat(chromium: Browser, sandbox: Sandbox, call: Caller, you: int) -> None:
    page = await chromium.new_page(viewport={"width": 390, "height": 844})
    seat = Seat(page, sandbox)
    text = "<b>Harbour</b> " + "longwordwithoutspaces" * 10
    await call("sendMessage", chat_id=you, text=text, parse_mode="HTML", reply_markup=KEYBOARD)
    await seat.open()
    await expect(seat.text).to_be_hidden()
    await seat.chat("You").click()
    await expect(seat.text).to_be_visible()
    await expect(seat.chat("You")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    assert await page.evaluate("document.getElementById('scroller').scrollWidth") == 390
    await page.get_by_role("button", name="All chats").click()
    await expect(seat.chat("You")).to_be_focused()


@pytest.mark.browser
async def test_a_chosen_theme_wins_over_the_systems_and_stays(chromium: Browser, sandbox: Sandbox) -> None:
    page = await chromium.new_page(color_scheme="dark")
    seat = Seat(page, sandbox)
    shade = "getComputedStyle(document.body).backgroundColor"
    await seat.open()
    dark = await page.evaluate(shade)
    await page.get_by_test_id("theme").click()
    light = await page.evaluate(shade)
    assert (dark, light) == ("rgb(17, 24, 30)", "rgb(255, 255, 255)")
    await page.reload()
    assert await page.evaluate(shade) == light


@pytest.mark.browser
async def test_a_reader_far_up_is_told_of_news_below(seat: Seat, call: Caller, you: int) -> None:
    for number in range(40):
        await call("sendMessage", chat_id=you, text=f"number {number}")
    await seat.open(you)
    await expect(seat.messages.last).to_be_in_viewport()
    await seat.page.locator("#scroller").evaluate("node => node.scrollTo({top: 0, behavior: 'instant'})")
    await expect(seat.page.locator("#jump")).to_be_visible()
    await call("sendMessage", chat_id=you, text="the newest")
    await expect(seat.page.locator("#jump-count")).to_have_text("1")
    await seat.button("To the newest message").click()
    await expect(seat.messages.last).to_be_in_viewport()
    await expect(seat.page.locator("#jump")).to_be_hidden()


@pytest.mark.browser
async def test_a_message_longer_than_the_window_is_read_from_its_beginning(seat: Seat, call: Caller, you: int) -> None:
    await seat.open(you)
    await call("sendMessage", chat_id=you, text="The headline\n" + "and a line below it\n" * 80)
    await expect(seat.messages.last).to_be_in_viewport()
    # Not wait_for_function: it evaluates text in the page, which the page's own policy forbids.
    async with asyncio.timeout(10):
        await seat.page.evaluate(
            """() => new Promise(done => {
                const top = element => element.getBoundingClientRect().top;
                const find = selector => document.querySelector(selector);
                const look = () => {
                    const gap = top(find("#log").lastElementChild) - top(find("#scroller"));
                    if (Math.abs(gap) < 20) done(); else requestAnimationFrame(look);
                };
                look();
            })"""
        )


@pytest.mark.browser
async def test_the_newest_message_stays_in_sight_when_the_window_shrinks(seat: Seat, call: Caller, you: int) -> None:
    for number in range(40):
        await call("sendMessage", chat_id=you, text=f"number {number}")
    await seat.open(you)
    await expect(seat.messages.last).to_be_in_viewport()
    await seat.page.set_viewport_size({"width": 390, "height": 500})
    await expect(seat.messages.last).to_be_in_viewport()


@pytest.mark.browser
async def test_the_menu_opens_while_somebody_is_typing(seat: Seat, call: Caller, you: int) -> None:
    await call("setMyCommands", commands=[{"command": "brief", "description": "Your briefing now"}])
    await seat.open(you)
    await seat.text.click()
    await seat.page.get_by_test_id("menu").click()
    await expect(seat.page.get_by_role("option")).to_have_text(["/briefYour briefing now"])
    await seat.page.get_by_role("option").click()
    await expect(seat.messages.last).to_contain_text("/brief")


async def events(call: Caller) -> AsyncGenerator[dict[str, Any], None]:
    """What the server tells a page."""
    async with call.session.get(f"{call.sandbox.url}/sandbox/events") as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))


async def test_a_page_gets_the_world_first_and_then_every_change(call: Caller, you: int) -> None:
    stream = events(call)
    world = await anext(stream)
    assert [chat["title"] for chat in world["chats"]][:3] == ["You", "李娜", "Ada"]
    assert [message["text"] for message in world["messages"]] == ["/start"]
    sent = await call("sendMessage", chat_id=you, text="x", reply_markup=KEYBOARD)
    assert (await anext(stream))["message"]["keyboard"] == KEYBOARD["inline_keyboard"]
    await call("sendChatAction", chat_id=you, action="typing")
    assert await anext(stream) == {"kind": "action", "chat": you, "action": "typing"}
    tap = await call.sandbox.tap("You", "Count")
    await call("answerCallbackQuery", callback_query_id=tap.id, text="One")
    answer = await anext(stream)
    assert (answer["kind"], answer["data"], answer["text"], answer["alert"]) == ("answer", "count:1", "One", False)
    await call("deleteMessage", chat_id=you, message_id=sent["message_id"])
    assert (await anext(stream))["kind"] == "delete"
    await call("setMyDescription", description="News")
    descriptions = [(await anext(stream))["chat"]["description"] for _ in world["chats"]]
    assert descriptions == ["News", "News", "News", "", "", ""]
    await call.sandbox.stop()
    assert [event async for event in stream] == []


async def test_a_channel_post_shows_the_channel(call: Caller) -> None:
    chat = call.sandbox.add_bot("Morning headlines")
    await call("sendMessage", chat_id=chat.id, text="x")
    world = await anext(stream := events(call))
    assert [message["sender"]["name"] for message in world["messages"]] == ["Morning headlines"]
    await stream.aclose()


async def test_the_doors_of_the_page_act_in_the_world(call: Caller, you: int) -> None:
    async def door(name: str, **body: Any) -> int:
        async with call.session.post(f"{call.sandbox.url}/sandbox/{name}", json=body) as response:
            return response.status

    sent = await call("sendMessage", chat_id=you, text="x", reply_markup=KEYBOARD)
    assert await door("say", chat=you, text="hello") == 200
    assert await door("say", chat="Nobody", text="hello") == 400
    assert await door("tap", chat=you, message=sent["message_id"], data="count:1") == 200
    assert await door("tap", chat=you, message=999, data="count:1") == 400
    assert await door("block", chat=you, blocked=True) == 200
    assert call.sandbox.world.chat(you).blocked
    assert await door("membership", chat=GROUP_ID, status="member") == 200
    assert await door("membership", chat=GROUP_ID, status="emperor") == 400
    await call.refused("sendMessage", chat_id=you, text="x")
    async with call.session.get(f"{call.sandbox.url}/sandbox/messages", params={"chat": "You"}) as response:
        assert [message["text"] for message in await response.json()] == ["/start", "x", "hello"]
    async with call.session.get(f"{call.sandbox.url}/sandbox/messages") as response:
        assert response.status == 404
    async with call.session.get(f"{call.sandbox.url}/sandbox/calls") as response:
        shown = await response.json()
    assert [(item["method"], item["refusal"]) for item in shown] == [
        ("sendMessage", None),
        ("sendMessage", "Forbidden: bot was blocked by the user"),
    ]


async def test_a_file_is_sent_with_its_caption_and_a_bots_file_can_be_fetched(seat: Seat, call: Caller) -> None:
    await seat.sandbox.say("You", "/start")
    await seat.open(YOU_ID)
    await seat.text.fill("/source import")
    body = b"<opml/>" + bytes(range(256))
    await seat.page.get_by_test_id("file").set_input_files(
        {"name": "mine.opml", "mimeType": "text/xml", "buffer": body}
    )
    await expect(seat.messages.last).to_contain_text("mine.opml")
    await expect(seat.messages.last).to_contain_text("/source import")
    await expect(seat.text).to_have_value("")
    [_, sent] = seat.sandbox.messages("You")
    assert seat.sandbox.world.files[f"documents/{sent.document['file_id']}"] == body
    link = seat.messages.last.get_by_role("link", name="mine.opml")
    async with seat.page.expect_download() as download:
        await link.click()
    assert (await (await download.value).path()).read_bytes() == body
