"""robots.txt, and which articles are worth a page."""

from datetime import timedelta

import pytest

from bot.rules.completing import AFTER_IMPORT, adds_text, is_short, page_time
from bot.rules.robots import EVERYTHING, NOTHING, read_robots, without_robots
from tests.conftest import NOON

RULES = b"""User-agent: *
Disallow: /private/
Allow: /private/open$
Crawl-delay: 10

User-agent: Briefwire
Disallow: /*.pdf$
Crawl-delay: 2
"""


def test_a_site_says_which_pages_may_be_read_and_how_far_apart() -> None:
    robots = read_robots(RULES)
    assert robots.delay == 2.0
    assert robots.allows("https://e.com/private/1")
    assert not robots.allows("https://e.com/a.pdf")
    others = read_robots(RULES.split(b"\n\n")[0])
    assert others.delay == 10.0
    assert [others.allows(f"https://e.com/private/{path}") for path in ("1", "open")] == [False, True]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>", b"User-agent"])
def test_what_is_no_robots_txt_forbids_nothing(body: bytes) -> None:
    assert read_robots(body).allows("https://e.com/a")


def test_a_site_that_asks_for_too_long_a_wait_is_left_alone() -> None:
    assert not read_robots(b"User-agent: *\nCrawl-delay: 600").allows("https://e.com/a")


def test_a_missing_file_allows_and_a_broken_server_forbids() -> None:
    assert without_robots(404) is EVERYTHING
    assert without_robots(503) is without_robots(0) is NOTHING
    assert EVERYTHING.allows("https://e.com/")
    assert not NOTHING.allows("https://e.com/")
    assert EVERYTHING.delay == 0


def test_a_teaser_is_short_in_any_script() -> None:
    assert is_short("The ferries stop on Tuesday.")
    assert not is_short("The ferries stop on Tuesday. " * 20)
    assert is_short("渡轮周二停航。")
    assert not is_short("渡轮周二停航。" * 20)


def test_the_page_of_an_old_article_is_not_asked_for_and_that_of_an_import_later() -> None:
    assert page_time("Short.", NOON, NOON, silent=False) == NOON
    assert page_time("Short.", None, NOON, silent=True) == NOON + AFTER_IMPORT
    assert page_time("Short.", NOON - timedelta(days=3), NOON, silent=False) is None
    assert page_time("Long enough. " * 50, NOON, NOON, silent=False) is None


def test_only_much_more_text_takes_a_teasers_place() -> None:
    assert adds_text("Short.", "Much longer than before.")
    assert adds_text("", "x")
    assert not adds_text("Short.", "Short..")
    assert not adds_text("", "")
