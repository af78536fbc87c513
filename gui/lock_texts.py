"""The English texts of locking and of a recording that goes on by itself; beside `texts.py` only
because one page has room for so many.
"""

LOCKED = "Locked"
LOCKED_WHY = {
    "idle": "Nobody used the window for {minutes} minutes.",
    "key": "You locked the window.",
    "screen": "The screen of this computer was locked.",
    "sleep": "The computer slept.",
    "crash": "The window ended unexpectedly. What was saved is safe.",
}
RECORDING_GOES_ON = "Recording goes on"
RECORDING_HELD = "Paused: somebody has not agreed"
RECORDING_SILENT = "No sound arrives from the microphone"
RECORDING_ENDED = "The recording is complete: {clock}"
RECORDING_LOST = "The recorder ended unexpectedly at {clock}. Everything up to there is kept."
STOP_RECORDING = "Stop recording"
NOT_LOCKED = "There is no open vault to lock. Close the window to forget what it shows."
GAP = "For {seconds} seconds no sound arrived, {at} into the recording."
SILENT_ADVICE = (
    "Check the cable and the microphone. The recording goes on as soon as sound arrives."
)
CATCHING_UP = "Catching up with the recording …"
