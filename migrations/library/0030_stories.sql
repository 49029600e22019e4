-- Articles of several sources about one event. An article is in one story at most; a story of one article is not stored.
CREATE TABLE story (
    id INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;

CREATE TABLE story_article (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    story_id   INTEGER NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    -- The article whose text this one repeats, in the same story.
    copy_of    INTEGER REFERENCES article (id) ON DELETE SET NULL
) STRICT;

CREATE INDEX story_article_by_story ON story_article (story_id, article_id);
CREATE INDEX story_article_by_copy  ON story_article (copy_of) WHERE copy_of IS NOT NULL;
