"""The sandbox lets through what Telegram lets through, and not one message more."""

import aiohttp
import pytest

from bot.sandbox.cast import GROUP_ID, YOU_ID
from bot.sandbox.limits import NO_LIMITS, Burst, Limiter, Limits, Window
from bot.sandbox.refusals import Refusal
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Caller


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def wait_after(limiter: Limiter, chat_id: int) -> int:
    """The retry_after of one more message, 0 where it is let through."""
    try:
        limiter.count(chat_id)
    except Refusal as refusal:
        return refusal.parameters["retry_after"]
    return 0


def test_thirty_messages_a_second_over_all_chats() -> None:
    seconds = Seconds()
    limiter = Limiter(Limits(), seconds)
    assert [wait_after(limiter, chat) for chat in range(1, 32)] == [0] * 30 + [1]
    seconds.now += 0.99
    assert wait_after(limiter, 40) == 1
    seconds.now += 0.01
    assert wait_after(limiter, 40) == 0


def test_one_a_second_to_a_person_in_bursts_of_five() -> None:
    seconds = Seconds()
    limiter = Limiter(Limits(), seconds)
    assert [wait_after(limiter, 7) for _ in range(6)] == [0] * 5 + [1]
    for _ in range(10):
        seconds.now += 1
        assert [wait_after(limiter, 7) for _ in range(2)] == [0, 1]
    seconds.now += 5
    assert [wait_after(limiter, 7) for _ in range(6)] == [0] * 5 + [1]


def test_twenty_a_minute_to_a_group() -> None:
    seconds = Seconds()
    limiter = Limiter(Limits(), seconds)
    for _ in range(20):
        assert wait_after(limiter, -7) == 0
        seconds.now += 1
    assert wait_after(limiter, -7) == 40
    assert wait_after(limiter, -8) == 0
    seconds.now += 40
    assert [wait_after(limiter, -7) for _ in range(2)] == [0, 1]


@pytest.mark.parametrize("chat_id", [7, -7])
def test_limits_can_be_switched_off(chat_id: int) -> None:
    limiter = Limiter(NO_LIMITS, Seconds())
    assert {wait_after(limiter, chat_id) for _ in range(100)} == {0}


async def test_a_message_too_many_is_refused_with_the_time_to_wait() -> None:
    async with Sandbox(limits=Limits(private=Burst(1, 50.0))) as sandbox, aiohttp.ClientSession() as session:
        call = Caller(sandbox, session)
        await sandbox.say("You", "/start")
        await call("sendMessage", chat_id=YOU_ID, text="one")
        assert (await call.answer("sendMessage", chat_id=YOU_ID, text="two"))["parameters"] == {"retry_after": 50}
        assert len(sandbox.sent("You")) == 1
        sandbox.set_limits(NO_LIMITS)
        await call("sendMessage", chat_id=YOU_ID, text="two")


async def test_a_refused_message_counts_for_nothing() -> None:
    async with Sandbox(limits=Limits(group=Window(1, 60.0))) as sandbox, aiohttp.ClientSession() as session:
        call = Caller(sandbox, session)
        sandbox.add_bot(GROUP_ID)
        await call.refused("sendMessage", chat_id=GROUP_ID, text="<p>", parse_mode="HTML")
        await call("sendMessage", chat_id=GROUP_ID, text="one")
        assert "retry after" in await call.refused("sendMessage", chat_id=GROUP_ID, text="two")
