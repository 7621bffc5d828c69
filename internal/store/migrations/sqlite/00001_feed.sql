-- +goose Up

-- Times are microseconds since 1970 UTC from the program's clock, days are
-- 'YYYY-MM-DD' of the source's own calendar, lists are JSON arrays of strings.

CREATE TABLE papers (
	id           TEXT    PRIMARY KEY,
	change       BIGINT  NOT NULL,  -- the change that wrote the row last; see changes
	version      INTEGER NOT NULL,
	title        TEXT    NOT NULL,
	abstract     TEXT    NOT NULL,
	summary      TEXT    NOT NULL,
	authors      TEXT    NOT NULL,
	author_count INTEGER NOT NULL,
	categories   TEXT    NOT NULL,
	keywords     TEXT    NOT NULL,
	published    BIGINT  NOT NULL,  -- 0 where unknown
	updated      BIGINT  NOT NULL,
	doi          TEXT    NOT NULL,
	venue        TEXT    NOT NULL,
	comment      TEXT    NOT NULL,
	link         TEXT    NOT NULL,
	code         TEXT    NOT NULL,
	stars        INTEGER NOT NULL,
	project      TEXT    NOT NULL,
	organization TEXT    NOT NULL
);
CREATE UNIQUE INDEX papers_change ON papers (change);

-- One row: the number of the last change to a paper. Whoever changes papers
-- updates it first, which makes them take turns; so the order of the numbers is
-- the order of the commits, and a reader that has seen change n has missed none before.
CREATE TABLE changes (
	last BIGINT NOT NULL,
	feed TEXT   NOT NULL  -- a name for this feed, by which what is derived from it knows it again
);
INSERT INTO changes (last, feed) VALUES (0, lower(hex(randomblob(16))));

CREATE TABLE sightings (
	paper    TEXT    NOT NULL,
	source   TEXT    NOT NULL,
	kind     TEXT    NOT NULL,
	day      TEXT    NOT NULL,  -- '' where unknown
	votes    INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	brought_by TEXT  NOT NULL,
	PRIMARY KEY (paper, source, kind)
) WITHOUT ROWID;
CREATE INDEX sightings_day ON sightings (day, paper);

-- Papers that people named and whose details no service has given yet.
CREATE TABLE wanted (
	paper    TEXT    PRIMARY KEY,
	version  INTEGER NOT NULL,
	link     TEXT    NOT NULL,
	day      TEXT    NOT NULL,  -- on which it was asked for
	tries    INTEGER NOT NULL,
	next_at  BIGINT  NOT NULL
);

CREATE TABLE sources (
	name         TEXT    PRIMARY KEY,
	cursor       TEXT    NOT NULL,
	succeeded_at BIGINT  NOT NULL,  -- 0: never
	failed_at    BIGINT  NOT NULL,  -- 0: never
	error        TEXT    NOT NULL,  -- of failed_at; '' once it has succeeded since
	failures     INTEGER NOT NULL,  -- in a row
	next_at      BIGINT  NOT NULL,
	lease        TEXT    NOT NULL,
	leased_until BIGINT  NOT NULL
);

-- When the next request under a key may go out, over all processes.
CREATE TABLE paces (
	key     TEXT   PRIMARY KEY,
	next_at BIGINT NOT NULL
);

-- What a person put on a post, or pressed (post ''). Withdrawn marks stay, with
-- the time of the withdrawal, so that a late event cannot bring them back.
CREATE TABLE votes (
	team      TEXT    NOT NULL,
	paper     TEXT    NOT NULL,
	platform  TEXT    NOT NULL,
	by_space  TEXT    NOT NULL,
	by_id     TEXT    NOT NULL,
	space     TEXT    NOT NULL,
	channel   TEXT    NOT NULL,
	post      TEXT    NOT NULL,
	mark      TEXT    NOT NULL,
	at        BIGINT  NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	PRIMARY KEY (paper, platform, by_space, by_id, space, channel, post, mark)
) WITHOUT ROWID;
CREATE INDEX votes_team ON votes (team, at);

-- Which papers a message of ours, or with a link in it, is about.
CREATE TABLE posts (
	platform TEXT    NOT NULL,
	space    TEXT    NOT NULL,
	channel  TEXT    NOT NULL,
	post     TEXT    NOT NULL,
	number   INTEGER NOT NULL,  -- its place in the message, from 1
	paper    TEXT    NOT NULL,
	PRIMARY KEY (platform, space, channel, post, number)
) WITHOUT ROWID;

CREATE TABLE shares (
	team     TEXT   NOT NULL,
	paper    TEXT   NOT NULL,
	platform TEXT   NOT NULL,
	by_space TEXT   NOT NULL,
	by_id    TEXT   NOT NULL,
	space    TEXT   NOT NULL,
	channel  TEXT   NOT NULL,
	post     TEXT   NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (paper, platform, space, channel, post, by_space, by_id)
) WITHOUT ROWID;

CREATE TABLE saved (
	platform TEXT   NOT NULL,
	space    TEXT   NOT NULL,
	person   TEXT   NOT NULL,
	paper    TEXT   NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (platform, space, person, paper)
) WITHOUT ROWID;

-- What a button does that has too little room to say so itself.
CREATE TABLE actions (
	handle TEXT PRIMARY KEY,
	action TEXT NOT NULL
) WITHOUT ROWID;
