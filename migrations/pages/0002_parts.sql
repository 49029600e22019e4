-- Articles of several pages: the following ones hang on the first, and are swept away with it.

ALTER TABLE snapshot ADD COLUMN part_of INTEGER REFERENCES snapshot (id) ON DELETE CASCADE;
ALTER TABLE snapshot ADD COLUMN part INTEGER;   -- 2, 3, …

CREATE INDEX snapshot_parts ON snapshot (part_of, part) WHERE part_of IS NOT NULL;
