-- Psychotherapy notes only. What belongs into the progress note is not kept here.

CREATE TABLE notes (
    id       TEXT PRIMARY KEY,
    visit_id TEXT NOT NULL,
    written  TEXT NOT NULL,
    changed  TEXT NOT NULL,
    content  TEXT NOT NULL
) STRICT;

CREATE INDEX notes_visit ON notes (visit_id);
