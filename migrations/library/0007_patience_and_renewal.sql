-- The host that an import is fetched from, so that one slow site does not hold up the others. NULL: nothing is fetched.
ALTER TABLE import ADD COLUMN host TEXT;
-- The site has not answered, or has asked to wait: when it is asked again, since when it is asked in vain, how often it was.
ALTER TABLE import ADD COLUMN next_attempt_at INTEGER;
ALTER TABLE import ADD COLUMN postponed_since INTEGER;
ALTER TABLE import ADD COLUMN postponements INTEGER NOT NULL DEFAULT 0;
-- The article that is fetched again, and what became of its text. worse: the old one stayed.
ALTER TABLE import ADD COLUMN renewed_article_id INTEGER REFERENCES article (id) ON DELETE SET NULL;
ALTER TABLE import ADD COLUMN has_restored INTEGER NOT NULL DEFAULT 0 CHECK (has_restored IN (0, 1));  -- 1: out of the trash
ALTER TABLE import ADD COLUMN renewal TEXT CHECK (renewal IN ('changed', 'unchanged', 'worse'));
-- 1: the page is taken from a web archive, since its site has it no more; and the day of the copy, once fetched (YYYY-MM-DD).
ALTER TABLE import ADD COLUMN is_from_archive INTEGER NOT NULL DEFAULT 0 CHECK (is_from_archive IN (0, 1));
ALTER TABLE import ADD COLUMN archived_on TEXT;

-- The day of the copy in a web archive that the text comes from (YYYY-MM-DD).
ALTER TABLE article ADD COLUMN archived_on TEXT;

-- The page of that version; NULL: the same as the article's.
ALTER TABLE article_previous_version ADD COLUMN snapshot_id INTEGER;
CREATE INDEX article_previous_version_by_snapshot ON article_previous_version (snapshot_id) WHERE snapshot_id IS NOT NULL;

-- Hosts that are not asked for anything for a while: they have said so, or do not answer.
CREATE TABLE host_pause (
    host  TEXT    PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX host_pause_by_until ON host_pause (until);
CREATE INDEX import_waiting ON import (id, host, next_attempt_at) WHERE state = 'waiting' AND waits_for_room = 0;
CREATE INDEX import_by_renewed_article ON import (renewed_article_id) WHERE renewed_article_id IS NOT NULL;
