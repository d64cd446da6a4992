"""The walk through the chat page, in a real browser, as somebody new does it."""

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, follow_outlets
from tests.browser import chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.browser


async def write(page: Page, text: str) -> None:
    await page.get_by_test_id("text").fill(text)
    await page.get_by_test_id("text").press("Enter")


async def test_somebody_new_subscribes_and_gets_the_first_briefing(
    sandbox: Sandbox, outlets: Outlets, start: Start, chromium: Browser, tmp_path: Path
) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    page = await chromium.new_page(viewport={"width": 1180, "height": 860})
    await page.goto(sandbox.chat_page_url)
    await page.get_by_test_id("chats").get_by_text("You", exact=True).click()
    await page.get_by_test_id("wide").click()  # Start
    log = page.get_by_test_id("log")
    await expect(log).to_contain_text("In the news now")
    await write(page, "/subscribe North Korea")
    await expect(log).to_contain_text("Following North Korea")
    await expect(log).to_contain_text("all I have")
    await write(page, "/brief")
    briefing = log.locator("li").last
    await expect(briefing).to_contain_text("“North Korea” in title", timeout=15_000)
    original = briefing.get_by_role("link").first
    href = await original.get_attribute("href")
    assert href is not None
    assert href.startswith(f"{sandbox.url}/outlets/")
    await page.screenshot(path=Path(os.environ.get("SCREENSHOTS", tmp_path)) / "walk.png")
    await page.goto(href)
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
