"""The search for codes: what must not be found, what must stand near the top, and odd input."""

from datetime import date

import pytest

from scribe.coding.search import LONGEST, search
from scribe.coding.spelling import Spelling, distance
from scribe.coding.tables import nearest_table
from scribe.coding.terms import essential_words, joined_words, words_of

DAY = date(2026, 6, 1)


def codes(words: str, day: date = DAY, limit: int = 10) -> list[str]:
    return [match.code for match in search(words, day, limit)]


NOTHING = [
    pytest.param("", id="nothing typed"),
    pytest.param("   \t\n", id="blanks"),
    pytest.param("the of and", id="only empty words"),
    pytest.param("xyzzyq plughhh", id="no such words"),
    pytest.param("?!., --- ()", id="no letters"),
    pytest.param("\x00\x1b[31m\x07", id="control characters"),
    pytest.param("Z", id="one letter"),
    pytest.param("слабость", id="another script"),
]


@pytest.mark.parametrize("words", NOTHING)
def test_nothing_is_found_for_no_known_word(words: str) -> None:
    assert search(words, DAY) == ()


NOT_AMONG = [
    pytest.param("weakness", "R54", id="a neighbour without the word"),
    pytest.param("hypertension", "I95.9", id="the opposite"),
    pytest.param("type 2 diabetes", "E10.9", id="the other type"),
    pytest.param("hartnup disease", "I50.9", id="a word that a slip would make another"),
    pytest.param("pain in left knee", "S82.002A", id="an injury of it"),
]


@pytest.mark.parametrize(("words", "code"), NOT_AMONG)
def test_not_among_the_first_ten(words: str, code: str) -> None:
    assert code not in codes(words)


NEAR_TOP = [
    pytest.param("weakness", "R53.1", 1, id="title"),
    pytest.param("weakness", "M62.81", 3, id="its neighbour is offered too"),
    pytest.param("muscle weakness", "M62.81", 1, id="parentheses need not be typed"),
    pytest.param("generalized weakness", "R53.1", 1, id="as the Index has it"),
    pytest.param("asthenia", "R53.1", 2, id="inclusion term"),
    pytest.param("high blood pressure", "I10", 1, id="includes note"),
    pytest.param("hypertension", "I10", 1, id="includes note with parentheses"),
    pytest.param("hypertenson", "I10", 1, id="letter left out"),
    pytest.param("hypretension", "I10", 1, id="letters swapped"),
    pytest.param("hyperten", "I10", 1, id="beginning of a word"),
    pytest.param("HTN", "I10", 1, id="shorthand"),
    pytest.param("stroke left side weak", "I69.354", 3, id="everyday words for a sequela"),
    pytest.param("left knee pain", "M25.562", 1, id="words in another order"),
    pytest.param("type 2 diabets", "E11.9", 3, id="unspecified kind near the top"),
    pytest.param("heart attack", "I21.9", 1, id="everyday words"),
    pytest.param("tired", "R53.83", 1, id="everyday word"),
    pytest.param("uti", "N39.0", 1, id="shorthand of three words"),
    pytest.param("bell's palsy", "G51.0", 1, id="possessive"),
    pytest.param("bells palsy", "G51.0", 1, id="possessive left out"),
    pytest.param("menieres disease", "H81.09", 9, id="accent left out"),
    pytest.param("gastroesophageal reflux", "K21.9", 2, id="hyphen left out"),
    pytest.param("anaemia", "D64.9", 1, id="British spelling"),
    pytest.param("multiple sclerosis", "G35.D", 1, id="edition of the day"),
    pytest.param("left sided weaknes after stroke", "I69.354", 3, id="slip in an expression"),
    pytest.param("hart failure", "I50.9", 1, id="slip that begins another word"),
    pytest.param("low thyriod", "E03.9", 1, id="letters of an everyday expression swapped"),
    pytest.param("lou gehrigs disease", "G12.21", 1, id="eponym"),
]


@pytest.mark.parametrize(("words", "code", "place"), NEAR_TOP)
def test_near_the_top(words: str, code: str, place: int) -> None:
    assert code in codes(words)[:place]


def test_a_typed_code_is_found_with_what_stands_below() -> None:
    assert codes("r531") == ["R53.1"]
    assert codes("M54.5")[:2] == ["M54.5", "M54.50"]
    assert [match.billable for match in search("M54.5", DAY)][:2] == [False, True]


def test_the_edition_of_the_day_is_searched() -> None:
    assert codes("multiple sclerosis", date(2025, 9, 30))[0] == "G35"
    assert "D69.11" in codes("Glanzmann thrombasthenia", date(2026, 10, 1))
    assert "D69.11" not in codes("Glanzmann thrombasthenia", DAY)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2050, 1, 1), date.min, date.max])
def test_outside_the_tables_the_nearest_is_searched(day: date) -> None:
    assert codes("weakness", day)[0] == "R53.1"


def test_a_match_says_what_led_to_it() -> None:
    (match, *_) = search("high blod presure", DAY)
    assert match.code == "I10"
    assert match.title == "Essential (primary) hypertension"
    assert match.matched == ("high", "blod", "presure")
    assert match.term == "high blood pressure"
    assert match.billable


def test_scores_fall_and_every_code_stands_once() -> None:
    found = search("fracture of left wrist", DAY, 50)
    scores = [match.score for match in found]
    assert scores == sorted(scores, reverse=True)
    assert len({match.code for match in found}) == len(found) == 50
    assert all(0 < score <= 1 for score in scores)


def test_every_match_is_in_the_table_and_has_its_title() -> None:
    table = nearest_table(DAY)
    for match in search("poisoning by aspirin", DAY, 30):
        assert table.exists(match.code)
        assert match.title == table.title(match.code)
        assert match.billable is table.is_billable(match.code)


@pytest.mark.parametrize("limit", [-1, 0, 1, 3])
def test_no_more_than_asked_for(limit: int) -> None:
    assert len(search("pain", DAY, limit)) == max(0, limit)


def test_of_a_megabyte_only_the_beginning_is_read() -> None:
    tail = " hypertension" * 80_000
    assert search("weakness".ljust(LONGEST) + tail, DAY) == search("weakness", DAY)


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("ab", "abc", 1)],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == slips


def test_counting_slips_stops_early() -> None:
    assert distance("weakness", "hypertension", 2) > 2


def test_a_known_word_is_not_corrected() -> None:
    readings = Spelling(["falling", "fall", "wall"]).readings("fall")
    assert readings[0] == ("fall", 1.0)
    assert "wall" not in dict(readings)


def test_words_of_a_term() -> None:
    assert words_of("Pain in left knees NOS (M25.56-)") == ("pain", "left", "knee")
    assert essential_words("Muscle weakness (generalized)") == ("muscle", "weakness")
    assert essential_words("Unspecified") == ("unspecified",)
    assert joined_words("Gastro-esophageal reflux") == ("gastroesophageal",)
