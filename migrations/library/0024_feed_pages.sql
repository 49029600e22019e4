-- What the pages of feeds show, stop and undo.

ALTER TABLE feed ADD COLUMN failing_since INTEGER;      -- the first of the looks in a row that had no feed
ALTER TABLE feed ADD COLUMN unfollowed_by INTEGER;      -- the operation that moved its articles to the trash
ALTER TABLE feed ADD COLUMN refresh_asked_at INTEGER;   -- when the reader last refreshed all feeds, and this was among them
ALTER TABLE feed ADD COLUMN planned_look_at INTEGER;    -- when it would have been looked at without that

UPDATE feed SET failing_since = looked_at WHERE error_code IS NOT NULL;

CREATE INDEX feed_followed   ON feed (id) WHERE unfollowed_at IS NULL;
CREATE INDEX feed_by_success ON feed (succeeded_at) WHERE unfollowed_at IS NULL;
CREATE INDEX feed_failing    ON feed (failing_since) WHERE unfollowed_at IS NULL AND failing_since IS NOT NULL;
CREATE INDEX feed_refreshing ON feed (refresh_asked_at) WHERE refresh_asked_at IS NOT NULL;

CREATE TRIGGER feed_failing_after_look AFTER UPDATE OF error_code ON feed
WHEN (NEW.error_code IS NULL) <> (OLD.error_code IS NULL) BEGIN
    UPDATE feed SET failing_since = iif(NEW.error_code IS NULL, NULL, NEW.looked_at) WHERE id = NEW.id;
END;
