-- +goose Up

-- Where the e-mail digest goes. Each is a place of its own among channels, which
-- goes by the id alone.
CREATE TABLE addresses (
	id           TEXT    PRIMARY KEY,  -- the channel of its place
	platform     TEXT    NOT NULL,     -- whose it is
	space        TEXT    NOT NULL,
	person       TEXT    NOT NULL,
	address      TEXT    NOT NULL,
	confirmed    BOOLEAN NOT NULL,     -- by who reads mail there; before that nothing else is sent
	asked_at     BIGINT  NOT NULL,
	confirmed_at BIGINT  NOT NULL      -- 0: not yet
);
-- A person has one address, and perhaps another that is to take its place.
CREATE UNIQUE INDEX addresses_person ON addresses (platform, space, person, confirmed);
CREATE INDEX addresses_asked ON addresses (asked_at) WHERE NOT confirmed;

-- Secrets of the deployment, which all its processes share.
CREATE TABLE keys (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) WITHOUT ROWID;

-- What was asked for lately that may be asked for only so often. subject is a
-- keyed hash: it names nobody.
CREATE TABLE asked (
	subject TEXT   NOT NULL,
	at      BIGINT NOT NULL
);
CREATE INDEX asked_subject ON asked (subject, at);
CREATE INDEX asked_at ON asked (at);
