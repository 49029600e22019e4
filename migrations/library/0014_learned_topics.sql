-- What the library learns about its topics: from articles that publishers filed, and from those that the reader moved.

CREATE TABLE learned_topic (
    id          INTEGER PRIMARY KEY,
    slug        TEXT    NOT NULL UNIQUE,            -- 'unsorted': articles that teach no topic, but how common words are
    labels      INTEGER NOT NULL DEFAULT 0,         -- examples that nobody moved
    corrections INTEGER NOT NULL DEFAULT 0,         -- examples that the reader moved there
    words       INTEGER NOT NULL DEFAULT 0,         -- features of all its examples
    threshold   REAL                                -- a topic of the reader's own takes articles that are more like it
) STRICT;

-- How often a feature (the hash of a word) stands in the examples of a topic. A correction counts several times.
CREATE TABLE learned_word (
    feature  INTEGER NOT NULL,
    topic_id INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (feature, topic_id)
) STRICT, WITHOUT ROWID;

-- What each article has taught, so that it can be taken back exactly, after the article is gone too.
CREATE TABLE learned_example (
    article_id INTEGER PRIMARY KEY,
    topic_id   INTEGER NOT NULL REFERENCES learned_topic (id),
    weight     INTEGER NOT NULL,
    features   BLOB    NOT NULL                     -- four bytes each
) STRICT;
CREATE INDEX learned_example_by_topic ON learned_example (topic_id, article_id);

-- Articles whose topic has changed since they taught it. Triggers fill it, so that no change is forgotten; mostly it is
-- emptied within the same transaction, else by a job.
CREATE TABLE learning_queue (
    article_id INTEGER PRIMARY KEY
) STRICT;
INSERT INTO learning_queue (article_id) SELECT id FROM article;

CREATE TRIGGER learning_after_article_insert AFTER INSERT ON article BEGIN
    INSERT INTO learning_queue (article_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER learning_after_article_update AFTER UPDATE OF topic, topic_choice ON article
WHEN OLD.topic <> NEW.topic OR OLD.topic_choice <> NEW.topic_choice BEGIN
    INSERT INTO learning_queue (article_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER learning_after_article_delete AFTER DELETE ON article BEGIN
    INSERT INTO learning_queue (article_id) VALUES (OLD.id) ON CONFLICT DO NOTHING;
END;

-- The reader's rules: articles of a source are filed under a topic.
CREATE TABLE topic_rule (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    section   TEXT    NOT NULL,                     -- first folder of the URL: /sport/; '': all articles of the source
    topic     TEXT    NOT NULL REFERENCES topic (slug) ON DELETE CASCADE,
    PRIMARY KEY (source_id, section)
) STRICT, WITHOUT ROWID;
CREATE INDEX topic_rule_by_topic ON topic_rule (topic);

-- Why an article has its topic, in short, so that those filed for the same reason are a list: 'section Politics'.
ALTER TABLE article ADD COLUMN reason TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(topic_choice)
          THEN topic_choice ->> '$.reason.by'
               || coalesce(' ' || coalesce(topic_choice ->> '$.reason.word', topic_choice ->> '$.reason.source'), '')
     END) VIRTUAL;
CREATE INDEX article_by_reason ON article (topic, reason, sorted_at, id) WHERE deleted_at IS NULL;
