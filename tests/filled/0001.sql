-- A store of revision 0001 as a worker leaves it: two artists, a page with a removal and news, a namesake, a decided case.
INSERT INTO artist (id, key, name, name_key, mbid, weight, watched, added_at, changed_at) VALUES
    (1, 'ovels', 'Ovels', 'ovels', NULL, 1, true, '2026-01-01 12:00:00.000000', '2026-01-01 12:00:00.000000'),
    (2, '5b11f4ce-a62d-471e-81fc-a69a8278c7da', 'Ada Quill', 'ada quill', '5b11f4ce-a62d-471e-81fc-a69a8278c7da', 2, false, '2026-01-01 12:00:00.000000', '2026-01-02 12:00:00.000000');
INSERT INTO artist_alias (id, artist_id, name, name_key, source, added_at) VALUES
    (1, 2, 'Quill', 'quill', 'roster', '2026-01-01 12:00:00.000000');
INSERT INTO claim (id, artist_id, subject, value, value_key, stance, authority, made_at, superseded_at) VALUES
    (1, 1, 'label', 'Parse Room', 'parse room', 'ours', 'roster', '2026-01-01 12:00:00.000000', NULL),
    (2, 1, 'isrc_prefix', 'QZ-ABC', 'QZABC', 'ours', 'roster', '2026-01-01 12:00:00.000000', '2026-01-03 12:00:00.000000');
INSERT INTO profile (id, platform, platform_id, name, name_key, url, followers, release_count, genres, first_seen_at, last_seen_at) VALUES
    (1, 'deezer', 'p1', 'Ovels', 'ovels', 'https://www.deezer.com/artist/p1', 12, 2, '["pop"]', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 'deezer', 'p2', 'Óvels', 'ovels', NULL, NULL, NULL, NULL, '2026-01-01 12:00:00.000000', '2026-01-01 12:00:00.000000'),
    (3, 'musicbrainz', '5b11f4ce-a62d-471e-81fc-a69a8278c7da', 'Ada Quill', 'ada quill', NULL, NULL, NULL, NULL, '2026-01-01 12:00:00.000000', '2026-01-01 12:00:00.000000');
INSERT INTO profile_link (id, profile_id, url, type_id, ended, first_seen_at, last_seen_at) VALUES
    (1, 3, 'https://www.deezer.com/artist/p1', 'streaming', false, '2026-01-01 12:00:00.000000', '2026-01-01 12:00:00.000000');
INSERT INTO standing (profile_id, artist_id, standing, authority, reason, decided_at) VALUES
    (1, 1, 'official', 'roster', '', '2026-01-01 12:00:00.000000'),
    (2, 1, 'suspected', 'crawler', 'same name', '2026-01-02 12:00:00.000000');
INSERT INTO release (id, platform, platform_id, title, title_key, kind, date_raw, date_precision, date, upc_raw, gtin14, track_count, explicit, genres, first_seen_at, last_seen_at) VALUES
    (1, 'deezer', 'r1', 'First Light', 'first light', 'album', '2019-05', 'month', '2019-05-01', '4006381333931', '04006381333931', 2, false, '["pop"]', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 'deezer', 'r2', 'Gone Again', 'gone again', 'single', '2020', 'year', '2020-01-01', NULL, NULL, 1, NULL, NULL, '2026-01-01 12:00:00.000000', '2026-01-02 12:00:00.000000'),
    (3, 'deezer', 'r3', 'Not Hers', 'not hers', 'single', '2009-01-01', 'day', '2009-01-01', NULL, NULL, 1, true, NULL, '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO release_line (id, release_id, kind, text, text_key, first_seen_at, last_seen_at) VALUES
    (1, 1, 'label', 'Parse Room', 'parse room', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 3, 'p', '℗ 2026 Spam Distribution', 'spam distribution', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO track (id, release_id, platform, platform_id, title, title_key, disc, position, duration_ms, isrc_raw, isrc, explicit, first_seen_at, last_seen_at) VALUES
    (1, 1, 'deezer', 't1', 'One', 'one', 1, 1, 181000, 'QZ-ABC-19-00001', 'QZABC1900001', false, '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 1, 'deezer', 't2', 'Two', 'two', 1, 2, 182000, NULL, NULL, NULL, '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (3, 3, 'deezer', 't3', 'Not Hers', 'not hers', 1, 1, 61000, 'TC-XYZ-26-00001', 'TCXYZ2600001', true, '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO credit (id, release_id, track_id, profile_id, who, role, position, name, first_seen_at, last_seen_at) VALUES
    (1, 1, NULL, 1, 'p1', 'main', 1, 'Ovels', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 1, 1, NULL, 'name:a stranger', 'featured', 2, 'A Stranger', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (3, 3, NULL, 1, 'p1', 'main', 1, 'Ovels', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO market (id, release_id, country, first_seen_at, last_seen_at, gone_at) VALUES
    (1, 1, 'US', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000', NULL),
    (2, 1, 'DE', '2026-01-01 12:00:00.000000', '2026-01-02 12:00:00.000000', '2026-01-03 12:00:00.000000'),
    (3, 3, 'US', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000', NULL);
INSERT INTO ai_disclosure (id, release_id, track_id, field, value, first_seen_at, last_seen_at) VALUES
    (1, 3, NULL, 'tag', 'yes', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (2, 1, 2, 'tag', 'partial', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO listing (id, profile_id, release_id, section, market, first_seen_at, last_seen_at, new, misses, missing_since, removed_at) VALUES
    (1, 1, 1, '', '', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000', false, 0, NULL, NULL),
    (2, 1, 2, '', '', '2026-01-01 12:00:00.000000', '2026-01-02 12:00:00.000000', false, 2, '2026-01-03 12:00:00.000000', '2026-01-04 12:00:00.000000'),
    (3, 1, 3, '', '', '2026-01-02 12:00:00.000000', '2026-01-04 12:00:00.000000', true, 0, NULL, NULL);
INSERT INTO target (id, platform, ask, subject, section, market, priority, due_at, rank_at, lease_owner, lease_until, failures, added_at, last_look_at, last_outcome, last_complete_at, baseline_at, resume, walk_started_at) VALUES
    (1, 'deezer', 'releases', 'p1', '', '', 1, '2026-01-05 12:00:00.000000', '2026-01-05 18:00:00.000000', 'host:1:dead', '2026-01-04 12:15:00.000000', 0, '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000', 'complete', '2026-01-04 12:00:00.000000', '2026-01-01 12:00:00.000000', NULL, NULL),
    (2, 'deezer', 'search', 'Ovels', '', '', 4, '2026-01-05 12:00:00.000000', '2026-01-06 12:00:00.000000', NULL, NULL, 2, '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000', 'throttled', NULL, NULL, '25', '2026-01-04 11:00:00.000000'),
    (3, 'deezer', 'release', 'r3', '', '', 2, NULL, NULL, NULL, NULL, 0, '2026-01-02 12:00:00.000000', '2026-01-02 13:00:00.000000', 'complete', '2026-01-02 13:00:00.000000', '2026-01-02 13:00:00.000000', NULL, NULL);
INSERT INTO watch (target_id, artist_id) VALUES (1, 1), (2, 1), (3, 1);
INSERT INTO budget (id, platform, bucket, holder, next_at, paused_until, pause_reason, hours) VALUES
    (1, 'deezer', '', 'here', 1767225600.5, 0, '', '{"490896": 3}');
INSERT INTO look (id, target_id, started_at, ended_at, outcome, pages, expected, received, stop_reason, cost, blind, worker) VALUES
    (1, 1, '2026-01-01 11:59:00.000000', '2026-01-01 12:00:00.000000', 'complete', 1, 2, 2, 'end of list', 1, '', 'host:1:dead'),
    (2, 1, '2026-01-02 11:59:00.000000', '2026-01-02 12:00:00.000000', 'complete', 1, 3, 3, 'end of list', 1, 'isrc,upc', 'host:1:dead'),
    (3, 2, '2026-01-04 11:59:00.000000', '2026-01-04 12:00:00.000000', 'throttled', 0, NULL, 0, 'told to slow down', 1, '', 'host:1:dead'),
    (4, 1, '2026-01-04 11:59:00.000000', '2026-01-04 12:00:00.000000', 'complete', 1, 2, 2, 'end of list', 1, '', 'host:1:dead'),
    (5, 3, '2026-01-02 12:59:00.000000', '2026-01-02 13:00:00.000000', 'complete', 1, NULL, 1, 'end of list', 1, '', 'host:1:dead');
INSERT INTO payload (hash, platform, body, size, content_type, first_seen_at, last_seen_at) VALUES
    ('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'deezer', HEX'78da8bae0500011f0095', 2, 'application/json', '2026-01-01 12:00:00.000000', '2026-01-04 12:00:00.000000');
INSERT INTO look_payload (look_id, position, hash, url, status) VALUES
    (1, 0, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'https://api.deezer.com/artist/p1/albums', 200),
    (4, 0, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a', 'https://api.deezer.com/artist/p1/albums', 200);
INSERT INTO change (id, entity, entity_id, field, before, after, look_id, changed_at) VALUES
    (1, 'listing', 3, 'appeared', NULL, NULL, 2, '2026-01-02 12:00:00.000000'),
    (2, 'listing', 2, 'removed', NULL, NULL, 4, '2026-01-04 12:00:00.000000'),
    (3, 'profile', 1, 'followers', '10', '12', 4, '2026-01-04 12:00:00.000000');
INSERT INTO suspect_case (id, key, kind, artist_id, profile_id, release_id, role, status, score_low, score_high, rule_version, evidence, opened_at, changed_at) VALUES
    (1, 'new:1:3', 'new_on_official_profile', 1, 1, 3, 'main', 'decided', 0.4, 0.8, '1', '[]', '2026-01-02 12:00:00.000000', '2026-01-03 12:00:00.000000'),
    (2, 'same:1:2', 'same_name_other_profile', 1, 2, NULL, '', 'open', 0.1, 0.6, '1', '[]', '2026-01-02 12:00:00.000000', '2026-01-02 12:00:00.000000');
INSERT INTO verdict (id, case_id, decision, authority, note, decided_at) VALUES
    (1, 1, 'unsure', 'ana@label.example', '', '2026-01-02 14:00:00.000000'),
    (2, 1, 'impersonation', 'ana@label.example', 'not in our catalogue', '2026-01-03 12:00:00.000000');
INSERT INTO outbox (id, case_id, event, idempotency_key, document, written_at) VALUES
    (1, 1, 'opened', 'case-1-1', '{}', '2026-01-02 12:00:00.000000'),
    (2, 2, 'opened', 'case-2-1', '{}', '2026-01-02 12:00:00.000000'),
    (3, 1, 'decided', 'case-1-2', '{}', '2026-01-03 12:00:00.000000');
