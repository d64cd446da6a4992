"""WebSub (https://www.w3.org/TR/websub/): what a subscriber has to decide.

A hub is asked with a secret and a callback of its own; it asks back whether that was meant, and signs what it sends.
"""

import hmac
from datetime import datetime, timedelta

LEASE = timedelta(days=10)  # asked for
SHORTEST_LEASE, LONGEST_LEASE = timedelta(hours=1), timedelta(days=30)  # what is believed of a hub's answer
RENEWAL_SHARE = 0.8  # of a lease after which it is renewed
RETRY = timedelta(hours=23)  # after a hub that refused or did not answer
UNANSWERED = timedelta(hours=1)  # after which a hub that never asked back is asked again
METHODS = ("sha1", "sha256", "sha384", "sha512")


def signature_fits(secret: str, body: bytes, header: str) -> bool:
    """Whether `X-Hub-Signature` (`sha256=…`) is that of the body under our secret."""
    method, _, given = header.strip().partition("=")
    if method.lower() not in METHODS or not given.isascii():
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected, given.strip().lower())


def lease_of(seconds: str) -> timedelta:
    """How long a hub's answer is good for; what it says is taken within bounds, and ours where it says nothing."""
    if not seconds.isdecimal():
        return LEASE
    return max(SHORTEST_LEASE, min(timedelta(seconds=int(seconds[:9])), LONGEST_LEASE))


def renew_at(now: datetime, lease: timedelta) -> datetime:
    """When to ask the hub again, well before the lease ends."""
    return now + lease * RENEWAL_SHARE


def request_form(*, callback: str, topic: str, secret: str) -> dict[str, str]:
    """What the hub is asked."""
    return {
        "hub.mode": "subscribe",
        "hub.topic": topic,
        "hub.callback": callback,
        "hub.secret": secret,
        "hub.lease_seconds": str(round(LEASE.total_seconds())),
    }
