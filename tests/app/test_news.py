"""What comes in reaches whoever wants it: pushed, posted, and from sources that misbehave."""

import asyncio
from typing import Any

import aiohttp
from aiohttp import web

from bot.actions import tokens
from bot.app import App
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, settled

# An article as a news portal shows one: source with section, a day, the link to the original, a tag, keywords.
ARTICLE: dict[str, Any] = {
    "url": "https://strait-chronicle.example/asia/1022-troops",
    "title": "North Korea said to be readying troops for Russia, raising alarm in the South",
    "source": "海峡纪事",
    "section": "亚洲",
    "language": "en",
    "tag": "综合",
    "keywords": ["Seoul", "Russia", "North Korea", "troops"],
    "text": (
        "SEOUL - Intelligence officials in Seoul said on Monday that North Korea has assembled about 10,000 troops for "
        "deployment abroad. The soldiers were seen at two bases near the coast, a briefing for lawmakers says.\n\n"
        "“We are watching every train that leaves,” said Dr Han Mi-rae of the Institute for Peninsula Studies. "
        "Her institute counted 14 trains in nine days.\n\n"
        "By signing up, I accept the terms and the privacy policy of the paper.\n\n"
        "Officials in the South called an emergency meeting and put two brigades on higher alert. A spokesman said "
        "that no decision had been made on how to answer."
    ),
}


async def push(app: App, *articles: dict[str, Any]) -> list[dict[str, Any]]:
    """POSTs articles through the HTTP API, and waits until they went their way."""
    results = await post(app, *articles)
    await settled(app)
    return results


async def post(app: App, *articles: dict[str, Any]) -> list[dict[str, Any]]:
    """The same without the wait."""
    _, secret = await tokens.create(app.db, f"test{len(articles)}", app.clock.now())
    headers = {"Authorization": f"Bearer {secret}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{app.portal_url}/api/v1/articles", json=list(articles), headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()
        results: list[dict[str, Any]] = (await answer.json())["results"]
    return results


async def test_an_article_like_the_seed_page_reaches_who_follows_it(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    today = app.clock.now().date()
    for name, query in (("Mia", "North Korea"), ("Noor", "Seoul AND troops"), ("Olga", "football")):
        sandbox.add_user(name)
        await sandbox.ask(name, f"/subscribe {query}", "Following")
    (result,) = await push(app, {**ARTICLE, "published": today.isoformat()})
    assert result["status"] == "added"
    for name, reason in (("Mia", "“North Korea” in title"), ("Noor", "“troops” in title · “SEOUL” in text")):
        item = await sandbox.ask(name, "/brief", "readying troops")
        assert "海峡纪事-亚洲" in item.text
        assert "综合" in item.text
        assert f"{today.day} {today:%b}" in item.text
        assert reason in item.text
        assert ARTICLE["url"] in item.links
        assert "about 10,000 troops" in item.text
        assert "By signing up" not in item.text
    await sandbox.ask("Olga", "/brief", "Nothing new on your 1 topic")


DATELINED = [
    (
        "Ferry harbour counts its tolls",
        "SEOUL: The harbour board said on Monday that tolls rose by a third. Nobody knows who will pay them.",
    ),
    (
        "Floating harbour wins a prize",
        "ORVIK, 27 November: A floating harbour of ice won the prize of the architects. Judges walked on it.",
    ),
    (
        "Harbour wolves are counted",
        "PAJU, South Korea (Reuters) - Rangers counted nine wolves near the old harbour. They crossed the ice.",
    ),
    ("港口恢复通航", "北京11月27日电（记者王小明）北方的港口周一恢复通航，三百艘渔船出海。渔民在严寒中等了九天。"),
    ("港口扩建工程开工", "新华社首尔11月27日电 首尔附近的港口扩建工程周一开工，预计三年完成。工人来自四个省。"),
]


async def test_datelines_are_cut_from_what_a_briefing_tells(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe harbour OR 港口", "Following")
    articles = [
        {"url": f"https://wire.example/{number}", "title": title, "text": text, "source": f"Wire {number}"}
        for number, (title, text) in enumerate(DATELINED)
    ]
    await push(app, *articles)
    briefing = await sandbox.ask("You", "/brief", f"{len(DATELINED)} stories")
    for begins in ("The harbour board", "A floating harbour", "Rangers counted", "北方的港口", "首尔附近的港口"):
        assert f"\n{begins}" in briefing.text
    for dateline in ("SEOUL", "27 November", "Reuters", "日电", "王小明"):
        assert dateline not in briefing.text


async def test_an_alert_comes_at_once_and_not_again_in_the_briefing(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    mark = sandbox.mark()
    await push(app, ARTICLE)
    alert = await sandbox.wait_for("You", "readying troops", since=mark)
    assert "Briefing only" in alert.buttons
    await sandbox.ask("You", "/brief", "Nothing new")
    again = await sandbox.ask("You", "/brief 3d", "readying troops")
    assert "told before" in again.text


async def test_the_same_article_again_changes_nothing(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    first = await push(app, ARTICLE)
    second = await push(app, ARTICLE, {**ARTICLE, "title": ""}, {**ARTICLE, "url": "no address"})
    assert first[0]["status"] == "added"
    assert [result["status"] for result in second] == ["duplicate", "invalid", "invalid"]


async def test_a_post_is_previewed_confirmed_and_sent_to_all_chats(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    for name in ("You", "李娜", "Ada"):
        await sandbox.ask(name, "/start")
    question = await sandbox.ask("Ada", "/post The harbour is <closed> & calm.", "Not sent.")
    assert "3 chats" in question.text
    assert sandbox.sent("Ada")[-2].text == "The harbour is <closed> & calm."
    await sandbox.tap("Ada", "Send")
    for name in ("You", "李娜"):
        await sandbox.wait_for(name, "The harbour is <closed> & calm.", since=0)
    await sandbox.wait_for("Ada", "Sent 3 of 3")


async def test_a_cancelled_post_goes_to_nobody(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("You", "/start")
    await sandbox.ask("Ada", "/post Never mind.", "Not sent.")
    await sandbox.tap("Ada", "Cancel")
    await sandbox.wait_for("Ada", "Cancelled. Nobody got it.")
    assert not [message for message in sandbox.sent("You") if "Never mind" in message.text]


async def test_who_blocked_the_bot_gets_nothing_until_coming_back(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    sandbox.block("You")
    await sandbox.heard()
    await push(app, ARTICLE)
    sandbox.unblock("You")
    await sandbox.ask("You", "/list", "North Korea")
    await sandbox.ask("You", "/brief", "readying troops")


async def test_a_sick_source_is_named_to_the_admin_and_stops_no_other(sandbox: Sandbox, start: Start) -> None:
    answers = {
        "/page": web.Response(text="<html><body>No feed here</body></html>", content_type="text/html"),
        "/broken": web.Response(text="<rss><channel><item>", content_type="application/rss+xml"),
        "/gone": web.Response(status=410),
        "/away": web.Response(status=302, headers={"Location": "/away"}),
    }

    async def answer(request: web.Request) -> web.Response:
        made = answers[request.path]
        return web.Response(status=made.status, body=made.body, headers=made.headers)

    site = web.Application()
    site.router.add_get("/{any}", answer)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        await start(admins=(cast.ADA_ID,))
        for path in answers:
            await sandbox.ask("Ada", f"/source add {root}{path}", "Not added")
        await sandbox.ask("Ada", f"/source add {sandbox.url}/outlets/averline/feed.xml", "Added")
        await sandbox.ask("Ada", "/source add ftp://example.org/feed", "is not a web address")
    finally:
        await runner.cleanup()


async def test_several_briefs_that_arrive_together_are_answered_once(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await push(app, ARTICLE)
    await asyncio.gather(*(sandbox.say("You", "/brief") for _ in range(3)))
    await sandbox.wait_for("You", "readying troops")
    await sandbox.heard()
    await settled(app)
    texts = [message.text for message in sandbox.sent("You")]
    assert len([text for text in texts if "readying troops" in text]) == 1
    assert not [text for text in texts if "Nothing new" in text]
