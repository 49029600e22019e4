-- Articles of several sources about one event. An article is in one story at most; a story of one article is not stored.
CREATE TABLE story (
    id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;

CREATE TABLE story_article (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    story_id   INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    -- The article whose text this one repeats, in the same story.
    copy_of    INTEGER REFERENCES article (id) ON DELETE SET NULL,
    -- What it shares with the others, the most telling first: a JSON array of words.
    words      TEXT    NOT NULL DEFAULT '[]'
) STRICT;

CREATE INDEX story_article_by_story ON story_article (story_id, article_id);
CREATE INDEX story_article_by_copy  ON story_article (copy_of) WHERE copy_of IS NOT NULL;

-- What the reader decided of two articles, the smaller id first.
CREATE TABLE story_decision (
    article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    other_id    INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    is_together INTEGER NOT NULL CHECK (is_together IN (0, 1)),
    PRIMARY KEY (article_id, other_id),
    CHECK (article_id < other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX story_decision_by_other ON story_decision (other_id);

-- Articles that are to be put into stories, or out of them: a job takes the newest first. The version tells whether one was
-- changed again meanwhile.
CREATE TABLE story_queue (
    article_id INTEGER PRIMARY KEY,
    sorted_at  INTEGER NOT NULL,
    version    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX story_queue_by_date ON story_queue (sorted_at, article_id);
INSERT INTO story_queue (article_id, sorted_at) SELECT id, sorted_at FROM article WHERE deleted_at IS NULL;

-- The articles around a time are read again when the program starts.
CREATE INDEX article_by_date ON article (sorted_at, id) WHERE deleted_at IS NULL;

-- Whether what is in a story with an article that the reader marks read is read with it.
CREATE TABLE story_choice (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    reads_members INTEGER NOT NULL CHECK (reads_members IN (0, 1))
) STRICT;

CREATE TRIGGER story_after_article_insert AFTER INSERT ON article BEGIN
    INSERT INTO story_queue (article_id, sorted_at) VALUES (NEW.id, NEW.sorted_at)
        ON CONFLICT DO UPDATE SET version = version + 1, sorted_at = excluded.sorted_at;
END;
CREATE TRIGGER story_after_article_update AFTER UPDATE OF title, language, sorted_at, deleted_at ON article
WHEN OLD.title <> NEW.title OR OLD.language IS NOT NEW.language OR OLD.sorted_at <> NEW.sorted_at
     OR (OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) BEGIN
    INSERT INTO story_queue (article_id, sorted_at) VALUES (NEW.id, NEW.sorted_at)
        ON CONFLICT DO UPDATE SET version = version + 1, sorted_at = excluded.sorted_at;
END;
CREATE TRIGGER story_after_text_update AFTER UPDATE OF text ON article_content WHEN OLD.text <> NEW.text BEGIN
    INSERT INTO story_queue (article_id, sorted_at) SELECT id, sorted_at FROM article WHERE id = NEW.article_id
        ON CONFLICT DO UPDATE SET version = version + 1, sorted_at = excluded.sorted_at;
END;
CREATE TRIGGER story_after_article_delete AFTER DELETE ON article BEGIN
    INSERT INTO story_queue (article_id, sorted_at) VALUES (OLD.id, OLD.sorted_at)
        ON CONFLICT DO UPDATE SET version = version + 1;
END;
-- An article in the trash is in no story; the others are looked at again, since it may have been what joined them.
CREATE TRIGGER story_after_trash AFTER UPDATE OF deleted_at ON article
WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN
    DELETE FROM story_article WHERE article_id = NEW.id;
END;
CREATE TRIGGER story_after_member_delete AFTER DELETE ON story_article BEGIN
    INSERT INTO story_queue (article_id, sorted_at)
        SELECT a.id, a.sorted_at FROM story_article m CROSS JOIN article a ON a.id = m.article_id WHERE m.story_id = OLD.story_id
        ON CONFLICT DO UPDATE SET version = version + 1;
    DELETE FROM story WHERE id = OLD.story_id AND (SELECT count(*) FROM story_article WHERE story_id = OLD.story_id) < 2;
END;
CREATE TRIGGER story_after_decision AFTER INSERT ON story_decision BEGIN
    INSERT INTO story_queue (article_id, sorted_at) SELECT id, sorted_at FROM article WHERE id IN (NEW.article_id, NEW.other_id)
        ON CONFLICT DO UPDATE SET version = version + 1;
END;
CREATE TRIGGER story_after_decision_update AFTER UPDATE ON story_decision BEGIN
    INSERT INTO story_queue (article_id, sorted_at) SELECT id, sorted_at FROM article WHERE id IN (NEW.article_id, NEW.other_id)
        ON CONFLICT DO UPDATE SET version = version + 1;
END;
CREATE TRIGGER story_after_decision_delete AFTER DELETE ON story_decision BEGIN
    INSERT INTO story_queue (article_id, sorted_at) SELECT id, sorted_at FROM article WHERE id IN (OLD.article_id, OLD.other_id)
        ON CONFLICT DO UPDATE SET version = version + 1;
END;
