"""The starter catalogue."""

from bot.actions.catalogue import languages, pack, packs
from bot.rules.opml import usable
from bot.telegram.catalogue import TOPICS


def test_every_pack_has_usable_addresses_each_once_and_a_topic_with_words() -> None:
    urls = [feed.url for one in packs() for feed in one.feeds]
    assert len(urls) == len(set(urls)) > 60
    assert all(usable(feed) and feed.title for one in packs() for feed in one.feeds)
    plain = {feed.url for one in packs() for feed in one.feeds if not feed.url.startswith("https://")}
    assert plain == {"http://www.people.com.cn/rss/politics.xml"}  # the address that this publisher gives
    assert {one.topic for one in packs()} <= set(TOPICS)
    assert languages()[:2] == ["en", "zh"]


def test_a_pack_is_found_by_the_key_that_its_button_carries() -> None:
    assert all(pack(one.key) is one for one in packs())
    assert all(len(f"pack:{one.key}") <= 64 for one in packs())
    assert pack("none") is None
