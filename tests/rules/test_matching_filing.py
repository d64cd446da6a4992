"""Queries by the terms that they are looked up under."""

from bot.rules.matching_documents import Document
from bot.rules.matching_filing import ENOUGH, Filed
from bot.rules.matching_plans import AnyOf, Flat, Without

ARTICLE = Document("", "", "en")


def met(filed: Filed, *found: int) -> set[int]:
    return filed.met(set(found), ARTICLE)


def test_a_term_may_be_enough_for_one_query_for_several_and_for_one_again() -> None:
    filed = Filed()
    filed.add(3, 10)
    assert (met(filed, 3), met(filed, 2)) == ({10}, set())
    filed.add(3, 11)
    filed.add(3, 10)
    assert met(filed, 3) == {10, 11}
    filed.remove(3, 10)
    assert met(filed, 3) == {11}
    filed.remove(3, 11)
    assert met(filed, 3) == set()


def test_a_query_needs_what_its_plan_says_beside_the_term() -> None:
    filed = Filed()
    filed.add(0, 10)
    filed.add(0, 11, Flat(((0,), (1, 2)), ()))
    filed.add(0, 12, Flat(((0, 5),), (3,)))
    filed.cover(6)
    assert met(filed, 0) == {10, 12}
    assert met(filed, 0, 2, 3) == {10, 11}
    filed.remove(0, 12)
    filed.remove(0, 11)
    assert met(filed, 0) == {10}


def test_a_query_may_have_several_alternatives_at_a_term() -> None:
    filed = Filed()
    filed.add(0, 10, Flat(((0,), (1,)), ()))
    filed.add(0, 10, Without(AnyOf((2,))))
    filed.cover(3)
    assert met(filed, 0, 2) == set()
    assert met(filed, 0, 1, 2) == met(filed, 0) == {10}
    filed.add(0, 10, ENOUGH)
    assert met(filed, 0, 2) == {10}
    filed.remove(0, 10)
    assert met(filed, 0) == set()


def test_a_place_that_no_term_needs_any_more_is_taken_by_another() -> None:
    filed = Filed()
    filed.cover(9)
    for term in range(3):
        filed.add(term, 10, Flat(((term,), (8,)), ()))
    filed.remove(1, 10)
    filed.add(4, 11, Flat(((4,), (7,)), ()))
    assert met(filed, 0, 1, 4, 7) == {11}
    assert met(filed, 2, 8) == {10}
