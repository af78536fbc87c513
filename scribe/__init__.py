"""The core of the scribe: from a recorded visit to a signed note, without any window.

This file holds the version and the environment that keeps third-party libraries silent; no other
code may live here, because it runs before every import of the core.
"""

import os

__version__ = "0.1.0"

# Libraries we build on phone home or look for a model hub unless told not to *before* they are
# imported (onnxruntime from 1.29 on uploads telemetry; CI=true hides it). Importing `scribe` is the
# first thing every process of ours does, so this is the one place where it cannot be forgotten.
SILENT_ENVIRONMENT = {
    "ORT_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "DO_NOT_TRACK": "1",
}
os.environ.update(SILENT_ENVIRONMENT)
