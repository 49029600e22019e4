-- People, their sessions, and which library each may open.

CREATE TABLE person (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT    NOT NULL,          -- argon2id, PHC string
    library_id    INTEGER NOT NULL,          -- names a folder: libraries/{library_id}
    created_at    INTEGER NOT NULL           -- Unix seconds, as every time in these schemas
) STRICT;

-- A stolen copy of this file opens no session: only the SHA-256 of a token is kept.
CREATE TABLE session (
    token_hash TEXT    PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    agent      TEXT    NOT NULL DEFAULT ''   -- what the browser called itself, shown on the settings page
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expiry ON session (expires_at);
