-- Counts for lists that are narrowed by state, topic, source and tag, so that no page counts articles after a change. Each
-- article counts in every combination of its topic or any, and its source, one of its tags, or any.

-- What the reader did with the article. NULL: it is in the trash.
ALTER TABLE article ADD COLUMN marks INTEGER GENERATED ALWAYS AS
    (CASE WHEN deleted_at IS NULL
          THEN (read_at IS NOT NULL) + 2 * (starred_at IS NOT NULL) + 4 * (archived_at IS NOT NULL) END) VIRTUAL;

CREATE TABLE facet_count (
    tag_id    INTEGER NOT NULL,             -- 0: any, or none
    source_id INTEGER NOT NULL,             -- 0: any. With a tag always, since there would be too many pairs
    topic     TEXT    NOT NULL,             -- '': any
    marks     INTEGER NOT NULL,             -- as in article
    articles  INTEGER NOT NULL,
    PRIMARY KEY (tag_id, source_id, topic, marks)
) STRICT, WITHOUT ROWID;

INSERT INTO facet_count (tag_id, source_id, topic, marks, articles)
    SELECT 0, 0, '', marks, count(*) FROM article WHERE marks IS NOT NULL GROUP BY marks
    UNION ALL SELECT 0, 0, topic, marks, count(*) FROM article WHERE marks IS NOT NULL GROUP BY topic, marks
    UNION ALL SELECT 0, source_id, '', marks, count(*) FROM article WHERE marks IS NOT NULL GROUP BY source_id, marks
    UNION ALL SELECT 0, source_id, topic, marks, count(*) FROM article WHERE marks IS NOT NULL
        GROUP BY source_id, topic, marks
    UNION ALL SELECT t.tag_id, 0, '', a.marks, count(*) FROM article_tag t JOIN article a ON a.id = t.article_id
        WHERE a.marks IS NOT NULL GROUP BY t.tag_id, a.marks
    UNION ALL SELECT t.tag_id, 0, a.topic, a.marks, count(*) FROM article_tag t JOIN article a ON a.id = t.article_id
        WHERE a.marks IS NOT NULL GROUP BY t.tag_id, a.topic, a.marks;

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
AFTER UPDATE OF topic, source_id, read_at, starred_at, archived_at, deleted_at ON article
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

-- The few starred articles of a topic or source are not looked for among all starred ones.
CREATE INDEX article_starred_in_topic  ON article (topic, sorted_at, id) WHERE starred_at IS NOT NULL;
CREATE INDEX article_starred_in_source ON article (source_id, sorted_at, id) WHERE starred_at IS NOT NULL;

-- With all that a source's list is filtered by, so that the others are passed over within the index.
DROP INDEX article_newest_in_source;
CREATE INDEX article_newest_in_source ON article (state, source_id, sorted_at, id, topic, read_at, starred_at);
