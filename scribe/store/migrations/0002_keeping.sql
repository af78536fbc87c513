-- Who did it in which installation; legal holds; and the one way in which a signed note may go.

ALTER TABLE audit ADD COLUMN user TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN install TEXT NOT NULL DEFAULT '';

-- Says nothing about the person; two clinicians of the same name are told apart by it.
INSERT INTO meta VALUES ('user_id', 'u-' || lower(hex(randomblob(8))));

CREATE TABLE holds (
    visit_id TEXT PRIMARY KEY,
    since    TEXT NOT NULL,
    reason   TEXT NOT NULL
) STRICT;

-- A visit whose signed notes may go; what stays of it for ever.
CREATE TABLE disposals (
    visit_id TEXT PRIMARY KEY,
    at       TEXT NOT NULL,  -- a day
    why      TEXT NOT NULL
) STRICT;

CREATE TRIGGER disposals_no_update BEFORE UPDATE ON disposals
BEGIN
    SELECT RAISE(ABORT, 'immutable: a disposal is on record for ever');
END;

CREATE TRIGGER disposals_no_delete BEFORE DELETE ON disposals
BEGIN
    SELECT RAISE(ABORT, 'immutable: a disposal is on record for ever');
END;

-- 45 CFR 164.316(b)(2)(i): six years from creation or from when it was last in effect. A time that
-- cannot be read counts as not yet over.
CREATE TRIGGER disposals_when_due BEFORE INSERT ON disposals
WHEN EXISTS (SELECT 1 FROM holds WHERE visit_id = NEW.visit_id)
  OR EXISTS (
    SELECT 1 FROM notes
    WHERE visit_id = NEW.visit_id
      AND coalesce(date(json_extract(CAST(content AS TEXT), '$.attestation.at')), '9999-12-31')
        > coalesce(date(NEW.at, '-6 years'), '0000-01-01')
  )
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed note is kept six years, and under a legal hold longer');
END;

DROP TRIGGER notes_no_delete;

CREATE TRIGGER notes_no_delete BEFORE DELETE ON notes
WHEN NOT EXISTS (SELECT 1 FROM disposals WHERE visit_id = OLD.visit_id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: a signed note cannot be deleted');
END;

CREATE TRIGGER visits_held_no_delete BEFORE DELETE ON visits
WHEN EXISTS (SELECT 1 FROM holds WHERE visit_id = OLD.id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: this visit is under a legal hold');
END;

CREATE TRIGGER audio_keys_held_no_delete BEFORE DELETE ON audio_keys
WHEN EXISTS (SELECT 1 FROM holds WHERE visit_id = OLD.visit_id)
BEGIN
    SELECT RAISE(ABORT, 'immutable: this recording is under a legal hold');
END;
