-- What kind of page an article was read from, and what that asks of its reader.

ALTER TABLE article ADD COLUMN verdict TEXT NOT NULL DEFAULT 'article';    -- article, stub, wall, listing, …
ALTER TABLE article ADD COLUMN verdict_kept INTEGER NOT NULL DEFAULT 0;    -- 1: the reader keeps it as it is
ALTER TABLE article ADD COLUMN published_day TEXT;                         -- 2026-11-23, as the page writes it in its own zone
ALTER TABLE article ADD COLUMN next_page TEXT;                             -- where the article goes on and was not read
ALTER TABLE article ADD COLUMN next_problem TEXT;                          -- why not, a sentence

-- The text before it was last extracted again, so that its reader can look at the difference and go back.
CREATE TABLE article_before (
    article_id  INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    content     BLOB    NOT NULL,           -- JSON, zstd
    replaced_at INTEGER NOT NULL,
    rejected    INTEGER NOT NULL DEFAULT 0  -- 1: this is what the newer code made, and the reader went back from it
) STRICT;

CREATE INDEX article_before_by_age ON article_before (replaced_at) WHERE rejected = 0;
