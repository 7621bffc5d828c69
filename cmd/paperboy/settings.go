package main

import (
	"io"
	"log/slog"

	"paperboy/internal/bot"
	"paperboy/internal/settings"
	"paperboy/internal/telemetry"
)

// cli is every command and setting: flags, environment and file are one table.
type cli struct {
	common

	Serve       serveCmd       `cmd:"" default:"withargs" help:"Run Paperboy (what happens without a command)."`
	Chat        chatCmd        `cmd:"" help:"Only the console: reads commands from a terminal or a pipe."`
	Ingest      ingestCmd      `cmd:"" help:"Read all sources once, now."`
	Import      importCmd      `cmd:"" help:"Add papers from JSON Lines, BibTeX or RIS, plain or gzip."`
	Export      exportCmd      `cmd:"" help:"Write all papers to standard output."`
	Backup      backupCmd      `cmd:"" help:"Copy the SQLite database, which may be in use."`
	Status      statusCmd      `cmd:"" help:"Show the feed, the channels, and how the sources are doing."`
	Deliveries  deliveriesCmd  `cmd:"" help:"Show messages that wait to be posted or were given up."`
	Doctor      doctorCmd      `cmd:"" help:"Check everything and say what to do about each failure."`
	Index       indexCmd       `cmd:"" help:"Look after the search index."`
	Bench       benchCmd       `cmd:"" help:"Measure how fast things are."`
	Eval        evalCmd        `cmd:"" help:"Measure how good things are."`
	Manifest    manifestCmd    `cmd:"" help:"Print what a chat platform wants to know of the app."`
	Invite      inviteCmd      `cmd:"" help:"Print the link that brings the bot into a chat platform."`
	Healthcheck healthcheckCmd `cmd:"" help:"Ask a running Paperboy whether it is well, as a container does."`
	Version     versionCmd     `cmd:"" help:"Print the version."`
}

// common are the settings that every command has.
type common struct {
	settings.File

	Database settings.Secret `name:"database-url" env:"DATABASE_URL" default:"paperboy.db" placeholder:"URL" help:"Where everything is kept: a SQLite file, or postgres://user:password@host/name."`
	LogLevel string          `env:"PAPERBOY_LOG_LEVEL" enum:"auto,debug,info,warn,error" default:"auto" placeholder:"LEVEL" help:"What is logged: debug, info, warn or error; auto is info for a server and warn where a person is at the terminal."`
	LogAs    string          `name:"log-format" env:"PAPERBOY_LOG_FORMAT" enum:"auto,text,json" default:"auto" placeholder:"FORMAT" help:"How: text, json, or auto, which is JSON for a server that does not write to a terminal and text otherwise."`
}

// serverLog is the log of a server, for machines unless out is a terminal.
func (c *common) serverLog(out io.Writer) *slog.Logger {
	return telemetry.Logger(out, c.LogAs, c.level(slog.LevelInfo))
}

// personLog is the log that a person at a command sees: what is wrong, as text.
func (c *common) personLog(out io.Writer) *slog.Logger {
	format := c.LogAs
	if format == "auto" {
		format = "text"
	}
	return telemetry.Logger(out, format, c.level(slog.LevelWarn))
}

// level is what to log; usual is what auto means.
func (c *common) level(usual slog.Level) slog.Level {
	if c.LogLevel != "auto" {
		// The words of the enum are slog's own.
		_ = usual.UnmarshalText([]byte(c.LogLevel))
	}
	return usual
}

// searchSettings are of the commands that search.
type searchSettings struct {
	Index    string `name:"index" env:"PAPERBOY_INDEX" placeholder:"FOLDER" help:"The folder in which the search index is kept. It can be deleted at any time. Beside a SQLite database if not given, else in the user's cache folder."`
	TimeZone string `env:"PAPERBOY_TIMEZONE" default:"Local" placeholder:"ZONE" help:"Whose days \"today\" and \"week\" mean, such as Europe/Berlin. Local is the machine's own."`
	Teams    bool   `name:"team-per-space" env:"PAPERBOY_TEAM_PER_SPACE" help:"Count votes of each workspace or guild by itself instead of together."`
}

// emojiSettings say what reactions mean.
type emojiSettings struct {
	Upvote   []string `name:"upvote-emoji" env:"PAPERBOY_UPVOTE_EMOJI" placeholder:"EMOJI,…" help:"Which reactions to a post upvote its paper, as characters or names, such as 👍,rocket. 👍 ❤️ 🔥 🚀 🎉 ⭐ and their like if not given."`
	Downvote []string `name:"downvote-emoji" env:"PAPERBOY_DOWNVOTE_EMOJI" placeholder:"EMOJI,…" help:"Which say \"less like this\", which nobody else sees. 👎 if not given."`
	Save     []string `name:"save-emoji" env:"PAPERBOY_SAVE_EMOJI" placeholder:"EMOJI,…" help:"Which put it on the person's own list. 🔖 and its like if not given."`
}

// meanings are the settings, with the usual emoji where nothing is set.
func (e emojiSettings) meanings() bot.Emoji {
	return bot.Meanings(e.Upvote, e.Downvote, e.Save)
}
