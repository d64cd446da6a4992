"""What the sandbox answers instead of a result, in the words of Telegram's server (telegram-bot-api, Client.cpp)."""


class Refusal(Exception):
    """A call that Telegram would refuse.

    Attributes:
        code: the HTTP status and `error_code`.
        description: Telegram's text.
        parameters: `retry_after` (seconds) or `migrate_to_chat_id`, else empty.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, object]:
        """The JSON object of the answer."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(reason: str, **parameters: int) -> Refusal:
    """400: the call itself is wrong."""
    return Refusal(400, f"Bad Request: {reason}", **parameters)


def forbidden(reason: str) -> Refusal:
    """403: the chat is closed to the bot."""
    return Refusal(403, f"Forbidden: {reason}")


def conflict(reason: str) -> Refusal:
    """409: somebody else reads the updates."""
    return Refusal(409, f"Conflict: {reason}")


def flood(seconds: int) -> Refusal:
    """429: not before so many seconds."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def migrated(chat_id: int) -> Refusal:
    """400: the group lives on as the supergroup `chat_id`."""
    return bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat_id)


def cannot_parse(reason: str) -> Refusal:
    """400: the markup of a text is wrong."""
    return bad_request(f"can't parse entities: {reason}")
