"""The tables against the published totals, and look-ups that rules lean on."""

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from scribe.coding.references import references
from scribe.coding.tables import all_tables, nearest_table, tables_for

ROOT = Path(__file__).parents[2]
FY2025, FY2026, FY2027 = date(2025, 9, 30), date(2025, 10, 1), date(2026, 10, 1)


def builder() -> ModuleType:
    """packaging/ is no package, so its builder is loaded by path."""
    spec = importlib.util.spec_from_file_location(
        "build_tables", ROOT / "packaging/build_tables.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_tables_are_what_the_sources_give_byte_for_byte() -> None:
    folder = ROOT / "scribe/coding/tables"
    built = builder().build()
    assert {path.name for path in folder.glob("*.tsv")} == set(built)
    for name, text in built.items():
        assert (folder / name).read_bytes() == text.encode(), name


@pytest.mark.parametrize(("day", "total"), [(FY2025, 74_260), (FY2026, 74_719), (FY2027, 74_879)])
def test_billable_totals_are_the_published_ones(day: date, total: int) -> None:
    table = tables_for(day)
    assert table is not None
    codes = list(table.billable())
    assert len(codes) == len(set(codes)) == total
    assert all(table.is_billable(code) and table.exists(code) for code in codes)


@pytest.mark.parametrize("day", [date(2024, 9, 30), date(2027, 10, 1)])
def test_outside_the_loaded_years_there_is_no_table_but_a_nearest_one(day: date) -> None:
    assert tables_for(day) is None
    assert nearest_table(day) in (all_tables()[0], all_tables()[-1])


@pytest.mark.parametrize(
    ("code", "day", "billable"),
    [
        ("R53.1", FY2025, True),
        ("G35", FY2025, True),
        ("G35", FY2026, False),
        ("G35.D", FY2025, False),
        ("G35.D", FY2026, True),
        ("M51.36", FY2025, False),
        ("I69.3", FY2026, False),
        ("I69.354", FY2026, True),
        ("S72.001A", FY2026, True),
        ("S72.001", FY2026, False),
        ("S72.001T", FY2026, False),
        ("T07.XXXA", FY2026, True),
        ("T07", FY2026, False),
        ("T46.6X5A", FY2026, True),
        ("S06.0X7A", FY2026, False),
        ("S06.2X7A", FY2026, True),
        ("S06.2X7D", FY2026, False),
        ("D69.1", FY2026, True),
        ("D69.1", FY2027, False),
        ("D69.11", FY2027, True),
        ("T65.851A", FY2027, True),
        ("T52.8X1A", FY2027, False),
        ("R50-R69", FY2026, False),
        ("CH18", FY2026, False),
        ("", FY2026, False),
    ],
)
def test_leaf_status_by_date(code: str, day: date, billable: bool) -> None:
    table = tables_for(day)
    assert table is not None
    assert table.is_billable(code) is billable


def test_hierarchy_and_titles() -> None:
    table = tables_for(FY2026)
    assert table is not None
    assert table.title("R53.1") == "Weakness"
    assert table.ancestors("R53.1") == ("R53", "R50-R69", "CH18")
    assert table.children("G35") == ("G35.A", "G35.B", "G35.C", "G35.D")
    assert table.leaves("G35.B") == ("G35.B0", "G35.B1", "G35.B2")
    assert table.children("T07")[0] == "T07.XXXA"
    assert table.ancestors("S72.001A")[:2] == ("S72.001", "S72.00")
    assert table.title("S72.001A").endswith("initial encounter for closed fracture")
    assert [note.text for note in table.excludes1("R53.1")] == [
        "age-related weakness (R54)",
        "muscle weakness (generalized) (M62.81)",
        "sarcopenia (M62.84)",
        "senile asthenia (R54)",
    ]
    assert any(note.owner == "M60-M63" for note in table.excludes1("M62.81"))
    assert table.notes("M62.84", "code-first")
    assert table.notes("R53.83", "inclusion")


@pytest.mark.parametrize(
    ("note", "code", "covered"),
    [
        ("age-related weakness (R54)", "R54", True),
        ("dementia (F03.-)", "F03.90", True),
        ("dementia (F03.-)", "F02.80", False),
        ("myalgia (M79.1-)", "M79.18", True),
        ("deficiency (D50-D53)", "D53.9", True),
        ("deficiency (D50-D53)", "D55.0", False),
        ("recurrent (F33-)", "F33.1", True),
        ("weakness (I69. with final characters -92)", "I69.392", True),
        ("weakness (I69. with final characters -92)", "I69.392A", False),
        ("weakness (I69. with final characters -92)", "I69.354", False),
        ("diabetes (E08-E13 with .43)", "E11.43", True),
        ("diabetes (E08-E13 with .43)", "E11.9", False),
        ("injury (S06.0X- with seventh character A)", "S06.0X1A", True),
        ("injury (S06.0X- with seventh character A)", "S06.0X1S", False),
        ("open fracture (S42.- with 7th character B or C)", "S42.001C", True),
        ("two (A00.1, B20)", "B20", True),
        ("G6PD deficiency (G6PD)", "G60.0", False),
        ("fracture (S52.- with open fracture 7th character)", "S52.001B", False),
        ("see body system-related chapters", "A00", False),
    ],
)
def test_references_inside_notes(note: str, code: str, covered: bool) -> None:
    assert any(each.covers(code) for each in references(note)) is covered
