"""How far a post is, in words and buttons: in the admin's message while it goes out, and in the list of posts."""

from collections.abc import Sequence
from html import unescape
from math import ceil

from bot.model import Broadcast, BroadcastCount, BroadcastState, Button, Html, Message, Urgency
from bot.rules.splitting import TAG
from bot.texts import Catalogue

A_MINUTE = 60


def report(
    its: Broadcast, count: BroadcastCount, says: Catalogue, *, rate: float = 0.0, uncertain_in: Sequence[str] = ()
) -> Message:
    """`Sending 4,210 of 6,508 · 28/s · 1 min 22 s left`, what went wrong, and what can be done.

    Args:
        rate: messages per second lately, 0 where that is not known.
        uncertain_in: chats where it perhaps arrived, for the admin to decide.
    """
    lines = [_head(its, count, says, rate), *_troubles(its, count, says, uncertain_in)]
    return Message("\n".join(lines), tuple(tuple(row) for row in _buttons(its, count, says)))


def _head(its: Broadcast, count: BroadcastCount, says: Catalogue, rate: float) -> Html:
    heads = {
        BroadcastState.SCHEDULED: says("Scheduled"),
        BroadcastState.SENDING: says("Sending") if its.is_prepared else says("Preparing"),
        BroadcastState.PAUSED: says("Paused"),
        BroadcastState.CANCELLED: says("Stopped"),
    }
    if its.withdrawn_at is not None:
        head = says("Withdrawn")
    elif its.urgency is Urgency.BRIEFING and its.state is BroadcastState.SENDING:
        head = says("In briefings")
    else:
        head = heads.get(its.state, says("Sent"))
    facts = says.html("<b>{head}</b> {sent} of {total}", head=head, sent=f"{count.sent:,}", total=f"{count.total:,}")
    return Html(facts + _pace(its, count, says, rate) + _took(its, says))


def _pace(its: Broadcast, count: BroadcastCount, says: Catalogue, rate: float) -> str:
    now = count.waiting - count.later
    if its.state is not BroadcastState.SENDING or rate <= 0 or now <= 0:
        return ""
    return says(" · {rate}/s · {left} left", rate=max(1, round(rate)), left=duration(now / rate, says))


def _took(its: Broadcast, says: Catalogue) -> str:
    if its.state is not BroadcastState.DONE or its.started_at is None or its.ended_at is None:
        return ""
    return says(" in {time}", time=duration(max(1.0, (its.ended_at - its.started_at).total_seconds()), says))


def duration(seconds: float, says: Catalogue) -> str:
    """`82 s` as `1 min 22 s`."""
    minutes, rest = divmod(ceil(seconds), A_MINUTE)
    return says("{minutes} min {seconds} s", minutes=minutes, seconds=rest) if minutes else says("{n} s", n=rest)


def plain(html: str) -> str:
    """A post's text without its tags."""
    return unescape(TAG.sub("", html))


def _troubles(its: Broadcast, count: BroadcastCount, says: Catalogue, uncertain_in: Sequence[str]) -> list[str]:
    lines = []
    if count.blocked or count.failed or count.uncertain:
        lines.append(
            says(
                "Blocked {blocked}, failed {failed}, uncertain {uncertain}",
                blocked=f"{count.blocked:,}",
                failed=f"{count.failed:,}",
                uncertain=f"{count.uncertain:,}",
            )
        )
    if count.cancelled:
        lines.append(says.count("{n} chat was left out", "{n} chats were left out", count.cancelled))
    if count.later and its.state is BroadcastState.SENDING:
        lines.append(
            says.count("{n} waits for the next briefing", "{n} wait for the next briefing", count.later)
            if its.urgency is Urgency.BRIEFING
            else says.count("{n} waits for the end of quiet hours", "{n} wait for the end of quiet hours", count.later)
        )
    if count.to_correct or count.corrected:
        what = says("Taken back") if its.withdrawn_at is not None else says("Edited")
        total = count.corrected + count.to_correct
        lines.append(says("{what} {done} of {total}", what=what, done=f"{count.corrected:,}", total=f"{total:,}"))
    if _asks(its, count):
        more = "" if count.uncertain <= len(uncertain_in) else ", …"
        lines.append(says.html("Perhaps arrived, perhaps not: {chats}", chats=", ".join(uncertain_in) + more))
    return lines


def _asks(its: Broadcast, count: BroadcastCount) -> bool:
    ended = its.state in (BroadcastState.DONE, BroadcastState.CANCELLED)
    return bool(count.uncertain) and ended and not its.uncertain_left and its.withdrawn_at is None


def _buttons(its: Broadcast, count: BroadcastCount, says: Catalogue) -> list[list[Button]]:
    if its.withdrawn_at is not None:
        return []
    rows = []
    if _asks(its, count):
        again = Button(says("Send again"), data=f"postagain:{its.id}")
        rows.append([again, Button(says("Leave"), data=f"postleave:{its.id}")])
    stop = Button(says("Stop the rest"), data=f"poststop:{its.id}")
    match its.state:
        case BroadcastState.SCHEDULED:
            rows.append([Button(says("Cancel"), data=f"poststop:{its.id}")])
        case BroadcastState.SENDING if its.urgency is Urgency.BRIEFING:
            rows.append([stop])
        case BroadcastState.SENDING:
            rows.append([Button(says("Pause"), data=f"postpause:{its.id}"), stop])
        case BroadcastState.PAUSED:
            rows.append([Button(says("Resume"), data=f"postresume:{its.id}"), stop])
    if count.sent and its.urgency is not Urgency.BRIEFING:
        edit = Button(says("Edit"), data=f"postedit:{its.id}")
        rows.append([edit, Button(says("Withdraw"), data=f"postback:{its.id}")])
    return rows
