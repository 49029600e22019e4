-- Where the texts of articles come from, which of them the reader has seen, and recordings.

-- When the reader last had the text before them, if later than it was marked read. 0: never, it arrived read.
ALTER TABLE article ADD COLUMN seen_at    INTEGER;
ALTER TABLE article ADD COLUMN changed_at INTEGER;      -- when its publisher last changed it
-- How the text came here, and when. NULL: as the article did.
ALTER TABLE article ADD COLUMN text_from  TEXT CHECK (text_from IN ('feed', 'fetched', 'extracted', 'pasted', 'restored'));
ALTER TABLE article ADD COLUMN text_at    INTEGER;
ALTER TABLE article ADD COLUMN refetched_at INTEGER;    -- when its page was last asked for because its item in the feed was changed

ALTER TABLE article_version ADD COLUMN came_from TEXT;  -- as article.text_from
ALTER TABLE article_version ADD COLUMN came_at   INTEGER;       -- NULL: not known
ALTER TABLE article_version ADD COLUMN is_seen   INTEGER NOT NULL DEFAULT 0 CHECK (is_seen IN (0, 1));

UPDATE article SET changed_at = (SELECT max(v.replaced_at) FROM article_version v WHERE v.article_id = article.id)
    WHERE id IN (SELECT article_id FROM article_version);
UPDATE article SET seen_at = 0 WHERE read_at IS NOT NULL
    AND id IN (SELECT article_id FROM feed_item WHERE is_read = 1 AND article_id IS NOT NULL);

-- Title and beginning of the text in the feed when the page was last asked for; NULL: the text is that of the feed, or not known.
ALTER TABLE feed_item ADD COLUMN teaser TEXT;

-- Recordings and films that come with an item, in its order.
CREATE TABLE item_recording (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    item_id    INTEGER NOT NULL REFERENCES feed_item (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    url        TEXT    NOT NULL,                -- at the publisher
    media_type TEXT    NOT NULL,                -- as the feed says: audio/… or video/…
    seconds    INTEGER,                         -- how long it is
    bytes      INTEGER
) STRICT;

CREATE UNIQUE INDEX item_recording_by_item ON item_recording (item_id, position);
