-- Editions: the newspaper of a day, as it was when the day ended. The current one is composed anew for each view.

CREATE TABLE edition (
    day       TEXT    PRIMARY KEY,          -- YYYY-MM-DD in the time zone of the computer
    closed_at INTEGER NOT NULL,
    articles  INTEGER NOT NULL,             -- articles in it; 0 for a day on which nothing arrived
    left_out  INTEGER NOT NULL              -- articles and stories of that day for which there was no room
) STRICT, WITHOUT ROWID;

-- Purged articles leave a shorter edition.
CREATE TABLE edition_article (
    day          TEXT    NOT NULL REFERENCES edition (day) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    article_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    place        TEXT    NOT NULL CHECK (place IN ('lead', 'top', 'section', 'brief')),
    -- The topic of its section, as it was called that day.
    section      TEXT,
    section_name TEXT,
    PRIMARY KEY (day, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX edition_article_by_article ON edition_article (article_id);

-- What was read today stays in today's edition.
CREATE INDEX article_by_reading ON article (read_at, id) WHERE read_at > 0;
