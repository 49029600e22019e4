-- What the reader changes of topics: names are in `name`, the order in `position`, pinned ones first.

ALTER TABLE topic ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0 CHECK (is_pinned IN (0, 1));
-- Not in menus, on the front page or among the filters. Its articles are found as ever.
ALTER TABLE topic ADD COLUMN is_hidden INTEGER NOT NULL DEFAULT 0 CHECK (is_hidden IN (0, 1));
-- Where its articles go instead, old and new. It keeps its name, so that this can be undone.
ALTER TABLE topic ADD COLUMN merged_into TEXT REFERENCES topic (slug);
-- 'world', 'local' or 'opinion': takes articles whose publisher's section or URL says so.
ALTER TABLE topic ADD COLUMN section TEXT;
CREATE UNIQUE INDEX topic_by_section ON topic (section) WHERE section IS NOT NULL;
CREATE INDEX topic_by_merge ON topic (merged_into) WHERE merged_into IS NOT NULL;

-- JSON: whether the publisher's section or URL says World, Local or Opinion, and by which word. NULL: neither does, or they
-- say something more particular.
ALTER TABLE article ADD COLUMN section_choice TEXT;

-- Articles that came for a topic that was merged, by the topic that has them instead.
CREATE INDEX article_meant_for ON article (topic, topic_choice ->> 'meant_for') WHERE topic_choice ->> 'meant_for' IS NOT NULL;

-- How much arrived in a topic in a week.
CREATE INDEX article_arrived_in_topic ON article (topic, received_at) WHERE deleted_at IS NULL;
