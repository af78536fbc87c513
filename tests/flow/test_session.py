"""Which step may follow which: the refusals first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.errors import StepRefused
from scribe.records import VisitState as S
from scribe.session import NEXT, step

REFUSED = [
    pytest.param(S.NEW, S.RECORDING, id="recording without consent"),
    pytest.param(S.NEW, S.TRANSCRIBED, id="a file without consent"),
    pytest.param(S.CONSENTED, S.DRAFTED, id="a draft of nothing"),
    pytest.param(S.DRAFTED, S.SIGNED, id="signing before the codes were checked"),
    pytest.param(S.CODED, S.SIGNED, id="signing before review"),
    pytest.param(S.SIGNED, S.DRAFTED, id="drafting again after signing"),
    pytest.param(S.SIGNED, S.SIGNED, id="signing twice"),
    pytest.param(S.AMENDED, S.REVIEWED, id="reviewing an amended note"),
]

ALLOWED = [
    pytest.param(S.NEW, S.CONSENTED, id="consent first"),
    pytest.param(S.CONSENTED, S.RECORDING, id="then record"),
    pytest.param(S.CONSENTED, S.TRANSCRIBED, id="or bring a file"),
    pytest.param(S.CODED, S.DRAFTED, id="draft again before signing"),
    pytest.param(S.REVIEWED, S.CODED, id="codes changed in review"),
    pytest.param(S.REVIEWED, S.SIGNED, id="sign after review"),
    pytest.param(S.SIGNED, S.AMENDED, id="amend after signing"),
]


@pytest.mark.parametrize(("now", "to"), REFUSED)
def test_refused(now: S, to: S) -> None:
    with pytest.raises(StepRefused) as caught:
        step(now, to)
    assert now.value in caught.value.message
    assert to.value in caught.value.message


@pytest.mark.parametrize(("now", "to"), ALLOWED)
def test_allowed(now: S, to: S) -> None:
    assert step(now, to) is to


@given(st.lists(st.sampled_from(list(S)), max_size=30))
def test_no_path_records_without_consent_or_leaves_a_signature(wishes: list[S]) -> None:
    now, passed = S.NEW, [S.NEW]
    for wish in wishes:
        if wish in NEXT[now]:
            now = step(now, wish)
            passed.append(now)
    if S.RECORDING in passed or S.TRANSCRIBED in passed:
        assert passed[1] is S.CONSENTED
    if S.SIGNED in passed:
        after = passed[passed.index(S.SIGNED) + 1 :]
        assert set(after) <= {S.AMENDED}


def test_every_state_has_its_line() -> None:
    assert set(NEXT) == set(S)
