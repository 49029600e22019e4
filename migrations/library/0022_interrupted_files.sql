-- The links of this file were not all stored: the program ended meanwhile, or something failed. It counts while the file is
-- being received.
ALTER TABLE export_file ADD COLUMN is_interrupted INTEGER NOT NULL DEFAULT 0 CHECK (is_interrupted IN (0, 1));
