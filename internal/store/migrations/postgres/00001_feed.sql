-- +goose Up

-- Times are microseconds since 1970 UTC from the program's clock, days are
-- 'YYYY-MM-DD' of the source's own calendar, lists are JSON arrays of strings.
-- Text is compared byte by byte, as in SQLite, so that lists have the same order.

CREATE TABLE papers (
	id           TEXT COLLATE "C" PRIMARY KEY,
	change       BIGINT  NOT NULL,  -- the change that wrote the row last; see changes
	version      INTEGER NOT NULL,
	title        TEXT COLLATE "C" NOT NULL,
	abstract     TEXT COLLATE "C" NOT NULL,
	summary      TEXT COLLATE "C" NOT NULL,
	authors      TEXT COLLATE "C" NOT NULL,
	author_count INTEGER NOT NULL,
	categories   TEXT COLLATE "C" NOT NULL,
	keywords     TEXT COLLATE "C" NOT NULL,
	published    BIGINT  NOT NULL,  -- 0 where unknown
	updated      BIGINT  NOT NULL,
	doi          TEXT COLLATE "C" NOT NULL,
	venue        TEXT COLLATE "C" NOT NULL,
	comment      TEXT COLLATE "C" NOT NULL,
	link         TEXT COLLATE "C" NOT NULL,
	code         TEXT COLLATE "C" NOT NULL,
	stars        INTEGER NOT NULL,
	project      TEXT COLLATE "C" NOT NULL,
	organization TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX papers_change ON papers (change);

-- One row: the number of the last change to a paper. Whoever changes papers
-- updates it first, which makes them take turns; so the order of the numbers is
-- the order of the commits, and a reader that has seen change n has missed none before.
CREATE TABLE changes (
	last BIGINT NOT NULL,
	feed TEXT COLLATE "C" NOT NULL  -- a name for this feed, by which what is derived from it knows it again
);
INSERT INTO changes (last, feed) VALUES (0, replace(gen_random_uuid()::text, '-', ''));

CREATE TABLE sightings (
	paper    TEXT COLLATE "C" NOT NULL,
	source   TEXT COLLATE "C" NOT NULL,
	kind     TEXT COLLATE "C" NOT NULL,
	day      TEXT COLLATE "C" NOT NULL,  -- '' where unknown
	votes    INTEGER NOT NULL,
	comments INTEGER NOT NULL,
	brought_by TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (paper, source, kind)
);
CREATE INDEX sightings_day ON sightings (day, paper);

-- Papers that people named and whose details no service has given yet.
CREATE TABLE wanted (
	paper    TEXT COLLATE "C" PRIMARY KEY,
	version  INTEGER NOT NULL,
	link     TEXT COLLATE "C" NOT NULL,
	day      TEXT COLLATE "C" NOT NULL,  -- on which it was asked for
	tries    INTEGER NOT NULL,
	next_at  BIGINT  NOT NULL
);

CREATE TABLE sources (
	name         TEXT COLLATE "C" PRIMARY KEY,
	cursor       TEXT COLLATE "C" NOT NULL,
	succeeded_at BIGINT  NOT NULL,  -- 0: never
	failed_at    BIGINT  NOT NULL,  -- 0: never
	error        TEXT COLLATE "C" NOT NULL,  -- of failed_at; '' once it has succeeded since
	failures     INTEGER NOT NULL,  -- in a row
	next_at      BIGINT  NOT NULL,
	lease        TEXT COLLATE "C" NOT NULL,
	leased_until BIGINT  NOT NULL
);

-- When the next request under a key may go out, over all processes.
CREATE TABLE paces (
	key     TEXT COLLATE "C" PRIMARY KEY,
	next_at BIGINT NOT NULL
);

-- What a person put on a post, or pressed (post ''). Withdrawn marks stay, with
-- the time of the withdrawal, so that a late event cannot bring them back.
CREATE TABLE votes (
	team      TEXT COLLATE "C" NOT NULL,
	paper     TEXT COLLATE "C" NOT NULL,
	platform  TEXT COLLATE "C" NOT NULL,
	by_space  TEXT COLLATE "C" NOT NULL,
	by_id     TEXT COLLATE "C" NOT NULL,
	space     TEXT COLLATE "C" NOT NULL,
	channel   TEXT COLLATE "C" NOT NULL,
	post      TEXT COLLATE "C" NOT NULL,
	mark      TEXT COLLATE "C" NOT NULL,
	at        BIGINT  NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	PRIMARY KEY (paper, platform, by_space, by_id, space, channel, post, mark)
);
CREATE INDEX votes_team ON votes (team, at);

-- Which papers a message of ours, or with a link in it, is about.
CREATE TABLE posts (
	platform TEXT COLLATE "C" NOT NULL,
	space    TEXT COLLATE "C" NOT NULL,
	channel  TEXT COLLATE "C" NOT NULL,
	post     TEXT COLLATE "C" NOT NULL,
	number   INTEGER NOT NULL,  -- its place in the message, from 1
	paper    TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (platform, space, channel, post, number)
);

CREATE TABLE shares (
	team     TEXT COLLATE "C" NOT NULL,
	paper    TEXT COLLATE "C" NOT NULL,
	platform TEXT COLLATE "C" NOT NULL,
	by_space TEXT COLLATE "C" NOT NULL,
	by_id    TEXT COLLATE "C" NOT NULL,
	space    TEXT COLLATE "C" NOT NULL,
	channel  TEXT COLLATE "C" NOT NULL,
	post     TEXT COLLATE "C" NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (paper, platform, space, channel, post, by_space, by_id)
);

CREATE TABLE saved (
	platform TEXT COLLATE "C" NOT NULL,
	space    TEXT COLLATE "C" NOT NULL,
	person   TEXT COLLATE "C" NOT NULL,
	paper    TEXT COLLATE "C" NOT NULL,
	at       BIGINT NOT NULL,
	PRIMARY KEY (platform, space, person, paper)
);

-- What a button does that has too little room to say so itself.
CREATE TABLE actions (
	handle TEXT COLLATE "C" PRIMARY KEY,
	action TEXT COLLATE "C" NOT NULL
);
