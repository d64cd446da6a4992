"""The outside for tests of what comes in: pages by address, and the workers' jobs done in this process."""

from collections.abc import Sequence
from datetime import datetime

from bot.adapters import jobs
from bot.errors import FetchError
from bot.model import Excerpt, Feed, Page
from bot.ports import Request, Response


class Pages:
    """A fetcher over answers that a test writes. An error among them is raised; what is missing is a 404."""

    def __init__(self) -> None:
        self.answers: dict[str, Response | Exception] = {}
        self.asked: list[Request] = []

    def has(self, url: str, body: str, **more: object) -> None:
        self.answers[url] = Response(url, 200, body.encode(), **more)  # type: ignore[arg-type]

    async def fetch(self, request: Request) -> Response:
        self.asked.append(request)
        answer = self.answers.get(request.url, FetchError("http_status", status=404, host="post.example"))
        if isinstance(answer, Exception):
            raise answer
        return answer


class Here:
    """The real jobs, without processes."""

    async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
        return jobs.parse_feed(body, url, content_type)

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        return jobs.extract_page(html, url, latest)

    async def detect_languages(self, texts: Sequence[str]) -> list[str]:
        return jobs.detect_languages(texts)

    async def summarize(
        self,
        text: str,
        *,
        title: str,
        language: str,
        sentences: int | None,
        words: int | None = None,
        focus: Sequence[str] = (),
        method: str = "",
    ) -> tuple[Excerpt, ...]:
        return jobs.summarize(text, title, language, sentences, words, focus, method)

    async def find_zone(self, latitude: float, longitude: float) -> str:
        return jobs.find_zone(latitude, longitude)


def rss(*items: tuple[str, str], title: str = "Harbour Post", text: str = "The ferries stop on Tuesday.") -> str:
    """A feed of items by link and title."""
    body = "".join(
        f"<item><title>{name}</title><link>{link}</link><description>{text}</description>"
        "<pubDate>Tue, 22 Oct 2024 10:00:00 GMT</pubDate></item>"
        for link, name in items
    )
    return f"<rss version='2.0'><channel><title>{title}</title><link>https://post.example/</link>{body}</channel></rss>"
