"""Whisper on CTranslate2: the recogniser itself, and the only importer of faster_whisper and
ctranslate2. It runs in a worker process and loads weights from a local folder, never from a hub.

Each stretch of speech is decoded on its own with a context of 15 s instead of Whisper's 30 s, which
halves the work; a suspicious result (a loop, too many words) is decoded again with the full 30 s.
"""

import json
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribe.errors import EngineError, TooLittleMemory, WeightsCorrupt, WeightsMissing
from scribe.ids import ModelId, utterance_id
from scribe.records import SAMPLE_RATE, Samples, Speaker, Utterance
from scribe.speech import hallucination
from scribe.speech.gain import RunningGain
from scribe.speech.silero import Silero
from scribe.speech.vad import Cutter, Detector, Stretch

# faster-whisper imports PyAV for a decoder that is never used here (samples come as arrays). Its
# bundled FFmpeg is a parser of hostile files and partly GPL, so it must not even be loaded.
sys.modules.setdefault("av", ModuleType("av"))
# Nor is its way to a model hub: models lie in a folder, and what is not loaded cannot call.
sys.modules.setdefault("huggingface_hub", ModuleType("huggingface_hub"))

import ctranslate2  # noqa: E402 - after the stubs
import faster_whisper  # noqa: E402 - after the stubs
from faster_whisper.tokenizer import Tokenizer  # noqa: E402 - after the stubs

MODEL_FILES = ("config.json", "tokenizer.json", "model.bin")
VOCABULARIES = ("vocabulary.txt", "vocabulary.json")

BEAM = 5
SHORT_FRAMES, FULL_FRAMES = 1_500, 3_000
"""Mel frames (10 ms) of context. 1,000 breaks the model: it was trained on 3,000."""

TAIL_FRAMES = 100
"""At least a second of silence after the speech, or the last word is lost or repeated."""

HOP = 160
GAIN_STEP = SAMPLE_RATE // 10
TOKENS_PER_SECOND, SPARE_TOKENS = 15, 40
"""A bound on the answer: twice what the fastest speaker needs, so that a loop ends soon."""


class WhisperRecogniser:
    """Implements `ports.Recogniser`. The speaker of an utterance is left unknown here."""

    def __init__(
        self,
        model_dir: Path,
        *,
        model_id: ModelId,
        threads: int = 2,
        compute_type: str = "int8",
        detector: Detector | None = None,
    ) -> None:
        """Load the CTranslate2 model in `model_dir`. `detector` replaces Silero.

        Raises WeightsMissing if a file is not there (without tokenizer.json the library would ask
        the network for one), WeightsCorrupt if one cannot be read, TooLittleMemory.
        """
        _check_files(model_dir)
        self._model_id = model_id
        self._model: Any = _load(model_dir, threads, compute_type)
        tokenizer = Tokenizer(
            self._model.hf_tokenizer,
            self._model.model.is_multilingual,
            task="transcribe",
            language="en",
        )
        self._tokenizer: Any = tokenizer
        self._prompt: list[int] = self._model.get_prompt(tokenizer, [], without_timestamps=True)
        self._cutter = Cutter(detector or Silero())
        self._gain = RunningGain()
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        self._count = 0

    @property
    def model_id(self) -> ModelId:
        """The model that hears."""
        return self._model_id

    def hear(self, samples: Samples) -> tuple[Utterance, ...]:
        """Take the next samples; the utterances that became final by them. Raises EngineError."""
        # In pieces of one size whatever arrives: the gain follows the sound, and a file must give
        # the text that a microphone gave.
        joined = np.concatenate([self._rest, samples])
        whole = len(joined) // GAIN_STEP * GAIN_STEP
        self._rest = joined[whole:]
        ended: list[Utterance] = []
        for start in range(0, whole, GAIN_STEP):
            lifted = self._gain.lift(joined[start : start + GAIN_STEP])
            ended += self._final(self._cutter.push(lifted))
        return tuple(ended)

    def flush(self) -> tuple[Utterance, ...]:
        """End of recording: the last utterances. The next `hear` starts a new one at 0 s."""
        ended = self._final(self._cutter.push(self._gain.lift(self._rest)))
        ended += self._final(self._cutter.finish())
        self._cutter.reset()
        self._gain = RunningGain()
        self._rest = self._rest[:0]
        self._count = 0
        return tuple(ended)

    def close(self) -> None:
        """Let the model go; harmless when called twice."""
        self._model = None

    def _final(self, stretches: tuple[Stretch, ...]) -> list[Utterance]:
        heard = [(each, *self._decode(each.samples)) for each in stretches]
        return [self._utterance(*each) for each in heard if each[1]]

    def _utterance(self, stretch: Stretch, text: str, confidence: float) -> Utterance:
        self._count += 1
        return Utterance(
            id=utterance_id(self._count),
            speaker=Speaker.UNKNOWN,
            start=round(stretch.start, 3),
            end=round(stretch.end, 3),
            text=text,
            confidence=round(confidence, 4),
        )

    def _decode(self, samples: Samples) -> tuple[str, float]:
        """Cleaned text ("" if nobody spoke) and its mean word probability 0..1."""
        seconds = len(samples) / SAMPLE_RATE
        text, confidence, no_speech = self._generate(samples, SHORT_FRAMES)
        if hallucination.suspicious(text, seconds):
            text, confidence, no_speech = self._generate(samples, FULL_FRAMES)
        return hallucination.cleaned(text, no_speech=no_speech, confidence=confidence), confidence

    def _generate(self, samples: Samples, least_frames: int) -> tuple[str, float, float]:
        """Text, mean token probability and the probability that nobody spoke."""
        features = self._features(samples, least_frames)
        longest = SPARE_TOKENS + int(TOKENS_PER_SECOND * len(samples) / SAMPLE_RATE)
        try:
            result = self._model.model.generate(
                ctranslate2.StorageView.from_array(features),
                [self._prompt],
                beam_size=BEAM,
                max_length=min(448, len(self._prompt) + longest),
                return_scores=True,
                return_no_speech_prob=True,
            )[0]
        except (MemoryError, RuntimeError) as exc:
            raise _engine_error(exc) from exc
        tokens = result.sequences_ids[0]
        # The score is a mean over the tokens; the end token was scored and is not among them.
        mean = result.scores[0] * len(tokens) / (len(tokens) + 1)
        text = self._tokenizer.decode(tokens).strip()
        return text, min(1.0, math.exp(mean)), float(result.no_speech_prob)

    def _features(self, samples: Samples, least_frames: int) -> NDArray[np.float32]:
        """Log-mel features of shape (1, bands, frames), silence after the speech included."""
        needed = math.ceil(len(samples) / HOP) + TAIL_FRAMES
        frames = min(FULL_FRAMES, max(least_frames, needed))
        padded = np.pad(samples, (0, max(0, frames * HOP - len(samples))))
        features = self._model.feature_extractor(padded, padding=0)[:, :frames]
        return np.ascontiguousarray(features[None], dtype=np.float32)


def _check_files(folder: Path) -> None:
    missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in VOCABULARIES):
        missing.append(VOCABULARIES[0])
    if missing:
        raise WeightsMissing(f"The speech model {folder.name} lacks {', '.join(missing)}.")
    try:
        # Parsed here because the tokenizer library raises a bare Exception on what it cannot read.
        if not isinstance(json.loads((folder / "tokenizer.json").read_bytes())["model"], dict):
            raise WeightsCorrupt(f"tokenizer.json of {folder.name} is not a tokenizer.")
    except (ValueError, KeyError, TypeError) as exc:
        raise WeightsCorrupt(f"tokenizer.json of {folder.name} cannot be read.") from exc


def _load(folder: Path, threads: int, compute_type: str) -> Any:
    try:
        return faster_whisper.WhisperModel(
            str(folder),
            device="cpu",
            compute_type=compute_type,
            cpu_threads=threads,
            local_files_only=True,
        )
    except (MemoryError, RuntimeError, ValueError) as exc:
        if _out_of_memory(exc):
            raise TooLittleMemory(f"The speech model {folder.name} does not fit.") from exc
        raise WeightsCorrupt(f"The speech model {folder.name} cannot be loaded.") from exc


def _engine_error(exc: Exception) -> EngineError:
    if _out_of_memory(exc):
        return TooLittleMemory("The memory ran out while listening.")
    return EngineError("The speech model failed on this stretch of the recording.")


def _out_of_memory(exc: Exception) -> bool:
    return isinstance(exc, MemoryError) or "alloc" in str(exc)
