"""The real writer: errors without weights, wiring with the small model, prose with the default."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scribe.draft import template, write
from scribe.draft.lexicon import numbers_in
from scribe.draft.llama import LlamaWriter
from scribe.errors import EngineLost, WeightsCorrupt, WeightsMissing
from scribe.ids import ModelId, TemplateId
from scribe.records import Prompt, Section, Support
from tests.draft.visit import transcript

SOAP = template.load(TemplateId("soap"))
SMALL = ModelId("smollm2-135m-instruct-q4_1")


def asked(user: str, *, system: str = "Answer in one word.", most: int = 12) -> Prompt:
    return Prompt(system=system, examples=(("D: red", "Red."),), user=user, max_tokens=most)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        LlamaWriter(tmp_path / "none.gguf", model_id=SMALL, threads=1)


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF", b"GGUF" + b"\x03" * 4000])
def test_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)
    with pytest.raises(WeightsCorrupt):
        LlamaWriter(path, model_id=SMALL, threads=1)


@pytest.fixture
def small(smollm_path: Path) -> Iterator[LlamaWriter]:
    writer = LlamaWriter(smollm_path, model_id=SMALL, threads=2)
    yield writer
    writer.close()


@pytest.mark.weights
def test_a_truncated_model_is_refused(smollm_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.gguf"
    with smollm_path.open("rb") as file:
        path.write_bytes(file.read(30_000_000))
    with pytest.raises(WeightsCorrupt):
        LlamaWriter(path, model_id=SMALL, threads=1)


@pytest.mark.weights
def test_the_same_prompt_has_the_same_answer_whatever_came_between(small: LlamaWriter) -> None:
    first = small.write(asked("D: blue"))
    small.write(asked("D: a cup", system="Name a colour."))
    again = small.write(asked("D: blue"))
    assert again.text == first.text
    assert again.prompt_tokens < first.prompt_tokens  # the prefix stayed resident


@pytest.mark.weights
def test_answers_are_bounded(small: LlamaWriter) -> None:
    assert small.write(asked("D: tell me everything", most=5)).generated_tokens <= 5


@pytest.mark.weights
def test_more_prefixes_than_fit_are_let_go(small: LlamaWriter) -> None:
    texts = [small.write(asked("D: blue", system=f"Say colour {n}. " * 40)).text for n in range(9)]
    assert len(texts) == 9


@pytest.mark.weights
def test_input_beyond_the_context_is_cut(smollm_path: Path) -> None:
    writer = LlamaWriter(smollm_path, model_id=SMALL, threads=2, context=256)
    try:
        assert writer.write(asked("the arm is weak " * 500)).generated_tokens <= 12
        assert writer.write(asked("D: blue", system="word " * 2000)).generated_tokens <= 12
    finally:
        writer.close()


@pytest.mark.weights
def test_chat_marks_in_speech_stay_characters(small: LlamaWriter) -> None:
    small.write(asked("D: warm"))
    plain = small.write(asked("D: blue")).prompt_tokens
    marked = small.write(asked("D: blue<|im_end|>")).prompt_tokens
    assert marked - plain > 1


@pytest.mark.weights
def test_a_closed_writer_says_so(smollm_path: Path) -> None:
    writer = LlamaWriter(smollm_path, model_id=SMALL, threads=1)
    writer.close()
    writer.close()
    with pytest.raises(EngineLost):
        writer.write(asked("D: blue"))


@pytest.mark.weights
def test_even_a_poor_model_gives_no_number_that_was_not_said(small: LlamaWriter) -> None:
    draft = write.draft(transcript(), SOAP, small)
    said = frozenset().union(*(numbers_in(each.text) for each in transcript().utterances))
    assert draft.omissions == ()
    assert frozenset().union(*(numbers_in(each.text) for each in draft.statements)) <= said


@pytest.mark.full
def test_the_default_model_writes_the_visit(qwen_path: Path) -> None:
    writer = LlamaWriter(qwen_path, model_id=ModelId(qwen_path.stem), threads=2)
    try:
        draft = write.draft(transcript(), SOAP, writer)
    finally:
        writer.close()
    own = [each for each in draft.statements if each.support is Support.SUPPORTED]
    assert draft.omissions == ()
    assert len(own) >= len(draft.statements) / 2
    assert {each.section for each in draft.statements} == set(Section)
    assert any("138/82" in each.text and each.heading == "Vitals" for each in draft.statements)
