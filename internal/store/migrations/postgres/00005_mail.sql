-- +goose Up

-- Where the e-mail digest goes. Each is a place of its own among channels, which
-- goes by the id alone.
CREATE TABLE addresses (
	id           TEXT COLLATE "C" PRIMARY KEY,  -- the channel of its place
	platform     TEXT COLLATE "C" NOT NULL,     -- whose it is
	space        TEXT COLLATE "C" NOT NULL,
	person       TEXT COLLATE "C" NOT NULL,
	address      TEXT COLLATE "C" NOT NULL,
	confirmed    BOOLEAN NOT NULL,     -- by who reads mail there; before that nothing else is sent
	asked_at     BIGINT  NOT NULL,
	confirmed_at BIGINT  NOT NULL      -- 0: not yet
);
-- A person has one address, and perhaps another that is to take its place.
CREATE UNIQUE INDEX addresses_person ON addresses (platform, space, person, confirmed);
CREATE INDEX addresses_asked ON addresses (asked_at) WHERE NOT confirmed;

-- Secrets of the deployment, which all its processes share.
CREATE TABLE keys (
	name  TEXT COLLATE "C" PRIMARY KEY,
	value TEXT COLLATE "C" NOT NULL
);

-- What was asked for lately that may be asked for only so often. subject is a
-- keyed hash: it names nobody.
CREATE TABLE asked (
	subject TEXT COLLATE "C" NOT NULL,
	at      BIGINT NOT NULL
);
CREATE INDEX asked_subject ON asked (subject, at);
CREATE INDEX asked_at ON asked (at);
