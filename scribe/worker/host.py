"""Our side of a model process: starts it, asks it, notices when it dies or hangs.

Knows no engine and no clinical thing. A process that gives no answer in time is killed, because a
hung native library cannot be stopped in any other way; the caller gets EngineTimeout and every
frame of sound is still in the recording.
"""

import subprocess
from threading import Event, Lock, Timer

from scribe import children, errors
from scribe.ids import ModelId
from scribe.records import Completion, Prompt, Samples, Utterance
from scribe.worker import protocol
from scribe.worker.protocol import Failed, Final, Flush, Hear, Load, Message, Ready, Write, Written

LOAD_SECONDS = 180.0
"""A cold 1.1 GB model on a slow disk needs about 60 s; three times that is a hang."""
ANSWER_SECONDS = 180.0

# A spinning OpenMP team starves the other engine on a two-core machine: passive waiting made the
# writer five times faster there. It must be in the environment before the library is loaded.
_QUIET_THREADS = {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"}


class ModelProcess:
    """One engine in a process of its own, asked one thing at a time.

    It ends with the thread that started it (Linux: see sandbox.die_with_parent), so ask from a
    thread that lives as long as the work.
    """

    def __init__(
        self,
        load: Load,
        *,
        command: tuple[str, ...] | None = None,
        patience: float = ANSWER_SECONDS,
    ) -> None:
        self._load = load
        self._command = command or children.command("scribe.worker.main")
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self.offline = False
        """True once the kernel refuses network sockets to the process."""

    @property
    def model_id(self) -> ModelId:
        """The model it was told to load."""
        return self._load.model_id

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Process number while it runs, for memory measurements."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start and load, if not running. Raises EngineError and WeightsError."""
        with self._lock:
            self._start()

    def ask(self, message: Message, samples: Samples | None = None) -> Message:
        """Send one message and wait for its answer; starts the process when needed.

        Raises EngineLost, EngineTimeout, or the fault the process reports.
        """
        with self._lock:
            self._start()
            return self._exchange(message, samples, self._patience)

    def close(self) -> None:
        """End the process; with it goes every copy of what it was told."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    def _start(self) -> None:
        if self.running:
            return
        self.close()
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=children.environment(**_QUIET_THREADS),
        )
        reply = self._exchange(self._load, None, LOAD_SECONDS)
        if not isinstance(reply, Ready):
            self.close()
            raise errors.EngineError("The model process gave a wrong answer while loading.")
        self.offline = reply.offline

    def _exchange(self, message: Message, samples: Samples | None, seconds: float) -> Message:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise errors.EngineLost("The model process is not running.")
        expired = Event()

        def end() -> None:
            expired.set()
            process.kill()

        late = Timer(seconds, end)
        late.start()
        try:
            protocol.send(process.stdin, message, samples)
            frame = protocol.receive(process.stdout)
        except (OSError, ValueError) as exc:
            self.close()
            raise self._lost(expired) from exc
        except errors.EngineError:
            self.close()
            raise
        finally:
            late.cancel()
        if frame is None:
            self.close()
            raise self._lost(expired)
        reply, _ = frame
        if isinstance(reply, Failed):
            if isinstance(message, Load):
                self.close()
            raise protocol.fault(reply)
        return reply

    @staticmethod
    def _lost(expired: Event) -> errors.EngineError:
        if expired.is_set():
            return errors.EngineTimeout("The model process gave no answer and was ended.")
        return errors.EngineLost("The model process ended unexpectedly.")


class SpeechProcess:
    """The Recogniser port on a model process.

    A recording is one process's memory of what it heard: when the process is lost in the middle
    the rest of that recording cannot be heard by a new one at the right times, so every further
    call says EngineLost until `flush` ends the recording. The audio itself is in the recording.
    """

    def __init__(self, process: ModelProcess) -> None:
        self.process = process
        self._began = False

    @property
    def model_id(self) -> ModelId:
        """The model that hears."""
        return self.process.model_id

    def hear(self, samples: Samples) -> tuple[Utterance, ...]:
        """See ports.Recogniser."""
        if self._began and not self.process.running:
            raise errors.EngineLost("The speech process ended in the middle of the recording.")
        self._began = True
        return self._final(self.process.ask(Hear(), samples))

    def flush(self) -> tuple[Utterance, ...]:
        """See ports.Recogniser."""
        lost = self._began and not self.process.running
        self._began = False
        if lost:
            raise errors.EngineLost("The speech process ended in the middle of the recording.")
        return self._final(self.process.ask(Flush()))

    def close(self) -> None:
        """See ports.Recogniser."""
        self.process.close()

    @staticmethod
    def _final(reply: Message) -> tuple[Utterance, ...]:
        if not isinstance(reply, Final):
            raise errors.EngineError("The speech process gave an answer of the wrong kind.")
        return reply.utterances


class WriterProcess:
    """The Writer port on a model process; a lost process is started again by the next prompt."""

    def __init__(self, process: ModelProcess) -> None:
        self.process = process

    @property
    def model_id(self) -> ModelId:
        """The model that writes."""
        return self.process.model_id

    def write(self, prompt: Prompt) -> Completion:
        """See ports.Writer."""
        reply = self.process.ask(Write(prompt=prompt))
        if not isinstance(reply, Written):
            raise errors.EngineError("The writer process gave an answer of the wrong kind.")
        return reply.completion

    def close(self) -> None:
        """See ports.Writer."""
        self.process.close()
