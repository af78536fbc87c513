"""The voice activity model Silero, window by window, and the only importer of onnxruntime.

The model file travels inside the faster-whisper package; it is found without importing that
package. faster-whisper's own wrapper forgets its state at every call and so cannot follow a stream.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types

from scribe.errors import EngineError
from scribe.records import Samples
from scribe.speech.vad import WINDOW

_MODEL = "assets/silero_vad_v6.onnx"
_CONTEXT = 64
_STATE = (1, 1, 128)


class Silero:
    """Implements `vad.Detector`. One thread: a window costs far less than handing it on."""

    def __init__(self) -> None:
        """Raises EngineError if the model did not come with the installed faster-whisper."""
        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(
            str(_model_file()), providers=["CPUExecutionProvider"], sess_options=options
        )
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._h = np.zeros(_STATE, dtype=np.float32)
        self._c = np.zeros(_STATE, dtype=np.float32)
        self._before = np.zeros(_CONTEXT, dtype=np.float32)

    def __call__(self, samples: Samples) -> Sequence[float]:
        """One probability of speech for each WINDOW samples."""
        if not len(samples):
            return []
        windows = samples.reshape(-1, WINDOW)
        # Each window is seen with the last samples of the one before it.
        before = np.vstack([self._before, windows[:-1, -_CONTEXT:]])
        self._before = windows[-1, -_CONTEXT:].copy()
        odds, self._h, self._c = self._session.run(
            None, {"input": np.hstack([before, windows]), "h": self._h, "c": self._c}
        )
        return [float(each) for each in np.ravel(odds)]


def _model_file() -> Path:
    spec = find_spec("faster_whisper")
    if spec is None or spec.origin is None:
        raise EngineError("The speech library is not installed.")
    path = Path(spec.origin).parent / _MODEL
    if not path.is_file():
        raise EngineError("The installed speech library does not bring its voice detector.")
    return path
