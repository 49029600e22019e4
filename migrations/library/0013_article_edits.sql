-- What the reader has written in place of the publisher's title, byline, date, language or source. The article has the
-- reader's value.
CREATE TABLE article_edit (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    detail     TEXT    NOT NULL CHECK (detail IN ('title', 'byline', 'date', 'language', 'source')),
    value      TEXT,                        -- the reader's; NULL: none. A date: Unix seconds and day; a source: its domain
    original   TEXT,                        -- the publisher's, in the same form
    PRIMARY KEY (article_id, detail)
) STRICT, WITHOUT ROWID;
