-- The token by which e-readers open a person's catalogue of editions (OPDS), and nothing else.

CREATE TABLE catalogue_token (
    person_id  INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    token_hash TEXT    NOT NULL UNIQUE,      -- SHA-256: a stolen copy of this file opens nothing
    created_at INTEGER NOT NULL
) STRICT;
