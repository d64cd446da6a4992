"""The portal in a real browser: on a phone and a desk, by day and by night, by keyboard, on paper."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, async_playwright

from bot.storage.database import Database
from bot.web.deps import WebDeps
from bot.web.server import WebServer
from tests.conftest import NOON
from tests.web.conftest import add_article, add_source

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
LONG = "The council voted for a night ferry between the old docks and the northern bank of the river. " * 20
CONTRAST = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const light = (color) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
      const c = part / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const ratios = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
    .map((node) => light(getComputedStyle(node).color))
    .map((ink) => (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05));
  return Math.min(...ratios);
}"""


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        await browser.close()


@pytest.fixture
async def url(sqlite_deps: WebDeps, sqlite_db: Database) -> AsyncIterator[str]:
    """A portal with articles in two languages, one of them hostile to layouts."""
    post, times = await add_source(sqlite_db), await add_source(sqlite_db, "海峡时报")
    await add_article(sqlite_db, post, "a", text=LONG, tags=("politics",), keywords=("ferry", "night work"))
    for number in range(6):
        await add_article(
            sqlite_db,
            times,
            f"z{number}",
            title="北港海底电缆维修提前完成，三地网络恢复正常",
            text="维修船周一夜间完成最后一段接驳。" * 30,
            section="亚洲",
            language="zh",
            published_at=NOON - timedelta(hours=5 * number + 4),
        )
    await add_article(
        sqlite_db, post, "long", title="Un" + "break" * 60 + "able", text="https://x.example/" + "y" * 400
    )
    server = WebServer(sqlite_deps)
    await server.start("127.0.0.1", 0)
    yield server.url
    await server.stop()


async def visit(chromium: Browser, url: str, *, width: int = 1280, scheme: str = "light") -> Page:
    context = await chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="en-GB",
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    await page.goto(url)
    return page


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_fits_its_screen_and_can_be_read(chromium: Browser, url: str, width: int, scheme: str) -> None:
    page = await visit(chromium, url, width=width, scheme=scheme)
    for path in ("/", "/articles/1", "/articles/2", "/articles/8", "/sources", "/tags/politics", "/nowhere"):
        await page.goto(url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert await page.evaluate(CONTRAST) >= 4.5, path


async def test_nothing_is_fetched_from_elsewhere_and_nothing_is_blocked(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/articles/1", "/sources"):
        await page.goto(url + path)
    assert asked
    assert all(one.startswith(url) for one in asked)
    assert said == []


async def test_the_keyboard_reaches_the_articles_at_once(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url)
    await page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert await skip.inner_text() == "Skip to the content"
    assert await skip.evaluate("node => node.getBoundingClientRect().left >= 0")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.locator(":focus").evaluate("node => !!node.closest('main article')")


async def test_a_reader_goes_from_the_front_page_to_an_article_and_its_tag(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url, width=390)
    teaser = page.locator("article", has_text="Night ferry agreed")
    await teaser.get_by_role("link", name="Night ferry agreed").click()
    assert await page.get_by_role("heading", level=1).inner_text() == "Night ferry agreed"
    original = page.get_by_role("link", name="Original")
    assert await original.get_attribute("href") == "https://post.example/a"
    await page.get_by_role("link", name="politics").click()
    assert await page.locator("h3").all_inner_texts() == ["Night ferry agreed"]
    await page.get_by_role("link", name="Latest", exact=True).click()
    assert await page.locator("nav [aria-current]").inner_text() == "Latest"


async def test_an_excerpt_in_a_list_takes_two_lines(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url)
    heights = await page.locator(".teaser .excerpt").evaluate_all(
        "nodes => nodes.map(node => node.clientHeight / parseFloat(getComputedStyle(node).lineHeight))"
    )
    assert heights
    assert max(heights) < 2.1


async def test_paper_gets_the_article_with_its_address_and_no_navigation(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url + "/articles/1")
    await page.emulate_media(media="print")
    assert not await page.get_by_role("navigation").is_visible()
    after = await page.locator(".original a").evaluate("node => getComputedStyle(node, '::after').content")
    assert "https://post.example/a" in after


async def test_every_page_has_one_main_heading_and_its_landmarks(chromium: Browser, url: str) -> None:
    page = await visit(chromium, url)
    for path in ("/", "/articles/1", "/sources", "/tags/politics", "/nowhere"):
        await page.goto(url + path)
        assert await page.get_by_role("heading", level=1).count() == 1, path
        for role in ("banner", "navigation", "main", "contentinfo"):
            assert await page.locator(f"role={role}").count() == 1, (path, role)
