-- People, their sessions, and the library each may open. Times are Unix seconds (UTC).

CREATE TABLE person (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE COLLATE NOCASE,
    password_hash TEXT    NOT NULL,          -- Argon2id, PHC string format
    library_id    INTEGER NOT NULL,          -- the folder libraries/{library_id}
    created_at    INTEGER NOT NULL
) STRICT;

-- Only the SHA-256 of a token is stored, so a stolen copy of this file opens no session.
CREATE TABLE session (
    token_hash TEXT    PRIMARY KEY,
    person_id  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    user_agent TEXT    NOT NULL DEFAULT ''   -- the browser's User-Agent header
) STRICT, WITHOUT ROWID;

CREATE INDEX session_by_person ON session (person_id);
CREATE INDEX session_by_expires_at ON session (expires_at);
