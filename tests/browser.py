"""A real Chromium for tests of pages. Without one they are skipped and say so.

CHROMIUM names the program; else the usual places are searched.
"""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find_chromium() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """A browser of the test's own; pages and contexts are closed with it."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium: install one or name it in CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()
