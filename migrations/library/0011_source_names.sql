-- What the reader changes of sources, and the names that sources give themselves.

ALTER TABLE source ADD COLUMN homepage TEXT;            -- NULL: its domain
ALTER TABLE source ADD COLUMN is_renamed INTEGER NOT NULL DEFAULT 0 CHECK (is_renamed IN (0, 1));   -- 1: the name is the reader's
-- Where its articles go instead, old and new. It keeps its name, so that this can be undone.
ALTER TABLE source ADD COLUMN merged_into INTEGER REFERENCES source (id);
CREATE INDEX source_by_merge ON source (merged_into);
CREATE INDEX source_by_name ON source (name COLLATE NOCASE);
CREATE INDEX source_in_ascii ON source (id) WHERE name = domain AND instr(domain, 'xn--') > 0;

-- How often pages of each host gave the source a name. The most frequent one is its name.
CREATE TABLE source_name (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id),
    host      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    seen      INTEGER NOT NULL,
    UNIQUE (source_id, host, name)
) STRICT;

-- The name so far counts little, so that better ones soon win.
INSERT INTO source_name (source_id, host, name, seen)
    SELECT id, domain, name, iif(length(name) > 45, 2, 1) FROM source WHERE name <> domain;

-- Rules for one article belong to its source, whatever that is.
CREATE TRIGGER rule_after_article_update AFTER UPDATE OF source_id ON article
WHEN NEW.source_id <> OLD.source_id BEGIN
    UPDATE rule SET source_id = NEW.source_id WHERE article_id = NEW.id;
END;
