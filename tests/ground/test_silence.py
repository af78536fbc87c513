"""Libraries that phone home are told not to, before any of them can be imported."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import scribe

ROOT = Path(__file__).resolve().parents[2]
MODULES = (
    "scribe", "scribe.cli", "scribe.supervisor", "scribe.recorder.main", "scribe.worker.main",
    "scribe.worker.reader", "scribe.shortvisit", "gui.launch", "gui.app",
)  # fmt: skip
"""The package, and what each process of ours starts with."""


@pytest.mark.parametrize("module", MODULES)
def test_importing_silences_the_environment(module: str) -> None:
    # CI=true silences some libraries by itself, so a test that inherits it would prove nothing.
    bare = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen"}
    code = f"import {module}, os, json; print(json.dumps(dict(os.environ)))"
    told = subprocess.run(
        [sys.executable, "-c", code], env=bare, cwd=ROOT, capture_output=True, check=True
    )
    seen = json.loads(told.stdout)
    assert "CI" not in seen
    assert {name: seen.get(name) for name in scribe.SILENT_ENVIRONMENT} == scribe.SILENT_ENVIRONMENT


@pytest.mark.parametrize("name", ["ORT_DISABLE_TELEMETRY", "HF_HUB_OFFLINE", "DO_NOT_TRACK"])
def test_the_list_keeps_what_is_known_to_be_needed(name: str) -> None:
    assert scribe.SILENT_ENVIRONMENT[name] == "1"


def test_the_installed_release_is_from_before_telemetry() -> None:
    major, minor = version("onnxruntime").split(".")[:2]
    assert (int(major), int(minor)) < (1, 29)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_lock_keeps_the_release_before_telemetry(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    versions = re.findall(r"^onnxruntime==(\d+)\.(\d+)", text, re.MULTILINE)
    assert versions
    assert all((int(major), int(minor)) < (1, 29) for major, minor in versions)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "build.lock"])
def test_the_lock_names_hashes_and_no_index(lock: str) -> None:
    text = (ROOT / "packaging" / lock).read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^[A-Za-z0-9._-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[A-Za-z0-9._-]+==", text, re.MULTILINE)) > 0


def test_the_lock_avoids_the_window_library_that_aborts() -> None:
    text = (ROOT / "packaging" / "requirements.lock").read_text(encoding="utf-8")
    markers = re.findall(r"^pyside6-essentials==6\.12\.0 ; (.*) \\$", text, re.MULTILINE)
    assert markers in ([], ["python_full_version >= '3.12'"])
