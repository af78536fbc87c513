"""The recovery key on paper: what is read from it, what is not, and what is asked again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.errors import BadInput
from scribe.store import recovery
from scribe.store.recovery import Confirmation, RecoveryKey

KEY = RecoveryKey(secret=bytes(range(32)))
TEXT = KEY.text


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param(TEXT[:-1], id="one letter less"),
        pytest.param(TEXT + "0", id="one letter more"),
        pytest.param(TEXT.replace(KEY.groups[3], KEY.groups[4]), id="one group twice"),
        pytest.param(
            "-".join((KEY.groups[1], KEY.groups[0], *KEY.groups[2:])), id="two groups swapped"
        ),
        pytest.param("U" + TEXT[1:], id="a letter that none has"),
        pytest.param("é" + TEXT[1:], id="an accent"),
        pytest.param("four quiet otters waiting", id="the passphrase"),
        pytest.param("0" * 56, id="all zeros"),
    ],
)
def test_what_is_not_the_printed_key_is_refused_and_not_repeated(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        recovery.from_text(typed)
    assert not typed or typed not in str(caught.value)
    assert caught.value.advice


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param(TEXT, id="as printed"),
        pytest.param(TEXT.lower(), id="small letters"),
        pytest.param(TEXT.replace("-", " "), id="spaces"),
        pytest.param(TEXT.replace("-", ""), id="in one piece"),
        pytest.param(f"  {TEXT}\n", id="pasted"),
        pytest.param(TEXT.replace("0", "O").replace("1", "l"), id="lookalikes"),
    ],
)
def test_the_printed_key_is_read_however_it_is_typed(typed: str) -> None:
    assert recovery.from_text(typed) == KEY


@settings(max_examples=200, deadline=None)
@given(secret=st.binary(min_size=32, max_size=32))
def test_every_key_comes_back_from_paper(secret: bytes) -> None:
    key = RecoveryKey(secret=secret)
    assert len(key.groups) == 14
    assert {len(each) for each in key.groups} == {4}
    assert recovery.from_text(key.text) == key


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, 55),
    letter=st.sampled_from(recovery.ALPHABET),
)
def test_one_wrong_letter_is_told(at: int, letter: str) -> None:
    plain = TEXT.replace("-", "")
    typed = plain[:at] + letter + plain[at + 1 :]
    if typed != plain:
        with pytest.raises(BadInput):
            recovery.from_text(typed)


def test_two_keys_differ_and_none_shows_in_a_repr() -> None:
    one, other = recovery.new_recovery_key(), recovery.new_recovery_key()
    assert one != other
    assert repr(one) == "RecoveryKey()"


# ---------------------------------------------------------------- typed again


def test_the_key_is_shown_once() -> None:
    waiting = Confirmation(KEY)
    assert waiting.take() == KEY
    with pytest.raises(BadInput, match="once"):
        waiting.take()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda asked: {}, id="nothing"),
        pytest.param(lambda asked: {asked[0]: KEY.groups[asked[0] - 1]}, id="one of the two"),
        pytest.param(
            lambda asked: {asked[0]: KEY.groups[asked[1] - 1], asked[1]: KEY.groups[asked[0] - 1]},
            id="swapped",
        ),
        pytest.param(
            lambda asked: dict(enumerate(RecoveryKey(secret=bytes(32)).groups, start=1)),
            id="another key",
        ),
    ],
)
def test_wrong_groups_do_not_confirm(answer: object) -> None:
    waiting = Confirmation(KEY)
    assert callable(answer)
    with pytest.raises(BadInput):
        waiting.check(answer(waiting.asked))
    waiting.check(dict(enumerate(KEY.groups, start=1)))


def test_two_groups_of_it_confirm_the_key_and_no_third_question_is_answered() -> None:
    waiting = Confirmation(KEY)
    assert len(set(waiting.asked)) == 2
    assert set(waiting.asked) <= set(range(1, 15))
    waiting.check({number: KEY.groups[number - 1].lower() for number in waiting.asked})
    with pytest.raises(BadInput):
        waiting.check(dict(enumerate(KEY.groups, start=1)))


def test_other_groups_are_asked_from_time_to_time() -> None:
    assert len({Confirmation(KEY).asked for _ in range(200)}) > 20
