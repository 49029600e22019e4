-- A page that a reader pasted is what they saw, and the site may not send it again: it is kept until its import is done,
-- whatever is fetched meanwhile.

ALTER TABLE import ADD COLUMN pasted_id INTEGER;    -- in pages.db, as snapshot_id; NULL: nothing was pasted

UPDATE import SET pasted_id = snapshot_id WHERE address IS NULL;

CREATE INDEX import_pasted ON import (pasted_id) WHERE pasted_id IS NOT NULL;
