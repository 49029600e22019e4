-- What people are told about failed logins under their name, and the key that signs device cookies.

-- Since this person's last login, by browsers that nobody had logged in with before.
ALTER TABLE person ADD COLUMN failed_logins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN last_failed_login_at INTEGER;

-- Moved here from the person by the login, and shown until dismissed.
ALTER TABLE session ADD COLUMN failed_logins INTEGER NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN last_failed_login_at INTEGER;

-- Random keys that never leave this file.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
