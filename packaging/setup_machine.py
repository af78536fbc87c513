"""Set this checkout up: system libraries, a private environment from the lock, model weights.

    python3 packaging/setup_machine.py [run | test | test-full]

Needs nothing but Python 3.11 or later. It can be run again at any time: what has not changed since
the last run is not done again, so a second run takes a second. A system library that cannot be
installed is named with the one command that would do it, and everything else goes on.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / ".stamps"
LOCKS = ROOT / "packaging"
RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"

# Debian and Ubuntu package -> the shared library that shows it is there
LIBRARIES = {
    "libportaudio2": "libportaudio.so.2",
    "libegl1": "libEGL.so.1",
    "libgl1": "libGL.so.1",
    "libxkbcommon0": "libxkbcommon.so.0",
    "libxkbcommon-x11-0": "libxkbcommon-x11.so.0",
    "libdbus-1-3": "libdbus-1.so.3",
    "libfontconfig1": "libfontconfig.so.1",
    "libglib2.0-0": "libglib-2.0.so.0",
    "libxcb-cursor0": "libxcb-cursor.so.0",
    "libxcb-icccm4": "libxcb-icccm.so.4",
    "libxcb-image0": "libxcb-image.so.0",
    "libxcb-keysyms1": "libxcb-keysyms.so.1",
    "libxcb-randr0": "libxcb-randr.so.0",
    "libxcb-render-util0": "libxcb-render-util.so.0",
    "libxcb-shape0": "libxcb-shape.so.0",
    "libxcb-xkb1": "libxcb-xkb.so.1",
}
FONTS = "fonts-dejavu-core"

MODELS: dict[str, tuple[str, ...]] = {
    "run": ("whisper-base", "qwen2.5-coder-1.5b-instruct-q4_k_m"),
    "test": ("whisper-tiny.en", "smollm2-135m-instruct-q4_1"),
}
MODELS["test-full"] = (*MODELS["test"], *MODELS["run"])


class CannotGoOn(Exception):
    """Something only the person at the machine can do; the message says what."""


def say(text: str) -> None:
    """One line of what is being done."""
    print(f"[setup] {text}", flush=True)


def main(argv: list[str]) -> int:
    """Set up for one purpose; 0 when everything needed is there."""
    purpose = argv[0] if argv else "run"
    if purpose not in MODELS or len(argv) > 1:
        say(f"usage: setup_machine.py [{' | '.join(MODELS)}]")
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this may have an older one
        say(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}.")
        return 2
    began = time.monotonic()
    try:
        system_libraries()
        if purpose.startswith("test"):
            watcher()
        environment()
        packages(DEVELOPMENT if purpose.startswith("test") else RUNTIME)
        project()
        weights(MODELS[purpose])
    except CannotGoOn as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("Stopped. Run it again; what is done is kept.")
        return 130
    say(f"Ready after {time.monotonic() - began:.0f} s.")
    return 0


# ---------------------------------------------------------------- the system


def system_libraries() -> None:
    """Install what the window and the microphone need, or say how; never a reason to stop."""
    if not sys.platform.startswith("linux"):
        return
    lacking = [name for name, library in LIBRARIES.items() if not has_library(library)]
    if not Path("/usr/share/fonts").is_dir() or not any(Path("/usr/share/fonts").iterdir()):
        lacking.append(FONTS)
    if lacking and not apt_install(lacking):
        say("Some system libraries are missing. Only recording and the window need them:")
        say(f"    sudo apt-get install -y {' '.join(lacking)}")


def watcher() -> None:
    """strace, with which the tests of safety watch the program; without it they fail, loudly."""
    if not sys.platform.startswith("linux") or shutil.which("strace") or apt_install(["strace"]):
        return
    say("strace is missing. Only `make test-security` needs it: sudo apt-get install -y strace")


def has_library(name: str) -> bool:
    """Whether the dynamic linker knows this shared library."""
    global_cache = shutil.which("ldconfig", path=f"{os.environ.get('PATH', '')}:/sbin:/usr/sbin")
    if global_cache is None:
        return True  # not a system we know how to ask
    known = subprocess.run([global_cache, "-p"], capture_output=True, text=True, check=False)
    return f"{name} " in known.stdout or f"{name}\n" in known.stdout


def apt_install(names: list[str]) -> bool:
    """Install system packages if root or a password-free sudo allows it."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        sudo = shutil.which("sudo")
        if sudo is None or quiet([sudo, "-n", "true"]):
            return False
        prefix = [sudo, "-n"]
    say(f"Installing system packages: {', '.join(names)}")
    silent = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-o", "DPkg::Lock::Timeout=120"]  # another program may be installing just now
    install = [*prefix, apt, *patient, "install", "-y", "-qq", "--no-install-recommends", *names]
    if quiet(install, env=silent) == 0:
        return True
    # A machine that never fetched the package lists finds no package at all.
    quiet([*prefix, apt, *patient, "update", "-qq"], env=silent)
    if quiet(install, env=silent) == 0:
        return True
    # One unknown name must not cost the others.
    return all([quiet([*install[: -len(names)], name], env=silent) == 0 for name in names])


def quiet(command: list[str], env: dict[str, str] | None = None) -> int:
    """Run a command without a word; returns its exit code."""
    nothing = subprocess.DEVNULL
    return subprocess.run(
        command, env=env, check=False, stdin=nothing, stdout=nothing, stderr=nothing
    ).returncode


# ---------------------------------------------------------------- Python


def environment() -> None:
    """The private environment `.venv`, of this Python."""
    if done("environment", "made") or usable_environment():
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not apt_install([version]) and not apt_install(["python3-venv"]):
            raise CannotGoOn(
                f"Python cannot make environments here. Run: sudo apt-get install -y {version}"
            )
    say(f"Making the environment {VENV.relative_to(ROOT)} (Python {sys.version.split()[0]})")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], "The environment could not be made")
    mark("environment", "made")


def usable_environment() -> bool:
    """Whether there is an environment already, made by hand or by us, whose Python runs."""
    python = VENV / "bin" / "python"
    wanted = "import pip, sys; sys.exit(sys.version_info < (3, 11))"
    return python.exists() and quiet([str(python), "-c", wanted]) == 0


def packages(lock: str) -> None:
    """Everything in a lock file, each archive checked against its hash."""
    text = (LOCKS / lock).read_text(encoding="utf-8")
    build = (LOCKS / "build.lock").read_text(encoding="utf-8")
    if done(lock, build + text):
        return
    if not (llama_installed() or compiler() or apt_install(["g++", "make", "cmake"])):
        raise CannotGoOn(
            "A C++ compiler is needed once. Run: sudo apt-get install -y g++ make cmake"
        )
    pip_install("the build tools", LOCKS / "build.lock")
    say("Installing the libraries of the lock file.")
    if not llama_installed():
        say("llama-cpp-python is built from source: about 5-8 minutes, once; cached afterwards.")
    pip_install("the libraries", LOCKS / lock)
    mark(lock, build + text)
    if lock != RUNTIME:  # it holds the same versions and more
        mark(RUNTIME, build + (LOCKS / RUNTIME).read_text(encoding="utf-8"))


def compiler() -> bool:
    """Whether a C++ compiler is there."""
    return any(shutil.which(name) for name in ("c++", "g++", "clang++"))


def llama_installed() -> bool:
    """Whether the one library without a ready-made wheel is there already."""
    return any(VENV.glob("lib/python*/site-packages/llama_cpp_python-*.dist-info"))


def pip_install(what: str, lock: Path) -> None:
    """Install a lock file; `what` names it if that fails."""
    run([*PIP, "--require-hashes", "--requirement", str(lock)], f"Installing {what} failed")


PIP = [
    str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input",
    "--disable-pip-version-check", "--progress-bar=off", "--no-warn-script-location",
    "--root-user-action=ignore",
]  # fmt: skip


def project() -> None:
    """The program itself, from this folder, without touching its libraries."""
    facts = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + str(ROOT)
    if done("project", facts):
        return
    say("Installing the program from this folder")
    run(
        [*PIP, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        "Installing the program failed",
    )
    mark("project", facts)


def run(command: list[str], failure: str) -> None:
    """Run a long command in silence, with a word every half minute; its output only if it fails."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, cwd=ROOT
        )
        while True:
            try:
                code = process.wait(30)
                break
            except subprocess.TimeoutExpired:
                say(f"    still at work ({time.monotonic() - began:.0f} s)")
            except KeyboardInterrupt:
                process.terminate()
                process.wait()
                raise
        if code:
            said.seek(0)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-25:]
            raise CannotGoOn("\n".join([f"{failure}:", *last]))


# ---------------------------------------------------------------- weights


def weights(models: tuple[str, ...]) -> None:
    """Model weights, each verified; the program's own command shows the progress."""
    command = [str(VENV / "bin" / "python"), "-m", "scribe.cli", "models", "fetch", *models]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False, cwd=ROOT).returncode:
        raise CannotGoOn("The model weights are not complete; run the same command again.")


# ---------------------------------------------------------------- stamps


def done(step: str, facts: str) -> bool:
    """Whether `step` was done already with just these facts."""
    try:
        return (STAMPS / step).read_text(encoding="utf-8") == digest(facts)
    except OSError:
        return False


def mark(step: str, facts: str) -> None:
    """Note that `step` is done."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(digest(facts), encoding="utf-8")


def digest(facts: str) -> str:
    """A short name for facts."""
    return hashlib.sha256(facts.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
