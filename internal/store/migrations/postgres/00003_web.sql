-- +goose Up

-- Links by which people sign in to the page, each good once. Only hashes of the
-- secrets in links and cookies are kept: who reads the database cannot use them.
CREATE TABLE signins (
	secret     TEXT COLLATE "C" PRIMARY KEY,  -- a hash
	platform   TEXT COLLATE "C" NOT NULL,
	space      TEXT COLLATE "C" NOT NULL,
	person     TEXT COLLATE "C" NOT NULL,
	team       TEXT COLLATE "C" NOT NULL,     -- of the place where it was asked for
	expires_at BIGINT  NOT NULL,
	used_at    BIGINT  NOT NULL      -- 0: not yet
);
CREATE INDEX signins_expires ON signins (expires_at);

-- Browsers that people are signed in with.
CREATE TABLE sessions (
	id         TEXT COLLATE "C" PRIMARY KEY,  -- names it in lists; no secret
	secret     TEXT COLLATE "C" NOT NULL,     -- a hash of its cookie
	platform   TEXT COLLATE "C" NOT NULL,
	space      TEXT COLLATE "C" NOT NULL,
	person     TEXT COLLATE "C" NOT NULL,
	team       TEXT COLLATE "C" NOT NULL,
	device     TEXT COLLATE "C" NOT NULL,     -- as the browser calls itself, in words
	made_at    BIGINT  NOT NULL,
	used_at    BIGINT  NOT NULL,     -- to the hour
	expires_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX sessions_secret ON sessions (secret);
CREATE INDEX sessions_person ON sessions (platform, space, person);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- The page of a paper tells for which channels it was picked.
CREATE INDEX picks_paper ON picks (paper);
