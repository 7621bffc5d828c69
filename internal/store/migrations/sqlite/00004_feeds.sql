-- +goose Up

-- Secret addresses of feeds. The secret itself is kept nowhere: who reads the
-- database or a backup can't read the feeds of people with it.
CREATE TABLE feeds (
	id             TEXT   PRIMARY KEY,  -- short, and no secret: how people name it
	secret         TEXT   NOT NULL,  -- its SHA-256
	platform       TEXT   NOT NULL,  -- who made it; '' if that was erased
	space          TEXT   NOT NULL,
	person         TEXT   NOT NULL,
	team           TEXT   NOT NULL,  -- whose votes count
	what           TEXT   NOT NULL,
	query          TEXT   NOT NULL,
	place_platform TEXT   NOT NULL,  -- of 'channel': whose picks
	place_space    TEXT   NOT NULL,
	place_channel  TEXT   NOT NULL,
	made_at        BIGINT NOT NULL,
	expires_at     BIGINT NOT NULL   -- 0: never
) WITHOUT ROWID;
CREATE UNIQUE INDEX feeds_secret ON feeds (secret);
CREATE INDEX feeds_person ON feeds (platform, space, person);
CREATE INDEX feeds_place ON feeds (place_platform, place_space, place_channel);

-- Who had everything erased, as a fingerprint, and when: events from before that
-- arrive late must not bring anything back.
CREATE TABLE erased (
	who TEXT   PRIMARY KEY,
	at  BIGINT NOT NULL
) WITHOUT ROWID;
