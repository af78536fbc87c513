"""Patient text cannot get into the log, by whatever way it is tried."""

import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from scribe import log
from scribe.errors import ScribeError, WeightsMissing
from scribe.log import Code, NotLoggable, Value

SAID = "Mrs Maria Alvarez has weakness in her left leg"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return log.open_log(tmp_path)


def content(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"text": SAID}, id="an unlisted field"),
        pytest.param({"seconds": SAID}, id="text for a number"),
        pytest.param({"encounter": SAID}, id="text for an id"),
        pytest.param({"encounter": f"e-0123456789abcdef {SAID}"}, id="text after an id"),
        pytest.param({"encounter": "e-0123456789abcdef\n"}, id="a line break after an id"),
        pytest.param({"encounter": "e-0123456789ABCDEF"}, id="not the form of an id"),
        pytest.param({"worker": "alvarez"}, id="an unlisted worker"),
        pytest.param({"error": SAID}, id="an error message"),
        pytest.param({"error": WeightsMissing(SAID)}, id="an error with its message"),
        pytest.param({"error": ValueError}, id="a class outside the tree"),
        pytest.param({"count": 1e300}, id="a number with room for a message"),
        pytest.param({"count": float("nan")}, id="not a number"),
        pytest.param({"count": True}, id="a truth value"),
        pytest.param({SAID: 1}, id="text as a field name"),
    ],
)
def test_refuses(fields: dict[str, Value], file: Path) -> None:
    with pytest.raises(NotLoggable) as caught:
        log.event(Code.TRANSCRIBED, **fields)
    assert "Alvarez" not in str(caught.value)
    assert content(file) == ""


def test_refuses_an_unlisted_event(file: Path) -> None:
    with pytest.raises(ValueError, match="not a valid Code"):
        log.event("something_else")  # type: ignore[arg-type]  # the mistake under test
    assert content(file) == ""


def test_other_loggers_and_tracebacks_do_not_reach_the_file(file: Path) -> None:
    logging.getLogger("some.library").info(SAID)
    logging.getLogger(log.LOGGER).info(SAID)
    logging.getLogger(log.LOGGER).info("%s", SAID)
    try:
        raise ScribeError(SAID)
    except ScribeError:
        logging.getLogger(log.LOGGER).info("failed", exc_info=True)
    log.event(Code.ENDED)
    assert content(file).count("\n") == 1
    assert "Alvarez" not in content(file)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(max_size=30), value=st.text(min_size=20))
def test_no_text_of_any_kind(name: str, value: str, file: Path) -> None:
    with pytest.raises(NotLoggable):
        log.event(Code.DRAFTED, **{name: value})
    assert content(file) == ""


def test_writes_ids_counts_and_durations(file: Path) -> None:
    log.event(
        Code.TRANSCRIBED, encounter="e-0123456789abcdef", seconds=912.46, count=3, words=1_412
    )
    log.event(Code.FAILED, error=WeightsMissing, worker="speech")
    first, second = content(file).splitlines()
    assert first.endswith(
        "Z transcribed encounter=e-0123456789abcdef seconds=912.46 count=3 words=1412"
    )
    assert second.endswith("Z failed error=WeightsMissing worker=speech")


def test_without_a_file_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    log.event(Code.STARTED)
    assert capsys.readouterr() == ("", "")


def test_the_file_rotates(file: Path) -> None:
    for count in range(30_000):
        log.event(Code.DRAFTED, count=count, seconds=1.5)
    sizes = {each.name: each.stat().st_size for each in file.parent.glob("scribe.log*")}
    assert set(sizes) == {"scribe.log", "scribe.log.1"}
    assert max(sizes.values()) <= 1_000_000


def test_the_log_holds_no_secret_of_other_users(file: Path) -> None:
    log.event(Code.STARTED)
    assert file.stat().st_mode & 0o077 == 0
