"""The sample outlets of the demo: what they say, and how their feeds and pages behave on a web server."""

import calendar
import json
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import chain, pairwise
from xml.etree import ElementTree as Tree

import feedparser
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.sandbox.newsroom import Outlet, Published, load_outlets, publish, pushed_article, read_sample
from bot.sandbox.outlets import LABELS, Outlets
from tests.conftest import NOON, FakeClock

CHARACTERS_PER_WORD = 1.7  # of Chinese, as in a summary's budget
LETTER = """Title: A letter from {weekday-1}
Section: World
Author: Ann Onymous; Bo Derick
Tags: post, stamps，paper
Age: 1d 2h 30m

Posted on {weekday}, {date}.

It arrives on {date+12}.
"""

Client = TestClient[web.Request, web.Application]
SAMPLES = [(outlet, sample) for outlet in load_outlets() for sample in outlet.samples]


def words(paragraphs: tuple[str, ...], language: str) -> float:
    text = " ".join(paragraphs)
    return len(re.sub(r"\s", "", text)) / CHARACTERS_PER_WORD if language == "zh" else len(text.split())


def outlet(**changes: object) -> Outlet:
    sample = read_sample("post/1-letter.txt", LETTER, ("World",))
    facts: dict[str, object] = {
        "slug": "post",
        "title": "The Post & Sons",
        "description": "Letters <daily>",
        "language": "en",
        "locale": "en-GB",
        "zone": timezone(timedelta(hours=-5)),
        "feed": "rss",
        "full_text": True,
        "colour": "#123456",
        "sections": ("World",),
        "samples": (sample,),
    }
    return Outlet(**(facts | changes))  # type: ignore[arg-type]


async def serve(outlets: Outlets) -> Client:
    app = web.Application()
    app.add_routes(outlets.routes())
    client = TestClient(TestServer(app))
    await client.start_server()
    return client


@pytest.fixture
async def client(clock: FakeClock) -> AsyncIterator[Client]:
    client = await serve(Outlets(NOON, clock))
    yield client
    await client.close()


# The samples


@pytest.mark.parametrize(("outlet", "sample"), SAMPLES, ids=lambda part: part.slug)
def test_an_article_has_the_length_of_news_and_the_names_it_needs(outlet: Outlet, sample: Published) -> None:
    assert 200 <= words(sample.paragraphs, outlet.language) <= 600
    assert len(sample.paragraphs) >= 4
    assert sample.tags
    assert sample.title == sample.title.strip()
    # A brace that is left is a misspelt day.
    published = next(one for one in publish(outlet, NOON) if one.slug == sample.slug)
    assert not re.search(r"[{}]|\s\s|\s$", "\n".join((published.title, *published.paragraphs)).replace("\n", ""))


def test_slugs_are_unique_within_an_outlet_and_titles_everywhere() -> None:
    slugs = Counter((outlet.slug, sample.slug) for outlet, sample in SAMPLES)
    titles = Counter(sample.title for _, sample in SAMPLES)
    assert max(slugs.values()) == max(titles.values()) == 1


def test_there_are_enough_articles_in_each_language_over_a_week() -> None:
    languages = Counter(outlet.language for outlet, _ in SAMPLES)
    assert languages["en"] >= 46
    assert languages["zh"] >= 14
    ages = {-sample.offset.days for _, sample in SAMPLES if sample.offset < timedelta()}
    assert ages >= {1, 2, 3, 4, 5, 6}
    assert max(ages) <= 7


@pytest.mark.parametrize("outlet", load_outlets(), ids=lambda outlet: outlet.slug)
def test_an_outlet_describes_itself_completely(outlet: Outlet) -> None:
    assert outlet.feed in ("rss", "atom")
    assert outlet.language == outlet.locale[:2]
    assert outlet.locale in LABELS
    assert re.fullmatch(r"#[0-9a-f]{6}", outlet.colour)
    assert {sample.section for sample in outlet.samples} <= set(outlet.sections)


def test_many_stories_are_told_by_several_outlets() -> None:
    tellers: defaultdict[str, set[str]] = defaultdict(set)
    for outlet, sample in SAMPLES:
        if sample.story and outlet.language == "en":
            tellers[sample.story].add(outlet.slug)
    assert sum(2 <= len(outlets) <= 4 for outlets in tellers.values()) >= 8


def test_something_new_appears_every_few_minutes_and_north_korea_soon() -> None:
    later = sorted((sample.offset, sample.title) for _, sample in SAMPLES if sample.offset > timedelta())
    assert len(later) >= 12
    assert later[-1][0] <= timedelta(hours=1)
    gaps = [after[0] - before[0] for before, after in pairwise(later)]
    assert max(gaps) <= timedelta(minutes=10)
    assert any("North Korea" in title for offset, title in later if offset <= timedelta(minutes=2))


def test_the_topics_that_a_newcomer_tries_are_in_the_news() -> None:
    texts = [" ".join((sample.title, *sample.paragraphs)) for _, sample in SAMPLES if sample.offset < timedelta()]
    for topic, least in {"North Korea": 4, "interest rate": 2, "BYD": 3, "quantum": 2, "election": 2}.items():
        assert sum(topic in text for text in texts) >= least, topic
    assert any("Seoul" in text and "troops" in text for text in texts)
    assert any("Pyongyang" in text and "North Korea" not in text for text in texts)


def test_a_sample_is_read_with_all_its_headers() -> None:
    sample = read_sample("post/1-letter.txt", LETTER, ("World",))
    assert (sample.slug, sample.section) == ("letter", "World")
    assert sample.authors == ("Ann Onymous", "Bo Derick")
    assert sample.tags == ("post", "stamps", "paper")
    assert sample.offset == -timedelta(days=1, hours=2, minutes=30)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("letter.txt", "", ""),
        ("1-Letter.txt", "", ""),
        ("1-letter.txt", "Title: A letter from {weekday-1}\n", ""),
        ("1-letter.txt", "Section: World", "Section: Sport"),
        ("1-letter.txt", "Author:", "Writer:"),
        ("1-letter.txt", "Age: 1d 2h 30m", "Age: soon"),
        ("1-letter.txt", "Age: 1d 2h 30m", "Age: 1d\nAfter: 2m"),
        ("1-letter.txt", "Age: 1d 2h 30m\n", ""),
        ("1-letter.txt", LETTER.partition("\n\n")[2], ""),
    ],
)
def test_a_sample_that_breaks_the_form_is_refused_by_name(name: str, wrong: str, right: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"post/{name}")):
        read_sample(f"post/{name}", LETTER.replace(wrong, right) if wrong else LETTER, ("World",))


def test_days_in_a_text_follow_the_start_of_the_demo_and_the_clock_of_the_outlet() -> None:
    start = datetime(2024, 12, 22, 4, 0, tzinfo=UTC)  # a Sunday; 26.5 hours before it is Friday evening in New York
    (letter,) = publish(outlet(), start)
    assert letter.title == "A letter from Thursday"
    assert letter.paragraphs == ("Posted on Friday, 20 December.", "It arrives on 1 January.")
    (letter,) = publish(outlet(language="zh"), start)
    assert letter.paragraphs[0] == "Posted on 星期五, 12月20日."


def test_the_pushed_example_has_the_shape_of_the_portals_it_stands_for() -> None:
    article = pushed_article(date(2024, 10, 21))
    assert article["published"] == "2024-10-21"
    assert (article["source"], article["section"], article["tags"]) == ("海峡纪事", "亚洲", ["综合"])
    assert article["url"].startswith("https://")
    assert "North Korea" in article["title"]
    assert {"Seoul", "North Korea", "troops"} <= set(article["keywords"])
    assert "troops" in article["text"]
    assert "football" not in json.dumps(article)
    assert 200 <= len(article["text"].split()) <= 600


# Feeds


@pytest.mark.parametrize("slug", [outlet.slug for outlet in load_outlets()])
async def test_a_feed_says_everything_about_what_has_appeared(client: Client, clock: FakeClock, slug: str) -> None:
    clock.move(hours=1)
    outlet = next(outlet for outlet in load_outlets() if outlet.slug == slug)
    response = await client.get(f"/outlets/{slug}/feed.xml")
    assert response.status == 200
    assert response.content_type == f"application/{outlet.feed}+xml"
    body = await response.read()
    Tree.fromstring(body)  # noqa: S314 -- our own document: it must be well formed
    feed = feedparser.parse(body)
    assert not feed.bozo
    assert feed.version == {"rss": "rss20", "atom": "atom10"}[outlet.feed]
    assert feed.feed.title == outlet.title
    assert feed.feed.language[:2] == outlet.language
    expected = publish(outlet, NOON)
    assert [entry.title for entry in feed.entries] == [article.title for article in expected]
    for entry, article in zip(feed.entries, expected, strict=True):
        assert calendar.timegm(entry.published_parsed) == article.at.timestamp()
        assert entry.link == str(client.make_url(article.path))
        assert entry.tags[0].term == article.section
        assert {tag.term for tag in entry.tags} == {article.section, *article.tags}
        assert ("content" in entry) == outlet.full_text
        assert entry.summary == article.paragraphs[0]
    assert len({entry.id for entry in feed.entries}) == len(expected)


async def test_the_kinds_of_feeds_are_mixed() -> None:
    kinds = {(outlet.feed, outlet.full_text) for outlet in load_outlets()}
    assert len({feed for feed, _ in kinds}) == 2
    assert len({full_text for _, full_text in kinds}) == 2


async def test_times_are_written_as_the_formats_demand(client: Client) -> None:
    rss = Tree.fromstring(await (await client.get("/outlets/averline/feed.xml")).read())  # noqa: S314
    for element in chain(rss.iter("pubDate"), rss.iter("lastBuildDate")):
        assert element.text
        assert parsedate_to_datetime(element.text).utcoffset() == timedelta(hours=1)
    atom = Tree.fromstring(await (await client.get("/outlets/kestrel-asia/feed.xml")).read())  # noqa: S314
    for element in atom.iter("{http://www.w3.org/2005/Atom}published"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", element.text or "")


async def test_all_authors_of_an_article_are_named(client: Client) -> None:
    body = await (await client.get("/outlets/averline/feed.xml")).text()
    assert "<dc:creator>Mirela Danforth</dc:creator><dc:creator>Bae Joo-won</dc:creator>" in body
    body = await (await client.get("/outlets/kestrel-asia/feed.xml")).text()
    assert "<author><name>Farah Iskandar</name></author><author><name>Cho Min-seo</name></author>" in body


async def test_who_has_the_feed_already_gets_an_empty_304(client: Client, clock: FakeClock) -> None:
    path = "/outlets/averline/feed.xml"
    first = await client.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}, {"If-None-Match": "*"}):
        response = await client.get(path, headers=headers)
        assert response.status == 304
        assert await response.read() == b""
        assert response.headers["ETag"] == etag
    # An ETag that differs outweighs a time that does not.
    response = await client.get(path, headers={"If-None-Match": '"other"', "If-Modified-Since": modified})
    assert response.status == 200
    clock.move(minutes=2)
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        response = await client.get(path, headers=headers)
        assert response.status == 200
        assert response.headers["ETag"] != etag


async def test_new_articles_appear_with_the_clock(client: Client, clock: FakeClock) -> None:
    async def titles() -> list[str]:
        feed = feedparser.parse(await (await client.get("/outlets/averline/feed.xml")).read())
        return [entry.title for entry in feed.entries]

    before = await titles()
    page = "/outlets/averline/north-korea-missiles"
    assert (await client.get(page)).status == 404
    clock.move(minutes=2)
    after = await titles()
    assert after[1:] == before
    assert after[0].startswith("North Korea fires two short-range missiles")
    assert (await client.get(page)).status == 200


def test_feeds_are_named_for_the_address_of_the_server(clock: FakeClock) -> None:
    feeds = Outlets(NOON, clock).feeds("http://127.0.0.1:8081/")
    assert "http://127.0.0.1:8081/outlets/averline/feed.xml" in [feed.url for feed in feeds]
    assert {feed.language for feed in feeds} == {"en", "zh"}
    assert len({feed.title for feed in feeds}) == len(feeds) == len(load_outlets())


def test_all_outlets_together_are_listed_newest_first(clock: FakeClock) -> None:
    outlets = Outlets(NOON, clock)
    times = [article.at for article in outlets.articles()]
    assert times == sorted(times, reverse=True)
    assert times[0] <= NOON
    clock.move(hours=1)
    assert len(outlets.articles()) == len(SAMPLES)


async def test_markup_in_a_name_is_text_everywhere(clock: FakeClock) -> None:
    text = LETTER.replace("A letter", 'A <b>letter</b> & "more"').replace("Posted", "</script>Posted")
    sample = read_sample("post/1-letter.txt", text, ("World",))
    for kind in ("rss", "atom"):
        client = await serve(Outlets(NOON, clock, (outlet(feed=kind, samples=(sample,)),)))
        feed = feedparser.parse(await (await client.get("/outlets/post/feed.xml")).read(), sanitize_html=False)
        page = await (await client.get("/outlets/post/letter")).text()
        await client.close()
        assert not feed.bozo
        assert feed.feed.title == "The Post & Sons"
        assert feed.entries[0].content[0].value.startswith("<p>&lt;/script&gt;Posted on Monday")
        assert "A &lt;b&gt;letter&lt;/b&gt; &amp; &#34;more&#34; from Sunday</h1>" in page
        assert page.count("</script>") == 1


@pytest.mark.parametrize("kind", ["rss", "atom"])
async def test_an_outlet_whose_articles_are_all_to_come_has_an_empty_feed(clock: FakeClock, kind: str) -> None:
    client = await serve(Outlets(NOON + timedelta(days=2), clock, (outlet(feed=kind),)))
    response = await client.get(
        "/outlets/post/feed.xml", headers={"If-Modified-Since": "Mon, 21 Oct 2024 00:00:00 GMT"}
    )
    feed = feedparser.parse(await response.read())
    await client.close()
    assert response.status == 200
    assert "Last-Modified" not in response.headers
    assert not feed.bozo
    assert feed.entries == []


# Pages


async def test_an_article_has_a_page_that_people_and_programs_can_read(client: Client) -> None:
    response = await client.get("/outlets/averline/kaesong-troops")
    page = await response.text()
    assert response.content_type == "text/html"
    assert "<h1>North Korea moves troops and diggers to the line near Kaesong, Seoul says</h1>" in page
    assert 'By <span rel="author">Mirela Danforth and Bae Joo-won</span>' in page
    assert "Monday 21 October, 10:00" in page
    linked = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert linked
    facts = json.loads(linked[1])
    assert facts["datePublished"] == "2024-10-21T10:00:00+01:00"
    assert [author["name"] for author in facts["author"]] == ["Mirela Danforth", "Bae Joo-won"]
    assert facts["articleSection"] == "World"
    assert facts["mainEntityOfPage"] == str(client.make_url("/outlets/averline/kaesong-troops"))
    assert '<meta property="article:published_time" content="2024-10-21T10:00:00+01:00">' in page


async def test_every_page_that_a_list_links_to_opens(client: Client, clock: FakeClock) -> None:
    clock.move(hours=1)
    index = await (await client.get("/outlets/")).text()
    for link in sorted(set(re.findall(r'href="(/outlets/[a-z-]+/)"', index))):
        front = await client.get(link)
        assert front.status == 200
        for article in sorted(set(re.findall(rf'href="({link}[a-z0-9-]+)"', await front.text()))):
            assert (await client.get(article)).status == 200


async def test_a_chinese_page_speaks_chinese(client: Client) -> None:
    for locale, words_of_its_own in (("zh-CN", "均为虚构"), ("zh-TW", "均為虛構")):
        chinese = next(outlet for outlet in load_outlets() if outlet.locale == locale)
        page = await (await client.get(publish(chinese, NOON)[-1].path)).text()
        assert f'<html lang="{locale}">' in page
        assert words_of_its_own in page
        assert "All outlets" not in page


@pytest.mark.parametrize("path", ["nowhere/", "nowhere/feed.xml", "nowhere/article", "averline/nothing"])
async def test_what_does_not_exist_is_not_found(client: Client, path: str) -> None:
    assert (await client.get(f"/outlets/{path}")).status == 404
