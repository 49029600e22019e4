//! Sample rows for every table, as of each migration.

/// Rows for every table of a schema, as of this migration.
pub struct Sample {
    pub schema: &'static str,
    pub version: i64,
    pub rows: String,
}

/// What each migration of the library adds.
const LIBRARY: &[(i64, &str)] = &[
    (1, LIBRARY_1),
    (2, LIBRARY_2),
    (3, LIBRARY_3),
    (4, LIBRARY_4),
    (5, LIBRARY_5),
    (6, LIBRARY_6),
    (7, LIBRARY_7),
    (8, LIBRARY_8),
    (9, LIBRARY_9),
    (10, LIBRARY_10),
    (11, LIBRARY_11),
    (12, LIBRARY_12),
    (13, LIBRARY_13),
    (14, LIBRARY_14),
    (15, LIBRARY_15),
    (16, LIBRARY_16),
    (17, LIBRARY_17),
    (18, LIBRARY_18),
    (19, LIBRARY_19),
    (20, LIBRARY_20),
    (21, LIBRARY_21),
    (22, LIBRARY_22),
    (23, LIBRARY_23),
    (24, LIBRARY_24),
    (25, LIBRARY_25),
    (26, LIBRARY_26),
    (27, LIBRARY_27),
    (28, LIBRARY_28),
    (29, LIBRARY_29),
    (30, LIBRARY_30),
    (31, LIBRARY_31),
    (33, LIBRARY_33),
];

/// Returns the samples of all schemas.
pub fn samples() -> Vec<Sample> {
    let mut samples = vec![
        Sample { schema: "accounts", version: 1, rows: ACCOUNTS_1.into() },
        Sample { schema: "accounts", version: 2, rows: [ACCOUNTS_1, ACCOUNTS_2].concat() },
    ];
    let accounts = [ACCOUNTS_1, ACCOUNTS_2, ACCOUNTS_3].concat();
    samples.push(Sample { schema: "accounts", version: 3, rows: accounts });
    let mut rows = String::new();
    for (version, added) in LIBRARY {
        rows.push_str(&added.replace("$VERSION", &compress(VERSION_1)));
        samples.push(Sample { schema: "library", version: *version, rows: rows.clone() });
    }
    let rows = SNAPSHOTS_1.replace("$PAGE", &compress("<p>It was late."));
    samples.push(Sample { schema: "snapshots", version: 1, rows });
    samples
}

const ACCOUNTS_3: &str = "
    INSERT INTO catalogue_token (person_id, token_hash, created_at) VALUES (1, 'aa', 1700000004);";

const ACCOUNTS_1: &str = "
    INSERT INTO person (id, name, password_hash, library_id, created_at) VALUES (1, 'Ada', '-', 1, 1700000000);
    INSERT INTO session (token_hash, person_id, created_at, expires_at, user_agent)
        VALUES ('00', 1, 1700000000, 1800000000, 'Browser/1.0');";

const ACCOUNTS_2: &str = "
    UPDATE person SET failed_logins = 3, last_failed_login_at = 1700000005;
    UPDATE session SET failed_logins = 2, last_failed_login_at = 1700000004;
    INSERT INTO secret (name, value) VALUES ('device cookies', zeroblob(32));";

const LIBRARY_1: &str = "
    INSERT INTO source (id, domain, name) VALUES (1, 'harbour.example', 'The Harbour Post');
    INSERT INTO topic (slug, name, position, is_custom) VALUES ('ferries', 'Ferries', 100, 1);
    INSERT INTO article (id, url, canonical_url_key, source_id, topic, topic_choice, title, byline, excerpt, language,
                         is_right_to_left, published_at, published_date, received_at, sorted_at, word_count, lead_image_url,
                         lead_image_alt, lead_image_hash, verdict, is_notice_dismissed, next_page_url, next_page_error, channel,
                         snapshot_id, starred_at)
        VALUES (7, 'https://harbour.example/7', 'harbour.example/seven', 1, 'ferries', '{}', 'The late ferry', 'Bo Ek',
                'It was late.', 'en', 0, 1700000000, '2023-11-14', 1700000001, 1700000000, 3, 'https://harbour.example/7.png',
                'A ferry', 'ab', 'video', 1, 'https://harbour.example/7?page=2', 'It does not answer.', 'feed', 1, 1700000002);
    INSERT INTO article_content (article_id, html, text, removed_blocks)
        VALUES (7, '<p>It was late.</p>', 'It was late.', '[]');
    INSERT INTO article_previous_version (article_id, content, replaced_at, is_rejected)
        VALUES (7, x'$VERSION', 1700000003, 0);
    INSERT INTO article_url (url_key, article_id) VALUES ('harbour.example/7', 7);
    INSERT INTO article_search (rowid, title, text) VALUES (7, 'the late ferry', 'it was late');
    INSERT INTO tag (id, slug, name) VALUES (1, 'sea', 'Sea');
    INSERT INTO article_tag (tag_id, sorted_at, article_id) VALUES (1, 1700000000, 7);
    INSERT INTO image (hash, media_type, size, width, height) VALUES ('ab', 'image/png', 17, 4, 3);
    INSERT INTO article_image (article_id, url, position, image_hash) VALUES (7, 'https://harbour.example/7.png', 0, 'ab');
    INSERT INTO article_image (article_id, url, position, error_message, attempts, next_attempt_at)
        VALUES (7, 'https://harbour.example/8.png', 1, 'It does not answer.', 1, 1700000009);
    INSERT INTO import (id, url, url_key, state, article_id, outcome, accepted_at, updated_at)
        VALUES (1, 'https://harbour.example/7', 'harbour.example/7', 'done', 7, 'restored', 1, 2);
    INSERT INTO import (id, file_name, snapshot_id, pasted_snapshot_id, state, error_message, error_code, attempts,
                        accepted_at, updated_at)
        VALUES (2, 'ferry.html', 2, 2, 'failed', 'There is no text.', 'empty', 3, 1, 2);
    INSERT INTO rule (id, source_id, article_id, selector, removal_reason, articles_changed, articles_tried, created_at)
        VALUES (3, 1, NULL, '.promo', 'promotion', 2, 10, 1700000000), (5, 1, 7, '.note', NULL, 1, 1, 1700000000);
    DELETE FROM rule WHERE id = 5;
    INSERT INTO rule_job (source_id, before_article_id, generation) VALUES (1, 7, 2);";

/// What version 2 adds to the rows of version 1.
const LIBRARY_2: &str = "UPDATE import SET unfinished_reads = 1 WHERE id = 2;";

/// What version 3 adds.
const LIBRARY_3: &str = "
    INSERT INTO clock (id, seen_at, jumped_at) VALUES (1, 1800000000, 1900000000);";

/// What version 4 adds.
const LIBRARY_4: &str = "UPDATE article SET claimed_url = 'https://harbour.example/claimed' WHERE id = 7;";

/// What version 5 adds.
const LIBRARY_5: &str = "
    INSERT INTO import (id, url, url_key, state, accepted_at, updated_at, waits_for_room)
        VALUES (3, 'https://harbour.example/9', 'harbour.example/9', 'waiting', 1, 2, 1);";

const LIBRARY_6: &str = "
    UPDATE article SET saved_at = 1600000000 WHERE id = 7;
    UPDATE import SET stored_snapshot_id = 2 WHERE id = 3;
    INSERT INTO export_file (id, name, service, found, state, created_at) VALUES (1, 'p.csv', 'Pocket', '{}', 'done', 1);
    INSERT INTO exported_link (id, export_id, place, url, title, tags, saved_at, is_archived, is_starred, is_read, highlights,
                               snapshot_id, outcome, problem, import_id, article_id)
        VALUES (1, 1, 'line 2', 'https://harbour.example/7', 'Late', '[\"sea\"]', 1600000000, 1, 0, 1, '[]', NULL, 'new', NULL, 1, 7),
               (2, 1, 'line 3', NULL, 'Bad', '[]', NULL, 0, 1, 0, '[]', 2, 'rejected', 'It has no link.', NULL, NULL);
    INSERT INTO highlight (id, article_id, quote, note, created_at) VALUES (1, 7, 'late', 'again', 1600000000);";

const LIBRARY_7: &str = "
    UPDATE import SET host = 'harbour.example', next_attempt_at = 1700000020, postponed_since = 1700000010, postponements = 1,
                      error_message = 'The site has a problem.' WHERE id = 3;
    UPDATE import SET renewed_article_id = 7, has_restored = 1, renewal = 'worse', is_from_archive = 1,
                      archived_on = '2023-11-20' WHERE id = 1;
    UPDATE article SET archived_on = '2023-11-20' WHERE id = 7;
    UPDATE article_previous_version SET snapshot_id = 1 WHERE article_id = 7;
    INSERT INTO host_pause (host, until) VALUES ('harbour.example', 1700000030);";

const LIBRARY_8: &str = "
    INSERT INTO operation (id, kind, value, place, articles, created_at, expires_at)
        VALUES (1, 'topic', '\"ferries\"', 'Sport', 1, 1700000000, 1800000000);
    INSERT INTO operation_batch (id, operation_id, article_ids) VALUES (1, 1, '[7]');
    INSERT INTO operation_change (operation_id, article_id, field, before, after)
        VALUES (1, 7, 'starred', NULL, '1700000002');
    INSERT INTO list_sort (list, sort) VALUES ('topic=ferries', 'oldest');";

const LIBRARY_9: &str = "
    INSERT INTO search_index_job (id, before_article_id) VALUES (1, 8);";

const LIBRARY_10: &str = "
    INSERT INTO article_keywords (article_id, names) VALUES (7, '[\"Sea\"]');
    INSERT INTO keyword_source (source_id, after_article_id) VALUES (1, 3);";

const LIBRARY_11: &str = "
    INSERT INTO source (id, domain, name, merged_into) VALUES (2, 'old.example', 'Old Post', 1);
    UPDATE source SET homepage = 'https://harbour.example/news', is_renamed = 1 WHERE id = 1;
    INSERT INTO source_name (source_id, host, name, seen) VALUES (2, 'old.example', 'Old Post', 3);";

// Triggers have counted the sample article.
const LIBRARY_12: &str = "UPDATE article SET read_at = 1700000003 WHERE id = 7;";

const LIBRARY_13: &str = "
    INSERT INTO article_edit (article_id, detail, value, original) VALUES (7, 'title', 'The ferry', 'The late ferry');";

const LIBRARY_14: &str = "
    INSERT INTO learned_topic (id, slug, labels, corrections, words, threshold) VALUES (1, 'ferries', 0, 1, 2, 1.5);
    INSERT INTO learned_word (feature, topic_id, count) VALUES (5303697, 1, 4), (17, 1, 4);
    INSERT INTO learned_example (article_id, topic_id, weight, features) VALUES (7, 1, 4, x'D1ED500011000000');
    INSERT INTO topic_rule (source_id, section, topic) VALUES (1, '/sea/', 'ferries');";
const LIBRARY_15: &str = "
    UPDATE topic SET merged_into = 'society', name = 'Courts', is_hidden = 1 WHERE slug = 'crime';
    UPDATE topic SET is_pinned = 1, position = 3, section = 'world' WHERE slug = 'ferries';
    UPDATE article SET section_choice = '{\"section\":\"world\",\"reason\":{\"by\":\"section\",\"word\":\"World\"}}' WHERE id = 7;";

const LIBRARY_16: &str = "UPDATE article_previous_version SET archived_on = '2023-11-19' WHERE article_id = 7;";

const LIBRARY_17: &str = "
    UPDATE tag SET key = 'sea' WHERE id = 1;
    INSERT INTO tag_alias (slug, name, key, tag_id) VALUES ('ocean', 'Ocean', 'ocean', 1);
    INSERT INTO article_phrases (article_id, phrases) VALUES (7, '[[\"late-ferri\",\"late ferry\",false]]');
    INSERT OR IGNORE INTO phrase_job (id, before_article_id) VALUES (1, 8);
    INSERT INTO declined_tag (article_id, slug, name, key) VALUES (7, 'late', 'Late', 'late');
    INSERT INTO never_suggested (slug, name, key) VALUES ('night', 'Night', 'night');
    INSERT INTO distinct_tags (slug, other) VALUES ('sea', 'seas');";

const LIBRARY_18: &str = "UPDATE article_phrases SET language = 'en' WHERE article_id = 7;";

/// An article whose topic is damaged can be changed all the same.
const LIBRARY_19: &str = "UPDATE article SET topic_choice = substr(topic_choice, 2) WHERE id = 7;";

const LIBRARY_20: &str = "
INSERT INTO feed (id, url, title, named_by, followed_at, next_look_at) VALUES (1, 'https://a.example/feed', 'A', 'reader', 0, 0);
INSERT INTO folder (id, parent_id, name) VALUES (1, NULL, 'Papers');
INSERT INTO feed_folder (folder_id, feed_id) VALUES (1, 1);
INSERT INTO feed_item (id, feed_id, guid, sorted_at, arrived_at, listed_at, article_id) VALUES (1, 1, 'a-1', 0, 0, 0, 7);
";

const LIBRARY_21: &str = "
    UPDATE article SET kept_at = 1700000005 WHERE id = 7;
    INSERT INTO lane_choice (id, lanes) VALUES (1, 'stream');";

const LIBRARY_22: &str = "INSERT INTO export_file (id, name, service, found, state, created_at, is_interrupted)
    VALUES (2, 'half.csv', 'Pocket', '{}', 'receiving', 1700000000, 1);";

const LIBRARY_23: &str = "
INSERT INTO article_version (id, article_id, content, replaced_at) VALUES (1, 7, x'00', 1700000000);
INSERT INTO feed_host (host, asked_at, refused_at) VALUES ('a.example', 1700000000, 1700000000);
UPDATE feed SET moved_from = 'https://old.example/feed', moved_at = 1700000000 WHERE id = 1;
UPDATE feed_item SET gives_text = 1, is_skipped = 1 WHERE id = 1;
";

const LIBRARY_24: &str = "UPDATE feed SET refresh_asked_at = 1, planned_look_at = 9, unfollowed_by = 1 WHERE id = 1;";

const LIBRARY_25: &str = "UPDATE feed SET answered_at = 1700000000, unreachable_since = 1700000001 WHERE id = 1;";
const LIBRARY_26: &str = "
UPDATE export_file SET stored_at = 1700000006 WHERE id = 1;
INSERT INTO stale_key (kind, slug, article_id) VALUES ('declined', 'ferry', 7);
";

const LIBRARY_28: &str = "
UPDATE feed SET keep_kind = 'newest', keep_count = 200 WHERE id = 1;
UPDATE folder SET keep_kind = 'days', keep_count = 30 WHERE id = 1;
UPDATE article SET limited_at = 1700000006 WHERE id = 7;
";

const LIBRARY_27: &str = "UPDATE feed SET links = 'ul > li > a', declared_feed = 'https://a.example/rss', known_feed = 'https://a.example/old' WHERE id = 1;";

const LIBRARY_29: &str = "
UPDATE article SET seen_at = 1700000000, changed_at = 1700000001, text_from = 'feed', text_at = 1700000002,
    refetched_at = 1700000003 WHERE id = 7;
UPDATE feed_item SET teaser = 'The ferry' WHERE id = 1;
UPDATE article_version SET came_from = 'fetched', came_at = 1700000000, is_seen = 1 WHERE id = 1;
INSERT INTO item_recording (id, item_id, position, url, media_type, seconds, bytes)
    VALUES (1, 1, 0, 'https://a.example/7.mp3', 'audio/mpeg', 1800, 20000000);
";

const LIBRARY_30: &str = r#"
INSERT INTO article (id, source_id, topic, topic_choice, title, excerpt, is_right_to_left, received_at, sorted_at, word_count, verdict, channel)
    SELECT 30, source_id, topic, topic_choice, 'The ferry again', excerpt, 0, 1700000100, 1700000100, 3, verdict, 'saved' FROM article WHERE id = 7;
INSERT INTO article_content (article_id, html, text, removed_blocks) VALUES (30, '<p>Late again.</p>', 'Late again.', '[]');
INSERT INTO story (id) VALUES (1);
INSERT INTO story_article (article_id, story_id, copy_of, words) VALUES (7, 1, NULL, '["Ferry"]'), (30, 1, 7, '[]');
INSERT INTO story_decision (article_id, other_id, is_together) VALUES (7, 30, 1);
INSERT INTO story_choice (id, reads_members) VALUES (1, 1);
"#;

const LIBRARY_31: &str = "
INSERT INTO edition (day, closed_at, articles, left_out) VALUES ('2023-11-14', 1700006400, 1, 2);
INSERT INTO edition_article (day, position, article_id, place, section, section_name)
    VALUES ('2023-11-14', 0, 7, 'section', 'ferries', 'Ferries');
";

const LIBRARY_33: &str = "
UPDATE article SET left_by = 'limit' WHERE id = 7;
UPDATE feed_item SET left_by = 'unfollowing' WHERE id = 1;
INSERT INTO merged_feed (id, feed_id) VALUES (9, 1);
INSERT INTO visit (id, at) VALUES (1, 1700000000);
";

/// Content of a row of `article_previous_version`.
const VERSION_1: &str = r#"{"title": "The ferry", "byline": null, "excerpt": "It was late.", "language": "en",
    "is_right_to_left": false, "published_at": 1700000000, "published_date": "2023-11-14", "word_count": 3,
    "lead_image": ["https://harbour.example/7.png", "A ferry"], "html": "<p>It was late.</p>", "text": "It was late.",
    "removed_blocks": [], "image_urls": ["https://harbour.example/7.png"], "verdict": "article",
    "next_page": ["https://harbour.example/7?page=2", null]}"#;

const SNAPSHOTS_1: &str = "
    INSERT INTO snapshot (id, url, content_type, format, content, uncompressed_size, stored_at, first_snapshot_id, page_number)
        VALUES (1, 'https://harbour.example/7', 'text/html', 'html', x'$PAGE', 15, 1, NULL, NULL),
               (2, NULL, NULL, 'text', x'$PAGE', 15, 1, NULL, NULL),
               (3, 'https://harbour.example/7?page=2', 'text/html', 'html', x'$PAGE', 15, 1, 1, 2);";

fn compress(text: &str) -> String {
    zstd::encode_all(text.as_bytes(), 3).unwrap().iter().map(|byte| format!("{byte:02x}")).collect()
}
