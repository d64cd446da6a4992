"""Why a source is fetched when it is, in words. All get the facts minutes, least, most (hours) and days."""

from typing import Final

from bot.model import PollReason
from bot.texts.errors import N_

REASONS: Final[dict[str, str]] = {
    PollReason.LEAST: N_("it brings much, and this is as often as is polite ({least} min)"),
    PollReason.PACE: N_("half the usual gap between its articles"),
    PollReason.SILENCE: N_("an eighth of its present silence"),
    PollReason.MOST: N_("it seldom brings anything, and is asked every {most} h"),
    PollReason.EVEN: N_("every source is asked equally often here"),
    PollReason.MAX_AGE: N_("its server asks for it (Cache-Control: max-age)"),
    PollReason.EXPIRES: N_("its server asks for it (Expires)"),
    PollReason.TTL: N_("the feed asks for {minutes} min (ttl)"),
    PollReason.UPDATE_PERIOD: N_("the feed asks for {minutes} min (sy:updatePeriod)"),
    PollReason.SKIP_HOURS: N_("the feed asks to be spared until then (skipHours)"),
    PollReason.SKIP_DAYS: N_("the feed asks to be spared until then (skipDays)"),
    PollReason.BACK_OFF: N_("it failed, and is asked ever more seldom, up to {days} days"),
    PollReason.RETRY_AFTER: N_("its server asked to be left alone until then (Retry-After)"),
    PollReason.PUSHED: N_("its hub tells what is new at once; this is a look behind it"),
    PollReason.ASKED: N_("somebody asked for it"),
}
