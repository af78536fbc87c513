"""A signed note as plain text (UTF-8). Renders what was signed and judges nothing.

Only our own headings begin a line, and the rows of the signature stand two deep; every sentence is
one line, four deep, so that no text of the note can pass for a heading or for the signature.
"""

from collections.abc import Iterator

from scribe import notetext
from scribe.export.clean import line, lines
from scribe.records import Finding, SignedNote, Statement, Support

SUFFIX = ".txt"

_NOT_HEARD = " [not borne out by the recording; read and kept by the signer]"


def render(note: SignedNote, earlier: tuple[SignedNote, ...] = ()) -> bytes:
    """The whole note. `earlier`: the versions before it, oldest first, whose addenda and signatures
    then stand in it as well. The patient appears by the label of the visit only.
    """
    parts = [
        _head(note, earlier),
        *_sections(note),
        _diagnoses(note),
        _overrides(note),
        _assistance(note),
    ]
    for each in (*earlier, note):
        parts.extend((_addendum(each), _signature(each)))
    return ("\n\n".join("\n".join(part) for part in parts if part) + "\n").encode()


def _head(note: SignedNote, earlier: tuple[SignedNote, ...]) -> list[str]:
    encounter = note.coded.encounter
    # Without this an addendum's signature would look like that of the whole note.
    lacking = note.version - 1 - len(earlier)
    missing = [f"  This copy lacks the signatures of {lacking} earlier version(s)"]
    return [
        "CLINICAL NOTE",
        f"  Patient: {line(encounter.patient_label) or '-'}",
        f"  Date of service: {encounter.date_of_service.isoformat()}",
        f"  Template: {line(note.coded.draft.template_id)}",
        f"  Visit: {line(encounter.id)}",
        f"  Note: {line(note.id)}, version {note.version}",
        *(missing if lacking > 0 else []),
    ]


def _sections(note: SignedNote) -> Iterator[list[str]]:
    current, part = None, list[str]()
    for paragraph in notetext.sections(note.coded.draft.statements):
        if paragraph.section is not current:
            if part:
                yield part
            current, part = paragraph.section, [paragraph.section.value.upper()]
        heading = line(paragraph.heading)
        part.extend([f"  {heading}"] if heading else [])
        part.extend(f"    {_statement(each)}" for each in paragraph.statements)
    if part:
        yield part


def _statement(statement: Statement) -> str:
    mark = _NOT_HEARD if statement.support is Support.UNSUPPORTED else ""
    return line(statement.text) + mark


def _diagnoses(note: SignedNote) -> list[str]:
    ranked = sorted(note.coded.diagnoses, key=lambda each: each.rank)
    rows = [f"  {each.rank}. {line(each.code)}" for each in ranked]
    tables = line(note.coded.tables)
    checked = [f"  Checked against: {tables}"] if tables else []
    return ["DIAGNOSES (ICD-10-CM)", *(rows or ["  none"]), *checked]


def _overrides(note: SignedNote) -> list[str]:
    rows = []
    for each in note.overrides:
        about = _codes(note.coded.findings, each.rule_id)
        rows.append(f"  {line(each.rule_id)}{about}: {line(each.reason)}")
        rows.append(f"    {line(each.by)}, {each.at.isoformat(timespec='seconds')}")
    return ["CODING FINDINGS SIGNED OVER, WITH REASON", *rows] if rows else []


def _codes(findings: tuple[Finding, ...], rule_id: str) -> str:
    codes = dict.fromkeys(code for f in findings if f.rule_id == rule_id for code in f.codes)
    return f" ({', '.join(line(code) for code in codes)})" if codes else ""


def _assistance(note: SignedNote) -> list[str]:
    if not note.models:
        return ["USE OF AI", "  No language or speech model took part in writing this note."]
    return [
        "USE OF AI",
        "  A first draft was made on this computer with the help of these models:",
        *(f"    {line(each)}" for each in note.models),
        "  The clinician who signs reviewed it and is responsible for its content.",
    ]


def _addendum(note: SignedNote) -> list[str]:
    if not note.addendum:
        return []
    return [f"ADDENDUM (version {note.version})", *(f"    {each}" for each in lines(note.addendum))]


def _signature(note: SignedNote) -> list[str]:
    """Printed name, date and time, meaning (21 CFR 11.50), and what ties them to the content."""
    signed = note.attestation
    scheme, _, rest = note.signature.partition(":")
    key, _, value = rest.partition(":")
    before = [f"  Follows content hash: {note.previous_sha256}"] if note.previous_sha256 else []
    return [
        f"ELECTRONIC SIGNATURE (version {note.version})",
        f"  Signed by: {line(signed.signer)}, {line(signed.credential)}",
        f"  Meaning: {line(signed.meaning)}",
        f"  Date and time: {signed.at.isoformat(sep=' ', timespec='seconds')}",
        f"  Content hash (SHA-256): {note.sha256}",
        *before,
        f"  Key fingerprint ({line(scheme)}): {line(key)}",
        f"  Signature: {line(value)}",
    ]
