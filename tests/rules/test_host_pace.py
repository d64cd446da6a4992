"""Turns at a host."""

from bot.rules.host_pace import KEPT, HostPace


def test_requests_to_one_host_are_a_gap_apart_and_other_hosts_do_not_wait() -> None:
    pace = HostPace()
    assert [pace.delay("a.example", 10.0, 1.0) for _ in range(3)] == [0.0, 1.0, 2.0]
    assert pace.delay("b.example", 10.0, 1.0) == 0.0
    assert pace.delay("a.example", 12.5, 5.0) == 0.5
    assert pace.delay("a.example", 13.0, 1.0) == 5.0
    assert pace.delay("a.example", 99.0, 1.0) == 0.0


def test_hosts_whose_gap_is_over_are_forgotten() -> None:
    pace = HostPace()
    for number in range(KEPT + 1):
        pace.delay(f"{number}.example", float(number), 1.0)
    assert pace.delay("0.example", 0.0, 1.0) == 0.0
    assert pace.delay(f"{KEPT}.example", float(KEPT), 1.0) == 1.0
