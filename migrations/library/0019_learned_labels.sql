-- Libraries of before learned a publisher's label under the topic that had the article: after a merge, or for a wide section,
-- another than it names. These articles are learned again.
INSERT INTO learning_queue (article_id)
    SELECT e.article_id
    FROM learned_example e JOIN learned_topic l ON l.id = e.topic_id JOIN article a ON a.id = e.article_id
    WHERE e.weight = 1
      AND iif(json_valid(a.topic_choice), a.topic_choice, '{}') ->> '$.reason.by' IN ('section', 'url', 'tags')
      AND l.slug IS NOT (iif(json_valid(a.topic_choice), a.topic_choice, '{}') ->> '$.topic')
    ON CONFLICT DO NOTHING;

-- The topic that an article came for, if that was merged. As an index alone, JSON that is damaged would have kept the article
-- from being changed.
ALTER TABLE article ADD COLUMN meant_for TEXT GENERATED ALWAYS AS
    (CASE WHEN json_valid(topic_choice) THEN topic_choice ->> '$.meant_for' END) VIRTUAL;
DROP INDEX article_meant_for;
CREATE INDEX article_meant_for ON article (topic, meant_for) WHERE meant_for IS NOT NULL;
