"""The things Briefwire knows, as frozen values: what each word of the README means, field by field.

Times are aware datetimes in UTC. Ids are the integer keys of the database. Nothing here does anything. One file per
subject; everybody imports from `bot.model`.
"""

from bot.model.alerts import Alert, NewAlert, Told
from bot.model.briefings import EVERY_DAY, Briefing, Ranked, Schedule, Slot, Times
from bot.model.deliveries import Button, Delivery, DeliveryKind, DeliveryState, Html, Message, NewDelivery, Operation
from bot.model.news import (
    Article,
    Edit,
    Excerpt,
    Feed,
    FeedEntry,
    FeedHints,
    NewArticle,
    NextFetch,
    Page,
    PollReason,
    Source,
    SourceCount,
    SourceKind,
    SourceState,
)
from bot.model.people import Access, ApiToken, Chat, ChatKind, ChatState, QuietHours, Role, User
from bot.model.posts import Audience, Broadcast, BroadcastCount, BroadcastState, ChatGroup, Recipients, Urgency
from bot.model.queries import Candidate, Mode, NewMatch, PopularQuery, Subscription

__all__ = [
    "EVERY_DAY",
    "Access",
    "Alert",
    "ApiToken",
    "Article",
    "Audience",
    "Briefing",
    "Broadcast",
    "BroadcastCount",
    "BroadcastState",
    "Button",
    "Candidate",
    "Chat",
    "ChatGroup",
    "ChatKind",
    "ChatState",
    "Delivery",
    "DeliveryKind",
    "DeliveryState",
    "Edit",
    "Excerpt",
    "Feed",
    "FeedEntry",
    "FeedHints",
    "Html",
    "Message",
    "Mode",
    "NewAlert",
    "NewArticle",
    "NewDelivery",
    "NewMatch",
    "NextFetch",
    "Operation",
    "Page",
    "PollReason",
    "PopularQuery",
    "QuietHours",
    "Ranked",
    "Recipients",
    "Role",
    "Schedule",
    "Slot",
    "Source",
    "SourceCount",
    "SourceKind",
    "SourceState",
    "Subscription",
    "Times",
    "Told",
    "Urgency",
    "User",
]
