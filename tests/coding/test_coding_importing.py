"""Taking over later official files: what is refused with nothing changed, what an edition gives.

The Tabular List of FY2028 is not yet published; that of April 2026 stands in for it, with another
year and one code more.
"""

import lzma
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scribe.coding import editions, official, tables
from scribe.coding.check import check
from scribe.coding.importing import Imported, import_file
from scribe.coding.official import Kind
from scribe.coding.search import search
from scribe.errors import BadInput, CodingError, ScribeError
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText

SOURCES = Path(__file__).parents[2] / "packaging/icd10cm"
ADDENDA = SOURCES / "icd10cm_order_addenda_2027.txt"
FIRST, LAST = date(2027, 10, 1), date(2028, 9, 30)
NEW = b"<diag><name>R53.3</name><desc>Weakness after space flight</desc></diag>"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for imports that no other test sees."""
    yield tmp_path / "codes"
    tables.remove_folder(tmp_path / "codes")


@pytest.fixture(scope="module")
def tabular() -> bytes:
    """A Tabular List of 2028."""
    content = lzma.decompress((SOURCES / "icd10cm-tabular-2026-04.xml.xz").read_bytes())
    at = content.index(b"<diag>", content.index(b"<name>R53.2</name>"))
    content = content[:at] + NEW + content[at:]
    return content.replace(b"<version>2026</version>", b"<version>2028</version>")


def bring(
    content: bytes, folder: Path, name: str = "file.xml", first: date = FIRST, last: date = LAST
) -> Imported:
    path = folder.parent / name
    path.write_bytes(content)
    return import_file(path, first, last, folder)


TINY = b"<ICD10CM.tabular><version>2028</version>%s</ICD10CM.tabular>"
S06 = b"<note>7th characters D and S do not apply to codes in category S06 with 6th</note>"

WRONG = [
    pytest.param(b"", id="empty"),
    pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00", id="a picture"),
    pytest.param(b"Dear colleague,\nplease find attached", id="a letter"),
    pytest.param(b"<html><body>Sign in</body></html>", id="a web page"),
    pytest.param(b"<ICD10CM.tabular><version>2028", id="truncated XML"),
    pytest.param(TINY % b"", id="a list without its S06 note"),
    pytest.param(TINY % S06, id="a list without chapters"),
    pytest.param(TINY % (S06 + b"<chapter><name>one</name></chapter>"), id="unnumbered chapter"),
    pytest.param(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', id="entities"),
    pytest.param(lzma.compress(b"x" * 10_000)[:80], id="truncated xz"),
    pytest.param(lzma.compress(b"hello"), id="something else in xz"),
    pytest.param(b"\xfd7zXZ\x00garbage", id="not really xz"),
    pytest.param(b"00001 A00     0 Cholera", id="an order file of one line"),
    pytest.param(b"00001 A00     0 Cholera\nhello\n", id="an order file with a letter in it"),
    pytest.param(b"Add:         2 C7831   Secondary", id="addenda with another flag"),
    pytest.param(b"Add:         1 ??      Secondary", id="addenda without a code"),
    pytest.param(b"Delete:      1 Q0000   Nothing", id="addenda that delete what is not there"),
    pytest.param(b"Add:         1 R531    Weakness", id="addenda that add what is there"),
]


@pytest.mark.parametrize("content", WRONG)
def test_a_wrong_file_is_refused_and_changes_nothing(content: bytes, folder: Path) -> None:
    with pytest.raises(CodingError) as refused:
        bring(content, folder, first=date(2027, 4, 1), last=date(2027, 9, 30))
    assert refused.value.message
    assert not folder.exists()


DATES = [
    pytest.param(LAST, FIRST, id="the last before the first"),
    pytest.param(FIRST, date(2029, 9, 30), id="two years"),
    pytest.param(date.min, date(1, 2, 1), id="the first day of the calendar"),
]


@pytest.mark.parametrize(("first", "last"), DATES)
def test_wrong_dates_are_refused(first: date, last: date, folder: Path) -> None:
    with pytest.raises(BadInput):
        import_file(ADDENDA, first, last, folder)
    assert not folder.exists()


def test_a_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    for path in (folder.parent / "absent.xml", folder.parent):
        with pytest.raises(BadInput):
            import_file(path, FIRST, LAST, folder)
    assert not folder.exists()


def test_the_file_of_another_year_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match="2026-10-01 to 2027-09-30"):
        import_file(ADDENDA, date(2026, 9, 30), date(2027, 9, 29), folder)
    assert not folder.exists()


def test_addenda_need_the_table_of_the_day_before(tmp_path: Path, folder: Path) -> None:
    copy = tmp_path / "addenda.txt"
    copy.write_bytes(ADDENDA.read_bytes())
    with pytest.raises(CodingError, match="none covers"):
        import_file(copy, date(2030, 10, 1), date(2031, 9, 30), folder)
    with pytest.raises(CodingError, match="do not fit"):
        import_file(copy, FIRST, LAST, folder)
    assert not folder.exists()


@pytest.mark.parametrize("name", ["x" * 81, "two\nlines", "\x1b[31m"])
def test_a_name_is_one_short_line(name: str, folder: Path) -> None:
    with pytest.raises(BadInput):
        import_file(ADDENDA, date(2026, 10, 1), date(2027, 9, 30), folder, name=name)
    assert not folder.exists()


def test_the_addenda_give_what_the_shipped_edition_has(folder: Path) -> None:
    shipped = tables.tables_for(date(2026, 10, 1))
    assert shipped is not None
    done = import_file(ADDENDA, date(2026, 10, 1), date(2027, 9, 30), folder, name="FY2027 own")
    assert (done.kind, done.billable) == (Kind.ADDENDA, 74_879)
    assert (len(done.new), len(done.gone)) == (190, 30)
    tables.add_folder(folder)
    own = tables.tables_for(date(2026, 10, 1))
    assert own is not None
    assert own.edition == "FY2027 own"
    assert list(own.billable()) == list(shipped.billable())
    assert own.official_rows() == shipped.official_rows()


def test_a_later_tabular_list_is_in_force_on_its_dates_alone(tabular: bytes, folder: Path) -> None:
    packed = lzma.compress(tabular, preset=0)
    done = bring(packed, folder, name="icd10cm-tabular-2028.xml.xz")
    assert "R53.3" in done.new
    assert tables.tables_for(FIRST) is None, "the folder has not been added"
    tables.add_folder(folder)
    own = tables.tables_for(FIRST)
    assert own is not None
    assert own is tables.tables_for(LAST) is tables.all_tables()[-1]
    assert own.title("R53.3") == "Weakness after space flight"
    assert own.is_billable("S72.001A")
    assert own.excludes1("R53.1")
    assert tables.tables_for(date(2028, 10, 1)) is None
    assert tables.nearest_table(date(2050, 1, 1)) is own
    before = tables.tables_for(date(2027, 9, 30))
    assert before is not None
    assert not before.exists("R53.3")
    assert search("weakness space flight", FIRST)[0].code == "R53.3"
    visit = Encounter(id=EncounterId("e"), date_of_service=FIRST)
    claim = (CodedDiagnosis(code="R53.3", rank=1),)
    assert not [each for each in check(NoteText(), visit, claim) if "R53.3" in each.codes]
    tables.remove_folder(folder)
    assert tables.tables_for(FIRST) is None


def test_an_order_file_gives_the_same_billable_codes(folder: Path) -> None:
    before = tables.tables_for(date(2026, 6, 1))
    assert before is not None
    billable = set(before.billable())
    every = sorted(billable | {code for code in before.codes() if code not in billable})
    lines = (
        f"{number % 100_000:05d} {code.replace('.', ''):<7} {int(code in billable)} "
        f"{'short':<60} {before.title(code)}"
        for number, code in enumerate(every)
    )
    first, last = date(2026, 4, 1), date(2026, 9, 30)
    done = bring("\n".join(lines).encode(), folder, "order.txt", first, last)
    assert (done.kind, done.new, done.gone) == (Kind.ORDER, (), ())
    tables.add_folder(folder)
    own = tables.tables_for(first)
    assert own is not None
    assert own is not before
    assert set(own.billable()) == billable
    for code in ("S72.001A", "T07.XXXA", "R53.1", "G35.B0", "S06.2X7A"):
        assert own.title(code) == before.title(code)
        assert own.ancestors(code) == before.ancestors(code)
    assert own.leaves("T07") == before.leaves("T07")
    assert not own.is_billable("S72.001")


def test_half_of_a_list_is_refused(folder: Path) -> None:
    before = tables.tables_for(date(2026, 6, 1))
    assert before is not None
    lines = [
        f"{number % 100_000:05d} {code.replace('.', ''):<7} 1 {'short':<60} {before.title(code)}"
        for number, code in enumerate(before.billable())
    ]
    with pytest.raises(CodingError, match="not the whole code set"):
        bring("\n".join(lines[:40_000]).encode(), folder, "order.txt")
    assert not folder.exists()


@pytest.fixture
def small(folder: Path) -> Path:
    """An edition file with one code, written as an import writes it."""
    edition = editions.Edition(
        id="new", name="Small", first=FIRST, last=LAST, notes_of="April 2028"
    )
    written = editions.write(edition, "R53\t0\t\t\tMalaise\n", "R53\tincludes\tx\n", folder)
    assert written.file is not None
    return written.file


def test_a_damaged_table_is_named_and_never_used(small: Path, folder: Path) -> None:
    small.write_bytes(small.read_bytes().replace(b"Malaise", b"Mallise"))
    tables.add_folder(folder)
    with pytest.raises(CodingError, match="damaged") as found:
        tables.tables_for(FIRST)
    assert "scribe codes import" in found.value.advice
    assert tables.tables_for(date(2026, 6, 1)) is not None


def stale(day: date) -> list[str]:
    """What the check says about a date that no edition covers."""
    encounter = Encounter(id=EncounterId("e1"), date_of_service=day)
    found = check(NoteText(), encounter, (CodedDiagnosis(code="R53.1", rank=1),))
    return [each.message for each in found if each.rule_id == "GEN-TABLE-STALE"]


def test_the_end_of_the_tables_is_that_of_the_shipped_ones_without_an_import() -> None:
    assert stale(date(2026, 10, 1)) == []
    (message,) = stale(date(2031, 1, 1))
    assert "Codes that change on 2027-10-01 are not loaded" in message
    (message,) = stale(date(2020, 1, 1))
    assert "Codes that change on 2024-10-01 are not loaded" in message


def test_the_end_of_the_tables_is_that_of_the_last_imported_one(small: Path, folder: Path) -> None:
    assert small.exists()
    tables.add_folder(folder)
    assert stale(LAST) == []
    (message,) = stale(date(2028, 10, 1))
    assert message.startswith("Checked against the Small code set")
    assert "Codes that change on 2028-10-01 are not loaded" in message
    tables.remove_folder(folder)
    assert "2027-10-01" in stale(date(2028, 10, 1))[0]


def test_a_year_left_out_between_two_editions_is_told(folder: Path) -> None:
    later = editions.Edition(
        id="new", name="Later", first=date(2028, 10, 1), last=date(2029, 9, 30), notes_of="x"
    )
    editions.write(later, "R53.1\t1\t\t\tWeakness\n", "", folder)
    tables.add_folder(folder)
    (message,) = stale(date(2028, 3, 1))
    assert "Codes that change on 2027-10-01 are not loaded" in message


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"another form\n", b"\n" * 20])
def test_a_damaged_heading_is_found_when_the_folder_is_added(
    content: bytes, small: Path, folder: Path
) -> None:
    small.write_bytes(content)
    with pytest.raises(CodingError, match="damaged"):
        tables.add_folder(folder)


def test_the_same_dates_replace_and_nothing_else_is_left(small: Path, folder: Path) -> None:
    edition = editions.Edition(id="new", name="Again", first=FIRST, last=LAST, notes_of="")
    editions.write(edition, "R54\t1\t\t\tDebility\n", "", folder)
    assert [path.name for path in folder.iterdir()] == [small.name]
    tables.add_folder(folder)
    table = tables.tables_for(FIRST)
    assert table is not None
    assert (table.edition, table.exists("R54"), table.exists("R53")) == ("Again", True, False)


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "codes").write_text("a file where the folder should be")
    edition = editions.Edition(id="new", name="Small", first=FIRST, last=LAST, notes_of="")
    with pytest.raises(ScribeError, match="nothing was changed"):
        editions.write(edition, "R54\t1\t\t\tDebility\n", "", tmp_path / "codes")


def test_the_kinds_are_told_apart_by_content() -> None:
    assert official.kind_of(b"\xef\xbb\xbf<?xml version='1.0'?>") is Kind.TABULAR
    assert official.kind_of(b"00001 A00     0 Cholera") is Kind.ORDER
    assert official.kind_of(b"Revise from: 1 R531    Weakness") is Kind.ADDENDA
