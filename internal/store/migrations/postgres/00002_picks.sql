-- +goose Up

-- What people put on papers is more than votes now: kind is 'up', 'down' or
-- 'save'. What was saved with a button is a mark like any other.
ALTER TABLE votes RENAME TO marks;
ALTER TABLE marks RENAME COLUMN mark TO sign;
ALTER TABLE marks ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'up';
INSERT INTO marks (team, paper, platform, by_space, by_id, space, channel, post, sign, kind, at, withdrawn)
SELECT '', paper, platform, space, person, '', '', '', 'save', 'save', at, FALSE FROM saved;
DROP TABLE saved;
DROP INDEX votes_team;
CREATE INDEX marks_team ON marks (team, kind, at);
CREATE INDEX marks_person ON marks (platform, by_space, by_id, kind);

CREATE INDEX shares_place ON shares (platform, space, channel);

-- Papers whose count of votes has changed since the posts that show it were
-- looked at.
CREATE TABLE recounts (
	team  TEXT COLLATE "C" NOT NULL,
	paper TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (team, paper)
);

-- Places with preferences of their own, which are JSON.
CREATE TABLE channels (
	id          TEXT COLLATE "C" PRIMARY KEY,  -- short, made from the place
	platform    TEXT COLLATE "C" NOT NULL,
	space       TEXT COLLATE "C" NOT NULL,
	channel     TEXT COLLATE "C" NOT NULL,
	prefs       TEXT COLLATE "C" NOT NULL,
	by_platform TEXT COLLATE "C" NOT NULL,  -- who subscribed it first
	by_space    TEXT COLLATE "C" NOT NULL,
	by_id       TEXT COLLATE "C" NOT NULL,
	next_day    TEXT COLLATE "C" NOT NULL,  -- the slot that is planned next
	next_at     BIGINT  NOT NULL,  -- 0: none
	last_day    TEXT COLLATE "C" NOT NULL,  -- the slot that was planned last
	last_at     BIGINT  NOT NULL,  -- 0: none
	gone        TEXT COLLATE "C" NOT NULL,  -- why nothing can be posted there; '' if it can
	gone_at     BIGINT  NOT NULL,
	edition     INTEGER NOT NULL   -- how often people have changed it
);
CREATE UNIQUE INDEX channels_place ON channels (platform, space, channel);
CREATE INDEX channels_next ON channels (next_at) WHERE next_at > 0;

-- Who changed what of a channel's preferences.
CREATE TABLE history (
	channel     TEXT COLLATE "C" NOT NULL,
	number      INTEGER NOT NULL,
	at          BIGINT  NOT NULL,
	by_platform TEXT COLLATE "C" NOT NULL,
	by_space    TEXT COLLATE "C" NOT NULL,
	by_id       TEXT COLLATE "C" NOT NULL,
	what        TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (channel, number)
);

-- What became of each slot of a channel.
CREATE TABLE plans (
	channel    TEXT COLLATE "C" NOT NULL,
	slot_at    BIGINT  NOT NULL,
	day        TEXT COLLATE "C" NOT NULL,
	planned_at BIGINT  NOT NULL,
	papers     INTEGER NOT NULL,  -- that were picked
	note       TEXT COLLATE "C" NOT NULL,  -- for people: why there were none, or fewer
	PRIMARY KEY (channel, slot_at)
);

-- Which papers a channel has been shown as picks. None is picked twice.
CREATE TABLE picks (
	channel TEXT COLLATE "C" NOT NULL,
	paper   TEXT COLLATE "C" NOT NULL,
	day     TEXT COLLATE "C" NOT NULL,
	number  INTEGER NOT NULL,  -- its place among the day's picks, from 1
	why     TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (channel, paper)
);

-- Messages that are to be posted once, in the order of (planned_at, part) in
-- each place. Those of one batch have keys that differ in the part after the last
-- slash. state is 'due', 'sending', 'sent' or 'dead'; open is the first two.
-- Whoever takes one counts tries up and settles it only while that is unchanged.
CREATE TABLE deliveries (
	key          TEXT COLLATE "C" PRIMARY KEY,
	part         INTEGER NOT NULL,
	platform     TEXT COLLATE "C" NOT NULL,
	space        TEXT COLLATE "C" NOT NULL,
	channel      TEXT COLLATE "C" NOT NULL,
	team         TEXT COLLATE "C" NOT NULL,
	message      TEXT COLLATE "C" NOT NULL,  -- JSON
	reply        BOOLEAN NOT NULL,  -- it goes into the thread of its batch's part 0
	planned_at   BIGINT  NOT NULL,
	expires_at   BIGINT  NOT NULL,
	state        TEXT COLLATE "C" NOT NULL,
	open         BOOLEAN NOT NULL,
	unsure       BOOLEAN NOT NULL,  -- it may have been posted: look before sending
	tries        INTEGER NOT NULL,
	failures     INTEGER NOT NULL,
	due_at       BIGINT  NOT NULL,  -- while sending: when the lease runs out
	first_at     BIGINT  NOT NULL,  -- when it was first taken
	settled_at   BIGINT  NOT NULL,
	reason       TEXT COLLATE "C" NOT NULL,  -- of the last failure, for people
	post_channel TEXT COLLATE "C" NOT NULL,
	post         TEXT COLLATE "C" NOT NULL,
	stale        BOOLEAN NOT NULL,  -- its counts have changed since they were shown
	refreshed_at BIGINT  NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (platform, part, due_at) WHERE open;
CREATE INDEX deliveries_place ON deliveries (platform, space, channel, planned_at, part) WHERE open;
CREATE INDEX deliveries_stale ON deliveries (platform, refreshed_at) WHERE stale;
CREATE INDEX deliveries_settled ON deliveries (settled_at) WHERE NOT open;

-- Which deliveries show a paper.
CREATE TABLE shown_in (
	paper TEXT COLLATE "C" NOT NULL,
	key   TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (paper, key)
);

-- Marks on posts that nobody knows yet, because the answer to sending them is
-- still awaited. They count as soon as it is known what the post shows.
CREATE TABLE strays (
	team      TEXT COLLATE "C" NOT NULL,
	platform  TEXT COLLATE "C" NOT NULL,
	by_space  TEXT COLLATE "C" NOT NULL,
	by_id     TEXT COLLATE "C" NOT NULL,
	space     TEXT COLLATE "C" NOT NULL,
	channel   TEXT COLLATE "C" NOT NULL,
	post      TEXT COLLATE "C" NOT NULL,
	sign      TEXT COLLATE "C" NOT NULL,
	kind      TEXT COLLATE "C" NOT NULL,
	number    INTEGER NOT NULL,  -- of the paper among those of the post; 0: its only one
	at        BIGINT  NOT NULL,
	withdrawn BOOLEAN NOT NULL,
	PRIMARY KEY (platform, space, channel, post, by_space, by_id, sign)
);
