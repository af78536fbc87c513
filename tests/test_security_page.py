"""docs/security.md names tests that exist, and leaves out no promise and no safeguard."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.-]+\.py)(?:::(\w+))?`", PAGE)))
SAFEGUARDS = (
    "(a)(1)", "(a)(2)(i)", "(a)(2)(ii)", "(a)(2)(iii)", "(a)(2)(iv)", "(b)", "(c)(1)", "(c)(2)",
    "(d)", "(e)(1)", "(e)(2)(i)", "(e)(2)(ii)",
)  # fmt: skip
STATES = ("met", "partly: ", "not")


def rows(title: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda each: each.rpartition("/")[2])
def test_a_test_that_is_named_is_there(path: str, name: str) -> None:
    assert (ROOT / path).is_file()
    assert not name or name in functions(path)


def test_enough_is_named_to_be_worth_looking() -> None:
    assert len(NAMED) > 40


def test_every_safeguard_of_the_rule_has_its_line_and_its_proof() -> None:
    table = rows("45 CFR 164.312, line by line")
    assert [row[0].split()[0] for row in table][: len(SAFEGUARDS)] == list(SAFEGUARDS)
    assert all("`tests/" in row[2] for row in table)


def test_every_promise_has_its_state_and_what_is_kept_has_its_proof() -> None:
    table = rows("Promises")
    assert [row[0] for row in table] == [f"P{number}" for number in range(1, 29)]
    for number, _, measured, state, proof in table:
        assert state.startswith(STATES), number
        assert state.startswith("not") or ("`tests/" in proof and len(measured) > 1), number
