"""Frames survive the pipe; bytes that are no frame are a known fault and nothing else."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe import errors
from scribe.ids import ModelId
from scribe.records import Prompt
from scribe.worker import protocol
from scribe.worker.protocol import Failed, Hear, Load, Write

MESSAGES: list[protocol.Message] = [
    Load(kind="speech", model_id=ModelId("m"), path="/a b/c", threads=2),
    Write(prompt=Prompt(system="s", examples=(("a", "b"),), user="line\nline", max_tokens=3)),
    Failed(error="WeightsMissing", message="Not here."),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda each: type(each).__name__)
def test_a_message_arrives_as_it_was(message: protocol.Message) -> None:
    pipe = io.BytesIO()
    protocol.send(pipe, message)
    pipe.seek(0)
    arrived = protocol.receive(pipe)
    assert arrived is not None
    assert arrived[0] == message
    assert protocol.receive(pipe) is None


def test_samples_arrive_bit_for_bit() -> None:
    sound = np.linspace(-1, 1, 999, dtype=np.float32)
    pipe = io.BytesIO()
    protocol.send(pipe, Hear(), sound)
    pipe.seek(0)
    arrived = protocol.receive(pipe)
    assert arrived is not None
    np.testing.assert_array_equal(arrived[1], sound)


@given(st.binary(min_size=1, max_size=200))
def test_arbitrary_bytes_are_a_known_fault(noise: bytes) -> None:
    with pytest.raises(errors.EngineError):
        protocol.receive(io.BytesIO(noise))


@given(st.integers(0, 400))
def test_a_frame_cut_short_is_a_known_fault(kept: int) -> None:
    pipe = io.BytesIO()
    protocol.send(pipe, MESSAGES[1])
    whole = pipe.getvalue()
    if 0 < kept < len(whole):
        with pytest.raises(errors.EngineError):
            protocol.receive(io.BytesIO(whole[:kept]))


def test_a_process_cannot_name_an_error_outside_the_table() -> None:
    raised = protocol.fault(Failed(error="SystemExit", message="x"))
    assert type(raised) is errors.EngineError
