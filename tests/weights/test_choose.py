"""What fits into the memory that is free, and what is said when something does not."""

from pathlib import Path

import pytest

from scribe.errors import TooLittleMemory
from scribe.ids import ModelId
from scribe.weights import catalogue, choose
from scribe.weights.catalogue import Kind

CARDS = catalogue.shipped()
QWEN = catalogue.card(ModelId("qwen2.5-coder-1.5b-instruct-q4_k_m"), CARDS)
BASE = catalogue.card(ModelId("whisper-base"), CARDS)


def test_a_model_that_fits_is_let_through() -> None:
    choose.check_memory(QWEN, CARDS, QWEN.memory_bytes + choose.PROGRAM_BYTES)


@pytest.mark.parametrize(
    ("card", "free", "words"),
    [
        pytest.param(QWEN, 2_349_999_999, "smollm2", id="one byte too little"),
        pytest.param(QWEN, 1_000_000_000, "smollm2", id="a smaller one fits"),
        pytest.param(QWEN, 100_000_000, "rules only", id="no writer fits"),
        pytest.param(BASE, 850_000_000, r"whisper-tiny\.en", id="a smaller ear fits"),
        pytest.param(BASE, 0, "Close other programs", id="no ear fits"),
    ],
)
def test_refuses_and_says_what_does_fit(card: catalogue.ModelCard, free: int, words: str) -> None:
    with pytest.raises(TooLittleMemory, match=words) as caught:
        choose.check_memory(card, CARDS, free)
    assert card.id in caught.value.message


def test_a_model_of_another_kind_is_not_offered() -> None:
    with pytest.raises(TooLittleMemory) as caught:
        choose.check_memory(QWEN, CARDS, 1_000_000_000)
    assert "whisper" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "free", "expected"),
    [
        pytest.param(Kind.WRITER, 8_000_000_000, "qwen3-4b-instruct-2507-q4_k_m", id="8 GB"),
        pytest.param(Kind.WRITER, 4_000_000_000, QWEN.id, id="4 GB"),
        pytest.param(Kind.SPEECH, 1_000_000_000, BASE.id, id="1 GB"),
        pytest.param(Kind.WRITER, 100_000_000, None, id="nothing fits"),
    ],
)
def test_recommends_the_largest_that_leaves_half(
    kind: Kind, free: int, expected: str | None
) -> None:
    found = choose.recommended(kind, CARDS, free)
    assert (found.id if found else None) == expected


def test_this_machine_has_some_memory() -> None:
    assert choose.memory_free() > 0


@pytest.mark.parametrize(
    ("most", "used", "expected"),
    [
        pytest.param(None, None, 4_096_000, id="no container"),
        pytest.param("max", "1000", 4_096_000, id="a container without a limit"),
        pytest.param("3000000", "1000000", 2_000_000, id="a container with less"),
        pytest.param("9000000000", "0", 4_096_000, id="a container with more than there is"),
        pytest.param("1000", "2000", 0, id="a container that is full"),
    ],
)
def test_a_container_counts(
    most: str | None, used: str | None, expected: int, tmp_path: Path
) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9000 kB\nMemAvailable:    4000 kB\n", encoding="ascii")
    if most is not None and used is not None:
        (tmp_path / "memory.max").write_text(most, encoding="ascii")
        (tmp_path / "memory.current").write_text(used, encoding="ascii")
    assert choose.linux_free(meminfo, tmp_path) == expected
