-- Two lanes: kept is what the reader imported, starred or kept; stream is what arrived from feeds and was not kept. How an
-- article arrived (`channel`) never changes.

-- When an article from a feed was kept. NULL: it is in the stream, or it did not come from a feed.
ALTER TABLE article ADD COLUMN kept_at INTEGER;
-- Before there were feeds, all was kept.
UPDATE article SET kept_at = received_at WHERE channel = 'feed';

-- 0: kept, 1: stream
ALTER TABLE article ADD COLUMN lane INTEGER GENERATED ALWAYS AS (channel = 'feed' AND kept_at IS NULL) VIRTUAL;
-- Lane and state in one, so that a list of one lane is one range of an index: the state, and 3 more in the stream.
ALTER TABLE article ADD COLUMN shelf INTEGER GENERATED ALWAYS AS
    (CASE WHEN deleted_at IS NOT NULL THEN 2 WHEN archived_at IS NOT NULL THEN 1 ELSE 0 END
     + 3 * (channel = 'feed' AND kept_at IS NULL)) VIRTUAL;

-- The indexes of lists, in which the shelf takes the place of the state.
DROP INDEX article_newest;
DROP INDEX article_newest_in_topic;
DROP INDEX article_newest_in_source;
DROP INDEX article_unread;
DROP INDEX article_unread_in_topic;
DROP INDEX article_starred;
DROP INDEX article_starred_in_topic;
DROP INDEX article_starred_in_source;
DROP INDEX article_by_reason;
DROP INDEX article_by_length;
DROP INDEX article_shuffled;
DROP INDEX article_archived;
DROP INDEX article_starred_by_length;
DROP INDEX article_starred_shuffled;
CREATE INDEX article_newest            ON article (shelf, sorted_at, id);
CREATE INDEX article_newest_in_topic   ON article (shelf, topic, sorted_at, id);
CREATE INDEX article_newest_in_source  ON article (shelf, source_id, sorted_at, id, topic, read_at, starred_at);
CREATE INDEX article_unread            ON article (lane, sorted_at, id) WHERE is_unread = 1;
CREATE INDEX article_unread_in_topic   ON article (lane, topic, sorted_at, id) WHERE is_unread = 1;
CREATE INDEX article_starred           ON article (lane, sorted_at, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_starred_in_topic  ON article (lane, topic, sorted_at, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_starred_in_source ON article (lane, source_id, sorted_at, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_by_reason         ON article (lane, topic, reason, sorted_at, id) WHERE deleted_at IS NULL;
CREATE INDEX article_by_length         ON article (shelf, word_count, id, topic, source_id, sorted_at, read_at, starred_at);
CREATE INDEX article_shuffled          ON article (shelf, shuffle, id, topic, source_id, sorted_at, read_at, starred_at);
CREATE INDEX article_archived          ON article (shelf, archived_at, id, topic, source_id, sorted_at, read_at, starred_at)
    WHERE state = 1;
CREATE INDEX article_starred_by_length ON article (lane, word_count, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_starred_shuffled  ON article (lane, shuffle, id) WHERE starred_at IS NOT NULL;

-- What the reader added or kept last, however much the stream has brought since.
CREATE INDEX article_kept_lately ON article (coalesce(kept_at, received_at), id) WHERE shelf = 0;

-- Counts tell the lanes apart by a fourth mark.
DROP TRIGGER facet_count_after_article_insert;
DROP TRIGGER facet_count_after_article_delete;
DROP TRIGGER facet_count_after_article_update;
DROP TRIGGER facet_count_after_tag_insert;
DROP TRIGGER facet_count_after_tag_delete;
ALTER TABLE article DROP COLUMN marks;
-- What the reader did with the article: 1 for read, 2 for starred, 4 for archived, 8 for not kept. NULL: it is in the trash.
ALTER TABLE article ADD COLUMN marks INTEGER GENERATED ALWAYS AS
    (CASE WHEN deleted_at IS NULL
          THEN (read_at IS NOT NULL) + 2 * (starred_at IS NOT NULL) + 4 * (archived_at IS NOT NULL)
               + 8 * (channel = 'feed' AND kept_at IS NULL) END) VIRTUAL;

CREATE TRIGGER facet_count_after_article_insert AFTER INSERT ON article WHEN NEW.marks IS NOT NULL BEGIN
    INSERT INTO facet_count (tag_id, source_id, topic, marks, articles) VALUES
        (0, 0, '', NEW.marks, 1), (0, 0, NEW.topic, NEW.marks, 1),
        (0, NEW.source_id, '', NEW.marks, 1), (0, NEW.source_id, NEW.topic, NEW.marks, 1)
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE TRIGGER facet_count_after_article_delete AFTER DELETE ON article WHEN OLD.marks IS NOT NULL BEGIN
    UPDATE facet_count SET articles = articles - 1
        WHERE tag_id = 0 AND source_id IN (0, OLD.source_id) AND topic IN ('', OLD.topic) AND marks = OLD.marks;
END;

CREATE TRIGGER facet_count_after_article_update
AFTER UPDATE OF topic, source_id, read_at, starred_at, archived_at, deleted_at, channel, kept_at ON article
WHEN OLD.topic <> NEW.topic OR OLD.source_id <> NEW.source_id OR OLD.marks IS NOT NEW.marks BEGIN
    UPDATE facet_count SET articles = articles - 1
        WHERE tag_id = 0 AND source_id IN (0, OLD.source_id) AND topic IN ('', OLD.topic) AND marks = OLD.marks;
    UPDATE facet_count SET articles = articles - 1
        WHERE tag_id IN (SELECT tag_id FROM article_tag WHERE article_id = OLD.id)
          AND source_id = 0 AND topic IN ('', OLD.topic) AND marks = OLD.marks;
    INSERT INTO facet_count (tag_id, source_id, topic, marks, articles)
        SELECT 0, s.column1, t.column1, NEW.marks, 1
            FROM (VALUES (0), (NEW.source_id)) s CROSS JOIN (VALUES (''), (NEW.topic)) t WHERE NEW.marks IS NOT NULL
        UNION ALL SELECT g.tag_id, 0, t.column1, NEW.marks, 1
            FROM article_tag g CROSS JOIN (VALUES (''), (NEW.topic)) t WHERE g.article_id = NEW.id AND NEW.marks IS NOT NULL
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

CREATE TRIGGER facet_count_after_tag_insert AFTER INSERT ON article_tag BEGIN
    INSERT INTO facet_count (tag_id, source_id, topic, marks, articles)
        SELECT NEW.tag_id, 0, iif(t.column1, a.topic, ''), a.marks, 1
            FROM article a CROSS JOIN (VALUES (0), (1)) t WHERE a.id = NEW.article_id AND a.marks IS NOT NULL
    ON CONFLICT DO UPDATE SET articles = articles + 1;
END;

-- The tags of a purged article are deleted with it, and it was in the trash, where it did not count.
CREATE TRIGGER facet_count_after_tag_delete AFTER DELETE ON article_tag BEGIN
    UPDATE facet_count SET articles = articles - 1
        WHERE tag_id = OLD.tag_id AND source_id = 0
          AND topic IN ('', (SELECT topic FROM article WHERE id = OLD.article_id))
          AND marks = (SELECT marks FROM article WHERE id = OLD.article_id);
END;

-- Which lanes the reader wants to see: one choice for the library.
CREATE TABLE lane_choice (
    id    INTEGER PRIMARY KEY CHECK (id = 1),
    lanes TEXT NOT NULL CHECK (lanes IN ('kept', 'stream', 'both'))
) STRICT;
