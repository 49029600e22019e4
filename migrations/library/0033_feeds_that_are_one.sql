-- What went with a feed that was unfollowed, or by a limit, and not because the reader deleted it. Another feed may bring it back.
ALTER TABLE article ADD COLUMN left_by TEXT CHECK (left_by IN ('unfollowing', 'limit'));
-- The same of an item whose article is deleted for good.
ALTER TABLE feed_item ADD COLUMN left_by TEXT CHECK (left_by IN ('unfollowing', 'limit'));

UPDATE article SET left_by = 'limit' WHERE limited_at IS NOT NULL AND deleted_at >= limited_at;
UPDATE article SET left_by = 'unfollowing' WHERE deleted_at IS NOT NULL AND left_by IS NULL AND id IN
    (SELECT c.article_id FROM operation o JOIN operation_change c ON c.operation_id = o.id
     WHERE o.kind = 'unfollow' AND c.field = 'deleted' AND CAST(c.after AS INTEGER) = article.deleted_at);

CREATE TRIGGER article_left_after_restore AFTER UPDATE OF deleted_at ON article
    WHEN NEW.deleted_at IS NULL AND NEW.left_by IS NOT NULL BEGIN
    UPDATE article SET left_by = NULL WHERE id = NEW.id;
END;

CREATE TRIGGER article_left_before_delete BEFORE DELETE ON article WHEN OLD.left_by IS NOT NULL BEGIN
    UPDATE feed_item SET left_by = OLD.left_by WHERE article_id = OLD.id;
END;

-- Feeds that turned out to be another one, which has their items now.
CREATE TABLE merged_feed (
    id      INTEGER PRIMARY KEY,                -- the feed's former id
    feed_id INTEGER NOT NULL REFERENCES feed (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX merged_feed_by_feed ON merged_feed (feed_id);

-- When somebody last opened the library.
CREATE TABLE visit (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    at INTEGER NOT NULL
) STRICT;
