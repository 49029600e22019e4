-- The publisher's keywords are suggestions, apart from the reader's tags.
CREATE TABLE article_keywords (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    names      TEXT NOT NULL                -- JSON
) STRICT;

-- Sources whose keywords become tags.
CREATE TABLE keyword_source (
    source_id        INTEGER PRIMARY KEY REFERENCES source (id) ON DELETE CASCADE,
    after_article_id INTEGER                -- older articles with higher ids have them not yet; NULL: all have them
) STRICT;
CREATE INDEX keyword_source_by_progress ON keyword_source (after_article_id);
