"""What becomes of news in one chat, decided without any set-up."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import Alert, Article, Mode, Subscription, Told
from bot.rules.alerting import ALERTS_AN_HOUR
from bot.rules.coverage import Coverage
from bot.rules.plans import Line, News, Plan, Reader, plan
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
QUAKE = (
    "At least 12 people were killed, the governor said. The earthquake shook the harbour town of Arlen and the "
    "villages around it early on Monday. Houses fell in the old quarter and the harbour road is blocked."
)
TOLL = QUAKE.replace("At least 12 people were killed", "The death toll rose to 31")


def article(number: int, text: str = QUAKE, *, story: int | None = 1, source: int = 0, at: datetime = NOON) -> Article:
    return Article(
        id=number,
        source_id=source or number,
        source_title=f"Paper {source or number}",
        section="",
        url=f"https://news.example/{number}",
        title="Earthquake hits Arlen",
        text=text,
        authors=(),
        tags=(),
        keywords=(),
        published_at=None,
        published_is_day=False,
        received_at=at,
        language="en",
        image_url="",
        silent=False,
        revision=1,
        story_id=story,
    )


def follows(query: int, **more: object) -> Subscription:
    its = Subscription(query, 1, query, "quake", "quake", "", Mode.ALERT, NOON)
    return replace(its, **more)  # type: ignore[arg-type]


def alerted(of: int, *, last: int = 0, is_update: bool = False) -> Alert:
    return Alert(of, 1, 1, of, 7, 40 + of, is_update, False, last or of, NOON, None, NOON, False)


def news(*waiting: Article, before: tuple[Article, ...] = (), query: int = 7) -> News:
    return News(waiting, Coverage((*before, *waiting)), {one.id: {query} for one in waiting})


def decided(its: News, reader: Reader) -> Plan:
    return plan(its, reader, NOON)


WANTS = {7: follows(7)}


def test_an_unknown_story_is_told_through_its_first_article_or_its_newest_update() -> None:
    assert decided(news(article(1), article(2)), Reader(WANTS)).new == [Line(1, 1, 7)]
    assert decided(news(article(1), article(2), article(3, TOLL)), Reader(WANTS)).new == [Line(1, 3, 7)]
    assert not decided(news(article(1)), Reader({}))
    assert not decided(news(article(1, story=None)), Reader(WANTS))


def test_a_known_story_comes_back_only_as_an_update_and_a_muted_one_never() -> None:
    its = news(article(2), article(3, TOLL), before=(article(1),))
    assert decided(its, Reader(WANTS, told={1: Told(1, muted=False)})).new == [Line(1, 3, 7, is_update=True)]
    assert not decided(its, Reader(WANTS, told={1: Told(3, muted=False)}))
    assert not decided(its, Reader(WANTS, told={1: Told(1, muted=True)}))
    assert not decided(its, Reader(WANTS, muted={2, 3}))


def test_an_alerted_story_goes_on_by_edits_and_answers() -> None:
    known = {1: Told(1, muted=False)}
    first = alerted(1)
    more = decided(news(article(2), before=(article(1),)), Reader(WANTS, known, {1: [first]}))
    assert (more.more, more.updates, more.new) == ([first], [], [])
    answer = decided(news(article(2), article(3, TOLL), before=(article(1),)), Reader(WANTS, known, {1: [first]}))
    assert answer.updates == [(Line(1, 3, 7, is_update=True), first)]
    assert answer.more == []


def test_what_is_in_the_message_already_or_would_not_show_there_changes_nothing() -> None:
    known = {1: Told(1, muted=False)}
    seen = news(article(2), before=(article(1),))
    assert not decided(seen, Reader(WANTS, known, {1: [alerted(1, last=2)]}))
    same_source = news(article(3, source=2), before=(article(1), article(2)))
    assert not decided(same_source, Reader(WANTS, known, {1: [alerted(1, last=2)]}))
    gone = news(article(2), before=())
    assert not decided(gone, Reader(WANTS, known, {1: [alerted(1)]}))


def test_an_update_goes_under_a_topic_that_still_rings() -> None:
    known, first = {1: Told(1, muted=False)}, alerted(1)
    unmet = News((article(2, TOLL),), Coverage((article(1), article(2, TOLL))), {})
    assert decided(unmet, Reader(WANTS, known, {1: [first]})).updates == [(Line(1, 2, 7, is_update=True), first)]
    assert not decided(unmet, Reader({}, known, {1: [first]}))


def test_a_flood_rests_its_topic_and_leaves_the_story_to_another() -> None:
    its = news(article(1))
    its = replace(its, met={1: {7, 8}})
    rung = {7: ALERTS_AN_HOUR}
    both = decided(its, Reader({7: follows(7), 8: follows(8)}, rung=rung))
    assert ([flood.query_id for flood in both.floods], both.new) == ([7], [Line(1, 1, 8)])
    assert decided(news(article(1)), Reader(WANTS, rung=rung)).new == []
    kept = {7: follows(7, kept_until=NOON + MINUTE)}
    assert decided(news(article(1)), Reader(kept, rung=rung)).new == [Line(1, 1, 7)]


def test_a_resting_topic_is_silent_until_its_rest_is_over_or_it_is_kept() -> None:
    its = news(article(1))
    assert not decided(its, Reader({7: follows(7, rests_until=NOON + MINUTE)}))
    assert decided(its, Reader({7: follows(7, rests_until=NOON)})).new
    kept = follows(7, rests_until=NOON + MINUTE, kept_until=NOON + MINUTE)
    assert decided(its, Reader({7: kept})).new


def test_coverage_takes_every_article_of_a_story_once_and_knows_who_else_tells_it() -> None:
    coverage = Coverage([article(1), article(2), article(2), article(9, story=None)])
    coverage.add([article(3, TOLL)])
    assert (coverage.has(1), coverage.has(2), coverage.last(1)) == (True, False, 3)
    assert [other.id for other in coverage.also(1, is_update=False)] == [2, 3]
    assert coverage.also(3, is_update=True) == []
    assert coverage.disagreements(1, is_update=False) is coverage.disagreements(1, is_update=False)
    assert [(its.one, its.other_article.id) for its in coverage.disagreements(1, is_update=False)] == [
        ("At least 12 people were killed, the governor said.", 3)
    ]
    assert coverage.news_of(1) != []
    three = [article(n, f"The quake killed {n}0 people. Some {n}4 were injured. {n}5 are missing.") for n in (1, 2, 3)]
    assert len(Coverage(three).disagreements(1, is_update=False)) == 2
