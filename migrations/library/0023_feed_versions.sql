-- Texts that feeds have changed, and what is remembered of hosts and moves.

-- All earlier texts of an article from a feed, for ever.
CREATE TABLE article_version (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    content     BLOB    NOT NULL,           -- JSON, zstd
    replaced_at INTEGER NOT NULL            -- when the next text took its place
) STRICT;

CREATE INDEX article_version_by_article ON article_version (article_id, id);

CREATE TABLE feed_host (
    host       TEXT    PRIMARY KEY,
    asked_at   INTEGER,                     -- when it was asked last, or will be; only of hosts that want pauses between requests
    refused_at INTEGER                      -- when it last answered 429
) STRICT, WITHOUT ROWID;

ALTER TABLE feed ADD COLUMN moved_from TEXT;        -- the address before it moved for good
ALTER TABLE feed ADD COLUMN moved_at   INTEGER;

-- 1: the text of the article is that of this item
ALTER TABLE feed_item ADD COLUMN gives_text INTEGER NOT NULL DEFAULT 0 CHECK (gives_text IN (0, 1));
-- 1: it was never an article, since only the newest items are read
ALTER TABLE feed_item ADD COLUMN is_skipped INTEGER NOT NULL DEFAULT 0 CHECK (is_skipped IN (0, 1));

UPDATE feed_item SET gives_text = 1 WHERE id IN
    (SELECT min(i.id) FROM feed_item i JOIN article a ON a.id = i.article_id
     WHERE a.channel = 'feed' AND i.import_id IS NULL GROUP BY i.article_id);
