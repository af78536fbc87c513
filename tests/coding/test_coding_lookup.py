"""What was typed to add a code: what it must not be taken for, what it means, what is offered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.coding.lookup import MOST, Looked, look_up
from scribe.coding.tables import tables_for

DAY = date(2026, 6, 1)


def codes(looked: Looked) -> list[str]:
    return [each.code for each in looked.choices]


NO_CODE = [
    pytest.param("", id="nothing"),
    pytest.param("   ", id="blanks"),
    pytest.param("weakness", id="a word"),
    pytest.param("left sided weakness after stroke", id="words"),
    pytest.param("R5", id="too short"),
    pytest.param("R53.1; DROP", id="a code and more"),
    pytest.param("R" * 1_000_000, id="a megabyte"),
    pytest.param("\x1b[31mR53.1", id="control characters"),
]


@pytest.mark.parametrize("text", NO_CODE)
def test_what_is_no_code_is_not_taken_for_one(text: str) -> None:
    looked = look_up(text, DAY)
    assert looked.code == ""
    assert not looked.heading
    assert looked.more == 0


@pytest.mark.parametrize("text", ["R53.1", "r531", " R53.1. ", "are fifty three point one"])
def test_a_code_is_read_as_it_is_typed_and_spoken(text: str) -> None:
    looked = look_up(text, DAY)
    assert looked.code == "R53.1"
    assert not looked.heading
    (only,) = looked.choices
    assert (only.title, only.billable, only.valid) == ("Weakness", True, True)


def test_words_find_codes_and_say_which_words_led_there() -> None:
    looked = look_up("left sided weakness after stroke", DAY)
    assert len(looked.choices) == MOST
    assert all(each.code.startswith("I69.35") for each in looked.choices[:4])
    assert {"left", "stroke"} <= set(looked.choices[0].matched)
    assert codes(look_up("weaknes", DAY))[0] == "R53.1"


def test_a_heading_comes_with_all_its_codes_when_they_fit() -> None:
    looked = look_up("I69.35", DAY)
    assert looked.heading
    assert looked.choices[0].below == 5
    assert codes(looked)[1:] == ["I69.351", "I69.352", "I69.353", "I69.354", "I69.359"]
    assert all(each.billable for each in looked.choices[1:])


def test_a_great_heading_comes_with_the_headings_below_it_and_loses_none() -> None:
    looked = look_up("I69.3", DAY)
    assert looked.heading
    shown = sum(max(1, each.below) for each in looked.choices[1:])
    assert shown + looked.more == looked.choices[0].below > MOST
    assert look_up("I69.3", DAY, 3).more > 0


def test_a_code_of_another_year_is_shown_with_its_days_and_with_what_is_there_instead() -> None:
    looked = look_up("G35.D", date(2025, 6, 1))
    first, second = looked.choices
    assert (first.code, first.valid) == ("G35.D", False)
    assert first.billable_on.startswith("2025-10-01 to ")
    assert (second.code, second.billable, second.valid) == ("G35", True, True)


def test_an_unknown_code_is_answered_with_the_codes_near_it() -> None:
    looked = look_up("R53.7", DAY)
    assert looked.code == "R53.7"
    assert not looked.heading
    assert codes(looked)[:2] == ["R53", "R53.0"]


def test_a_day_without_a_table_is_said_and_nothing_counts_as_valid() -> None:
    day = date(2050, 1, 1)
    assert tables_for(day) is None
    looked = look_up("weakness", day)
    assert "2050-01-01" in looked.remark
    assert looked.choices
    assert not any(each.valid for each in looked.choices)


@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    looked = look_up(text, DAY)
    assert len(looked.choices) <= MOST
    assert all(each.title for each in looked.choices)
