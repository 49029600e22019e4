-- Files that other services hand out, and the links in them.

-- When the reader saved it in another service; NULL: here.
ALTER TABLE article ADD COLUMN saved_at INTEGER;

-- The page as another service kept it, in snapshots.db: it is read if the page itself cannot be fetched.
ALTER TABLE import ADD COLUMN stored_snapshot_id INTEGER;

CREATE INDEX import_by_stored_snapshot ON import (stored_snapshot_id) WHERE stored_snapshot_id IS NOT NULL;

CREATE TABLE export_file (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,            -- of the file
    service    TEXT    NOT NULL,            -- who wrote it, as shown
    found      TEXT    NOT NULL,            -- JSON: what was found in it
    -- receiving: its links are being stored; preview: the reader has not said yes; importing; done
    state      TEXT    NOT NULL CHECK (state IN ('receiving', 'preview', 'importing', 'done')),
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX export_file_by_state ON export_file (state, id);

-- One row per line of the file, so that the report follows from the rows.
CREATE TABLE exported_link (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    export_id   INTEGER NOT NULL REFERENCES export_file (id) ON DELETE CASCADE,
    place       TEXT    NOT NULL,           -- where it stands in the file: line 12
    url         TEXT,                       -- NULL: it has only its page
    title       TEXT,                       -- what is shown of it
    tags        TEXT    NOT NULL,           -- JSON: names
    saved_at    INTEGER,
    is_archived INTEGER NOT NULL CHECK (is_archived IN (0, 1)),
    is_starred  INTEGER NOT NULL CHECK (is_starred IN (0, 1)),
    is_read     INTEGER NOT NULL CHECK (is_read IN (0, 1)),
    highlights  TEXT    NOT NULL,           -- JSON: marked passages and notes
    snapshot_id INTEGER,                    -- the page that came along, in snapshots.db, until the import has ended
    -- pending: not looked at; repeated: the same link stands in the file before; rejected: it cannot be imported; queued:
    -- its import has not ended; else how that ended
    outcome     TEXT    NOT NULL CHECK (outcome IN
                        ('pending', 'rejected', 'repeated', 'queued', 'new', 'existing', 'restored', 'failed')),
    problem     TEXT,                       -- why it was rejected or has failed: a sentence
    import_id   INTEGER REFERENCES import (id) ON DELETE SET NULL,
    article_id  INTEGER REFERENCES article (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX exported_link_by_outcome ON exported_link (export_id, outcome, id);
CREATE INDEX exported_link_by_import ON exported_link (import_id, export_id) WHERE import_id IS NOT NULL;
CREATE INDEX exported_link_by_article ON exported_link (article_id, export_id) WHERE article_id IS NOT NULL;
CREATE INDEX exported_link_by_snapshot ON exported_link (snapshot_id) WHERE snapshot_id IS NOT NULL;

-- Passages that the reader marked in another service, and notes.
CREATE TABLE highlight (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    quote      TEXT    NOT NULL,            -- empty: a note on the whole article
    note       TEXT    NOT NULL,            -- empty: none
    created_at INTEGER,                     -- NULL: not known
    UNIQUE (article_id, quote, note)
) STRICT;

-- The line of the file says how its import ends, whoever ends it. The page that came along is needed no more once there is
-- an article.
CREATE TRIGGER exported_link_after_import AFTER UPDATE OF state ON import BEGIN
    UPDATE exported_link
    SET outcome = CASE WHEN outcome = 'repeated' THEN outcome WHEN NEW.state = 'done' THEN NEW.outcome
                       WHEN NEW.state = 'failed' THEN 'failed' ELSE 'queued' END,
        problem = CASE NEW.state WHEN 'failed' THEN NEW.error_message END,
        article_id = coalesce(NEW.article_id, article_id),
        snapshot_id = CASE NEW.state WHEN 'done' THEN NULL ELSE snapshot_id END
    WHERE import_id = NEW.id;
END;
