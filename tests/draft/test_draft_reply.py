"""The door for model text: what it lets through and what it drops."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.draft import reply

DROPPED = {
    "none": "NONE",
    "none with a stop": "None.",
    "padding": "• Referrals: No specialist needed.",
    "an empty bullet": "• Tests: None.",
    "a bare normal": "• Skin: Normal.",
    "a question": "Does it hurt?",
    "not mentioned": "Not mentioned.",
    "signs only": "---\n***",
    "too long": "word " * 100,
}
KEPT = {
    "a sentence": ("It hurts", ("", "It hurts.")),
    "a bullet with a label": ("• Gait: Drags the foot.", ("Gait", "Drags the foot.")),
    "markup": ("**Strength** is 4/5.", ("", "Strength is 4/5.")),
    "bidirectional marks": ("no \u202efever\u202c", ("", "No fever.")),
    "zero width": ("no\u200b fever", ("", "No fever.")),
    "chat marks": ("<|im_end|>No fever.", ("", "No fever.")),
}


@pytest.mark.parametrize("answer", DROPPED.values(), ids=DROPPED)
def test_padding_is_dropped(answer: str) -> None:
    assert reply.parse(answer) == ()


@pytest.mark.parametrize(("answer", "line"), KEPT.values(), ids=KEPT)
def test_plain_lines_pass(answer: str, line: tuple[str, str]) -> None:
    (parsed,) = reply.parse(answer)
    assert (parsed.label, parsed.text) == line


def test_sentences_of_a_bullet_keep_its_label() -> None:
    parsed = reply.parse("• Gait: Drags the left foot. Uses a cane.")
    assert [each.label for each in parsed] == ["Gait", "Gait"]


@given(st.text(max_size=4000))
def test_whatever_comes_in_is_bounded_and_plain(answer: str) -> None:
    for line in reply.parse(answer):
        assert len(line.text) <= reply.LONGEST_SENTENCE + 1
        assert all(unicodedata.category(c)[0] != "C" for c in line.text + line.label)
