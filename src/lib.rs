//! Broadsheet: a self-hosted news reader.
