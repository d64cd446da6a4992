"""What a WebSub subscriber decides."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from bot.rules.websub import LEASE, LONGEST_LEASE, SHORTEST_LEASE, lease_of, renew_at, request_form, signature_fits
from tests.conftest import NOON


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_only_what_is_signed_with_our_secret_is_believed(method: str) -> None:
    signed = hmac.new(b"secret", b"body", getattr(hashlib, method)).hexdigest()
    assert signature_fits("secret", b"body", f"{method}={signed}")
    assert signature_fits("secret", b"body", f" {method.upper()}={signed.upper()} ")
    assert not signature_fits("secret", b"other", f"{method}={signed}")
    assert not signature_fits("other", b"body", f"{method}={signed}")


@pytest.mark.parametrize("header", ["", "sha256", "sha256=", "md5=1", "sha256=\u00e9", "=", "sha256=00"])
def test_what_is_no_signature_is_none(header: str) -> None:
    assert not signature_fits("secret", b"body", header)


def test_a_lease_is_believed_within_bounds_and_renewed_before_it_ends() -> None:
    assert lease_of("864000") == timedelta(days=10)
    assert lease_of("1") == SHORTEST_LEASE
    assert lease_of("9" * 12) == LONGEST_LEASE
    assert lease_of("") == lease_of("soon") == LEASE
    assert renew_at(NOON, timedelta(days=10)) == NOON + timedelta(days=8)


def test_a_hub_is_asked_with_secret_and_lease() -> None:
    form = request_form(callback="https://desk.example/websub/k", topic="https://e.com/f", secret="s")
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": "https://e.com/f",
        "hub.callback": "https://desk.example/websub/k",
        "hub.secret": "s",
        "hub.lease_seconds": "864000",
    }
