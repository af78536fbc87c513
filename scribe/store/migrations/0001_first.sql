-- Visits, signed notes, the audit log and the keys of recordings.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE visits (
    id              TEXT PRIMARY KEY,
    patient_label   TEXT NOT NULL,
    date_of_service TEXT NOT NULL,
    template_id     TEXT NOT NULL,
    state           TEXT NOT NULL,
    updated         TEXT NOT NULL,
    body            TEXT NOT NULL  -- the whole visit as JSON, without its notes
) STRICT;

CREATE INDEX visits_updated ON visits (updated);

-- `content` holds the very bytes that were hashed and signed, so that a note stays verifiable
-- when a later version of the program writes records with more fields.
CREATE TABLE notes (
    id        TEXT PRIMARY KEY,
    visit_id  TEXT NOT NULL REFERENCES visits (id),
    version   INTEGER NOT NULL,
    content   BLOB NOT NULL,
    sha256    TEXT NOT NULL,
    signature TEXT NOT NULL,
    UNIQUE (visit_id, version)
) STRICT;

CREATE TABLE audit (
    seq       INTEGER PRIMARY KEY,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    act       TEXT NOT NULL,
    object_id TEXT NOT NULL,
    detail    TEXT NOT NULL,
    previous  TEXT NOT NULL,
    sha256    TEXT NOT NULL,
    mac       TEXT NOT NULL
) STRICT;

CREATE TABLE audio_keys (
    visit_id TEXT PRIMARY KEY,
    wrapped  BLOB NOT NULL
) STRICT;

-- What is signed and what is logged is never changed. An addendum is a new note; REPLACE is an
-- insert to a trigger, so inserts over an existing row are refused as well.

CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed note cannot be changed');
END;

CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed note cannot be deleted');
END;

CREATE TRIGGER notes_in_order BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM notes WHERE id = NEW.id)
  OR NEW.version IS NOT (SELECT count(*) + 1 FROM notes WHERE visit_id = NEW.visit_id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: versions of a note follow each other');
END;

CREATE TRIGGER visits_signed_no_update
BEFORE UPDATE OF id, patient_label, date_of_service, template_id, body ON visits
WHEN EXISTS (SELECT 1 FROM notes WHERE visit_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed visit cannot be changed');
END;

CREATE TRIGGER visits_signed_state BEFORE UPDATE OF state ON visits
WHEN EXISTS (SELECT 1 FROM notes WHERE visit_id = OLD.id)
 AND NEW.state NOT IN ('signed', 'amended')
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed visit stays signed');
END;

CREATE TRIGGER visits_signed_no_delete BEFORE DELETE ON visits
WHEN EXISTS (SELECT 1 FROM notes WHERE visit_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed visit cannot be deleted');
END;

CREATE TRIGGER visits_signed_no_replace BEFORE INSERT ON visits
WHEN EXISTS (SELECT 1 FROM notes WHERE visit_id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed visit cannot be replaced');
END;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'immutable: an audit row cannot be changed');
END;

CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'immutable: an audit row cannot be deleted');
END;

CREATE TRIGGER audit_in_order BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
BEGIN
    SELECT RAISE(ABORT, 'immutable: audit rows follow each other');
END;
