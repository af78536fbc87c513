"""A scripted visit with made-up people, to try the window without weights, microphone or vault.

Nothing is heard and nothing is kept: whatever is recorded, the same words come out, and the visits
are forgotten when the window closes. The draft is written by rules alone, the code check is real.
"""

from pathlib import Path
from tempfile import mkdtemp

from scribe.build import Parts
from scribe.fakes import FakeMicrophone, FakeRecogniser, MemoryStore, tone
from scribe.ids import utterance_id
from scribe.ports import Store
from scribe.records import Speaker, Utterance
from scribe.settings import Settings

PASSPHRASE = "correct horse battery"

_C, _P = Speaker.CLINICIAN, Speaker.PATIENT
TURNS = (
    (_C, "Good morning. What brings you in today?"),
    (_P, "My left arm and my left leg are still weak. It has been like that since the stroke."),
    (_C, "When was the stroke?"),
    (_P, "Two years ago, in the spring. Therapy helped a lot in the first year."),
    (_C, "Is it getting worse, or has it stayed the same?"),
    (_P, "It has stayed the same. I get tired on the stairs and I catch my left foot on the rug."),
    (_C, "Have you had any falls?"),
    (_P, "No falls. I almost fell once last month, but I caught the railing."),
    (_C, "Which medicines do you take?"),
    (_P, "I take aspirin, 81 milligrams, once a day, and simvastatin, 40 milligrams, at night."),
    (_C, "Are you allergic to anything?"),
    (_P, "Only to penicillin. It gives me a rash."),
    (
        _C,
        "Let me examine you. Your blood pressure is 132 over 78 and your heart rate is 72.",
    ),
    (
        _C,
        "Your left arm has a strength of 4 out of 5, and your left leg has a strength of 4 out of "
        "5. Your right side has full strength. You walk slowly with a cane.",
    ),
    (
        _C,
        "My assessment is left sided weakness due to a cerebral infarction two years ago, "
        "unchanged. You are right handed.",
    ),
    (
        _C,
        "The plan is physical therapy twice a week for eight weeks. I want you to keep taking the "
        "aspirin. Come back in two months.",
    ),
    (_C, "Diagnosis list. Number one, weakness, R 53.1."),
)
_WORDS_PER_SECOND = 2.6


def utterances() -> tuple[Utterance, ...]:
    """The script with times at the pace of speech."""
    said, at = [], 0.8
    for number, (speaker, text) in enumerate(TURNS, start=1):
        end = at + len(text.split()) / _WORDS_PER_SECOND
        said.append(
            Utterance(id=utterance_id(number), speaker=speaker, start=at, end=end, text=text)
        )
        at = end + 0.7
    return tuple(said)


def recogniser() -> FakeRecogniser:
    """Hears the script in whatever sound it gets."""
    return FakeRecogniser(said=utterances())


def microphone() -> FakeMicrophone:
    """A tone as long as the script."""
    return FakeMicrophone(sound=tone(utterances()[-1].end + 1.0))


def parts(settings: Settings) -> Parts:
    """Scripted parts."""
    store = MemoryStore(passphrase=PASSPHRASE, folder=Path(mkdtemp(prefix="scribe-demo-")))

    def create(passphrase: str, clinician: str) -> Store:
        store.passphrase = passphrase
        return store

    return Parts(
        settings=settings,
        microphone=microphone(),
        new_recogniser=recogniser,
        new_writer=lambda: None,
        open_store=lambda passphrase: store,
        create_store=create,
        store_exists=lambda: False,
    )
