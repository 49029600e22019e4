-- What the reader has written in place of the publisher's title, byline, date, language or source. The article has the
-- reader's value.
CREATE TABLE article_edit (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    detail     TEXT    NOT NULL CHECK (detail IN ('title', 'byline', 'date', 'language', 'source')),
    value      TEXT,                        -- the reader's; NULL: none. A date: Unix seconds and day; a source: its domain
    original   TEXT,                        -- the publisher's, in the same form
    PRIMARY KEY (article_id, detail)
) STRICT, WITHOUT ROWID;

-- To find a source by the name that a reader types.
CREATE INDEX source_by_name ON source (name COLLATE NOCASE);

-- The rules for one article alone go with it to another source, or extraction would no longer know them.
CREATE TRIGGER rule_follows_article AFTER UPDATE OF source_id ON article WHEN NEW.source_id <> OLD.source_id BEGIN
    UPDATE rule SET source_id = NEW.source_id WHERE article_id = NEW.id;
END;
