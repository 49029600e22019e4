-- What feeds say of the network.

ALTER TABLE feed ADD COLUMN answered_at INTEGER;        -- when its site last answered, with a feed or an error
ALTER TABLE feed ADD COLUMN unreachable_since INTEGER;  -- the first of the looks in a row whose site could not be reached

UPDATE feed SET answered_at = iif(error_code IS NULL OR error_code IN
    ('timeout', 'network', 'no-host', 'blocked-url', 'invalid-url', 'no-room', 'internal'), succeeded_at, looked_at);
UPDATE feed SET unreachable_since = failing_since WHERE error_code IN ('timeout', 'network', 'no-host');

DROP INDEX feed_by_success;
DROP INDEX feed_failing;
CREATE INDEX feed_by_answer   ON feed (answered_at);
CREATE INDEX feed_unreachable ON feed (unreachable_since) WHERE unfollowed_at IS NULL AND unreachable_since IS NOT NULL;
