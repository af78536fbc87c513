"""The writer on llama.cpp: the only importer of llama_cpp, meant for the worker process alone; it
knows prompts and tokens, nothing clinical.

Each fixed prefix (task and worked examples) keeps its own sequence in the KV cache, so that going
back and forth between the phases of a visit never evaluates a prefix twice. The text that was
spoken is tokenised as data: marks of the chat format inside it stay ordinary characters.
"""

import ctypes
import os
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

# Busy-waiting threads of OpenMP starve the recogniser on a two-core machine (measured: five times
# slower); this has to be set before the library is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ.setdefault("GOMP_SPINCOUNT", "0")

import jinja2
import llama_cpp
import numpy as np
from llama_cpp.llama_chat_format import Jinja2ChatFormatter
from numpy.typing import NDArray

from scribe.errors import EngineLost, TooLittleMemory, WeightsCorrupt, WeightsMissing
from scribe.ids import ModelId
from scribe.records import Completion, Prompt

REPEAT_PENALTY = 1.03
PENALISED = 64
"""Last tokens whose repetition is made a little less likely."""
BATCH = 256
MOST_PREFIXES = 6
FEWEST_USER_TOKENS = 32
TAIL = 22
"""Characters whose third repetition ends an answer."""

_MARK = "\ue000{}\ue001"
_MARKED = re.compile("\ue000(\\d+)\ue001")
_CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)


@dataclass(slots=True)
class _Slot:
    """A prefix that is resident: its sequence and its length in tokens."""

    sequence: int
    length: int


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _quiet(level: int, text: bytes, data: object) -> None:
    """llama.cpp prints prompts' sizes and paths; nothing of it belongs on a screen or in a log."""


class LlamaWriter:
    """ports.Writer on a GGUF model in this process. Greedy and therefore deterministic."""

    def __init__(
        self, model_path: Path, *, model_id: ModelId, threads: int, context: int = 2048
    ) -> None:
        """Load the model. `context`: tokens all resident prefixes and one answer share.

        Raises WeightsMissing, WeightsCorrupt, TooLittleMemory.
        """
        _check(model_path)
        self._model_id = model_id
        self._size = context
        self._slots: OrderedDict[tuple[int, ...], _Slot] = OrderedDict()
        self._model: object | None = None
        self._context: object | None = None
        llama_cpp.llama_log_set(_quiet, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()
        self._load(model_path, threads)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._width = int(llama_cpp.llama_vocab_n_tokens(self._vocab))
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)
        self._layout = self._chat_layout()

    @property
    def model_id(self) -> ModelId:
        """See ports.Writer."""
        return self._model_id

    def write(self, prompt: Prompt) -> Completion:
        """See ports.Writer. The source text is cut, never the prefix, if the context is too small.

        Raises EngineLost if llama.cpp refuses to go on.
        """
        if self._context is None:
            raise EngineLost("The writer was closed.")
        wall, cpu = time.perf_counter(), time.process_time()
        prefix, user, tail = self._tokens(prompt)
        room = self._size - len(prefix) - len(tail) - prompt.max_tokens
        tokens = [*user[: max(room, FEWEST_USER_TOKENS)], *tail]
        slot, fresh = self._resident(prefix, len(tokens) + prompt.max_tokens)
        try:
            text, made = self._generate(slot, tokens, prompt.max_tokens)
        finally:
            llama_cpp.llama_memory_seq_rm(self._memory, slot.sequence, slot.length, -1)
        return Completion(
            text=text,
            prompt_tokens=len(tokens) + (len(prefix) if fresh else 0),
            generated_tokens=made,
            seconds=time.perf_counter() - wall,
            cpu_seconds=time.process_time() - cpu,
        )

    def close(self) -> None:
        """See ports.Writer."""
        if self._context is not None:
            llama_cpp.llama_batch_free(self._batch)
            llama_cpp.llama_free(self._context)
            llama_cpp.llama_model_free(self._model)
            self._context = self._model = None
            self._slots.clear()

    # ------------------------------------------------------------ loading

    def _load(self, path: Path, threads: int) -> None:
        how = llama_cpp.llama_model_default_params()
        how.n_gpu_layers = 0
        self._model = llama_cpp.llama_model_load_from_file(os.fsencode(path), how)
        if not self._model:
            raise WeightsCorrupt(f"{path.name} cannot be read as a model.")
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = self._size
        params.n_batch = params.n_ubatch = BATCH
        params.n_seq_max = MOST_PREFIXES
        params.kv_unified = True
        params.n_threads = params.n_threads_batch = threads
        self._context = llama_cpp.llama_init_from_model(self._model, params)
        if not self._context:
            llama_cpp.llama_model_free(self._model)
            raise TooLittleMemory(f"{path.name} does not fit into the memory that is free.")

    # ------------------------------------------------------------ tokens

    def _chat_layout(self) -> str:
        """The chat template of the model itself, or ChatML if it has none that works."""
        raw = llama_cpp.llama_model_chat_template(self._model, None)
        own = raw.decode("utf-8", "replace") if raw else ""
        probe = Prompt(system="s", examples=(("a", "b"),), user="u", max_tokens=1)
        return own if own and _pieces(own, probe) else _CHATML

    def _tokens(self, prompt: Prompt) -> tuple[list[int], list[int], list[int]]:
        """Prefix, source text and what opens the answer. Examples are dropped, first ones first,
        while the prefix leaves no room.
        """
        user = self._tokenise(prompt.user, special=False)
        examples = prompt.examples
        while True:
            trimmed = Prompt(
                system=prompt.system,
                examples=examples,
                user=prompt.user,
                max_tokens=prompt.max_tokens,
            )
            pieces = _pieces(self._layout, trimmed) or _pieces(_CHATML, trimmed)
            prefix = [
                token
                for text, special in pieces[:-2]
                for token in self._tokenise(text, special=special)
            ]
            tail = self._tokenise(pieces[-1][0], special=True)
            needed = len(prefix) + len(tail) + prompt.max_tokens + FEWEST_USER_TOKENS
            if needed <= self._size or not examples:
                return prefix[: self._size // 2] if needed > self._size else prefix, user, tail
            examples = examples[1:]

    def _tokenise(self, text: str, *, special: bool) -> list[int]:
        raw = text.encode("utf-8", "replace")
        tokens = (llama_cpp.llama_token * (len(raw) + 8))()
        count = llama_cpp.llama_tokenize(
            self._vocab, raw, len(raw), tokens, len(tokens), False, special
        )
        return list(tokens[: max(count, 0)])

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(64)
        size = llama_cpp.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
        return bytes(buffer.raw[:size]) if size > 0 else b""

    # ------------------------------------------------------------ evaluation

    def _resident(self, prefix: list[int], more: int) -> tuple[_Slot, bool]:
        """The slot of a prefix, evaluated now if it is not there; older ones make room."""
        key = tuple(prefix)
        slot = self._slots.pop(key, None)
        fresh = slot is None
        wanted = more + (len(prefix) if slot is None else slot.length)
        while self._slots and (
            sum(each.length for each in self._slots.values()) + wanted > self._size
            or len(self._slots) >= MOST_PREFIXES
        ):
            _, oldest = self._slots.popitem(last=False)
            llama_cpp.llama_memory_seq_rm(self._memory, oldest.sequence, -1, -1)
        if slot is None:
            used = {each.sequence for each in self._slots.values()}
            sequence = next(number for number in range(MOST_PREFIXES) if number not in used)
            slot = _Slot(sequence=sequence, length=len(prefix))
            self._evaluate(prefix, sequence, 0)
        self._slots[key] = slot
        return slot, fresh

    def _evaluate(self, tokens: list[int], sequence: int, start: int) -> None:
        for offset in range(0, len(tokens), BATCH):
            part = tokens[offset : offset + BATCH]
            self._batch.n_tokens = len(part)
            for at, token in enumerate(part):
                self._batch.token[at] = token
                self._batch.pos[at] = start + offset + at
                self._batch.n_seq_id[at] = 1
                self._batch.seq_id[at][0] = sequence
                self._batch.logits[at] = offset + at == len(tokens) - 1
            if llama_cpp.llama_decode(self._context, self._batch) != 0:
                llama_cpp.llama_memory_seq_rm(self._memory, sequence, -1, -1)
                self._slots.clear()
                llama_cpp.llama_memory_clear(self._memory, True)
                raise EngineLost("The model could not go on with this piece of the visit.")

    def _generate(self, slot: _Slot, tokens: list[int], most: int) -> tuple[str, int]:
        self._evaluate(tokens, slot.sequence, slot.length)
        position = slot.length + len(tokens)
        recent, written = list(tokens), b""
        made = 0
        while made < most:
            token = self._best(recent[-PENALISED:])
            if llama_cpp.llama_vocab_is_eog(self._vocab, token):
                break
            made += 1
            recent.append(token)
            written += self._piece(token)
            if _repeats(written):
                break
            if made < most:
                self._evaluate([token], slot.sequence, position)
                position += 1
        return written.decode("utf-8", "ignore"), made

    def _best(self, recent: list[int]) -> int:
        raw = llama_cpp.llama_get_logits_ith(self._context, -1)
        scores: NDArray[np.float32] = np.ctypeslib.as_array(raw, shape=(self._width,)).copy()
        seen = np.unique(np.asarray(recent, dtype=np.int64))
        old = scores[seen]
        scores[seen] = np.where(old > 0, old / REPEAT_PENALTY, old * REPEAT_PENALTY)
        return int(scores.argmax())


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except FileNotFoundError as exc:
        raise WeightsMissing(f"The model {path.name} is not on this machine.") from exc
    except OSError as exc:
        raise WeightsCorrupt(f"The model {path.name} cannot be read.") from exc
    if magic != b"GGUF":
        raise WeightsCorrupt(f"{path.name} is not a GGUF model.")


def _repeats(written: bytes) -> bool:
    tail = written[-TAIL:]
    return len(written) > 4 * TAIL and written.count(tail) >= 3


def _pieces(layout: str, prompt: Prompt) -> list[tuple[str, bool]]:
    """The chat as pieces of text, each with whether marks of the chat format count in it: true for
    the layout and false for every content. The last two are the source text and what follows it.
    Empty if the layout loses or changes a content.
    """
    contents = [prompt.system]
    messages = [{"role": "system", "content": _MARK.format(0)}]
    for said, written in (*prompt.examples, (prompt.user, "")):
        for role, content in (("user", said), ("assistant", written)):
            messages.append({"role": role, "content": _MARK.format(len(contents))})
            contents.append(content)
    messages.pop()
    contents.pop()
    try:
        formatter = Jinja2ChatFormatter(template=layout, eos_token="", bos_token="")
        text = str(formatter(messages=messages).prompt)
    except (ValueError, jinja2.TemplateError):
        return []  # a template that refuses a system message, or is broken
    found = [int(number) for number in _MARKED.findall(text)]
    if found != list(range(len(contents))):
        return []
    split = _MARKED.split(text)
    return [
        (piece, True) if at % 2 == 0 else (contents[int(piece)], False)
        for at, piece in enumerate(split)
    ]
