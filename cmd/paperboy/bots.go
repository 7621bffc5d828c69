package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/user"

	"golang.org/x/term"

	"paperboy/bots/console"
	"paperboy/bots/discord"
	"paperboy/bots/slack"
	"paperboy/internal/chat"
	"paperboy/internal/settings"
)

// terminal returns the console over std: with a prompt, colours and hints where
// a person sits at it, plain at the end of a pipe.
func terminal(std streams, getenv func(string) string) *console.Console {
	o := console.Options{User: userName()}
	if isTerminal(std.in) {
		o.Prompt = "> "
	}
	if out, ok := std.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		capable := getenv("TERM") != "dumb"
		o.Colour = capable && getenv("NO_COLOR") == ""
		o.Links = capable
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			o.Width = min(width, 100)
		}
	}
	return console.New(std.in, std.out, o)
}

// slackSettings connect Slack. Without a bot token it is off.
type slackSettings struct {
	SlackBotToken      settings.Secret `env:"SLACK_BOT_TOKEN" placeholder:"xoxb-…" help:"Slack's bot token. Without one, Slack is off."`
	SlackAppToken      settings.Secret `env:"SLACK_APP_TOKEN" placeholder:"xapp-…" help:"Slack's app-level token, for Socket Mode, which needs no public address."`
	SlackSigningSecret settings.Secret `env:"SLACK_SIGNING_SECRET" placeholder:"SECRET" help:"Slack's signing secret, for events over HTTP in the place of Socket Mode; they come to /slack/… on PAPERBOY_ADDR."`
	SlackURL           string          `name:"slack-api-url" env:"SLACK_API_URL" default:"https://slack.com/api/" placeholder:"URL" help:"Base address of Slack's Web API, to go through a proxy or a test server."`
	SlackStrict        bool            `name:"slack-admins-only" env:"SLACK_ADMINS_ONLY" help:"Let only admins, owners and whoever made a Slack channel decide what is posted in it, instead of all members but guests."`
}

// open is the app; nil if Slack is off.
func (s slackSettings) open(log *slog.Logger) (*slack.Slack, error) {
	switch {
	case s.SlackBotToken == "" && (s.SlackAppToken != "" || s.SlackSigningSecret != ""):
		return nil, errors.New("SLACK_BOT_TOKEN is missing; it begins with xoxb- and stands under OAuth & Permissions")
	case s.SlackBotToken == "":
		return nil, nil
	case s.SlackAppToken == "" && s.SlackSigningSecret == "":
		return nil, errors.New("SLACK_BOT_TOKEN is set; for Slack to be heard, set SLACK_APP_TOKEN as well (Socket Mode), or SLACK_SIGNING_SECRET (HTTP)")
	}
	return slack.New(slack.Options{
		BotToken: s.SlackBotToken.Reveal(), AppToken: s.SlackAppToken.Reveal(), SigningSecret: s.SlackSigningSecret.Reveal(),
		URL: s.SlackURL, Strict: s.SlackStrict, Log: log,
	}), nil
}

// discordSettings connect Discord. Without a token it is off.
type discordSettings struct {
	DiscordBotToken settings.Secret `env:"DISCORD_BOT_TOKEN" placeholder:"TOKEN" help:"Discord's bot token. Without one, Discord is off."`
	DiscordURL      string          `name:"discord-api-url" env:"DISCORD_API_URL" default:"https://discord.com/api/v10" placeholder:"URL" help:"Base address of Discord's REST API, to go through a proxy or a test server. The gateway is where GET /gateway/bot there says."`
	DiscordWords    bool            `name:"discord-read-messages" env:"DISCORD_READ_MESSAGES" help:"Take in the links to papers that people paste in Discord channels. It needs the privileged message content intent."`
	DiscordMark     bool            `name:"discord-acknowledge" env:"DISCORD_ACKNOWLEDGE" help:"Put a ✅ on Discord messages whose papers were taken in. It needs the permission Add Reactions, which the link of paperboy invite discord then asks for."`
}

// open is the bot; nil if Discord is off.
func (s discordSettings) open(log *slog.Logger) *discord.Discord {
	if s.DiscordBotToken == "" {
		return nil
	}
	return discord.New(discord.Options{Token: s.DiscordBotToken.Reveal(), URL: s.DiscordURL, Words: s.DiscordWords, Acknowledge: s.DiscordMark, Log: log})
}

// check says what is wrong with Discord; nothing if it is off.
func (s discordSettings) check(ctx context.Context, log *slog.Logger) (all []checkup) {
	bot := s.open(log)
	if bot == nil {
		return []checkup{{what: "discord", result: "off, since DISCORD_BOT_TOKEN is not set"}}
	}
	for _, f := range bot.Check(ctx) {
		c := checkup{what: "discord", result: f.Fine, advice: f.Advice}
		if f.Wrong != "" {
			c.err = errors.New(f.Wrong)
		}
		all = append(all, c)
	}
	return all
}

// platformSettings are of the commands that talk.
type platformSettings struct {
	slackSettings
	discordSettings
}

// connection is a platform that is connected by its settings. web serves the
// requests below path that the service makes; nil if it makes none.
type connection struct {
	chat.Platform
	path string
	web  http.Handler
}

// open are the platforms that are set up.
func (s platformSettings) open(log *slog.Logger) (all []connection, err error) {
	app, err := s.slackSettings.open(log)
	if app != nil {
		c := connection{Platform: app, path: "/slack/"}
		if s.SlackAppToken == "" {
			c.web = app.Handler()
		}
		all = append(all, c)
	}
	if bot := s.discordSettings.open(log); bot != nil {
		all = append(all, connection{Platform: bot})
	}
	return all, err
}

// check says which platforms are set up, and what is wrong with them. The
// console needs no token.
func (s platformSettings) check(ctx context.Context, slackConfig settings.Secret, log *slog.Logger) []checkup {
	app, err := s.slackSettings.open(log)
	switch {
	case err != nil:
		return []checkup{{"slack", "", err, "README.md walks through it under Connect Slack."}}
	case app == nil:
		return []checkup{{what: "chat platforms", result: "the console, which needs no token; Slack is off, since SLACK_BOT_TOKEN is not set"}}
	}
	var all []checkup
	for _, f := range app.Check(ctx, slackConfig.Reveal()) {
		c := checkup{what: "slack", result: f.Fine, advice: f.Advice}
		if f.Wrong != "" {
			c.err = errors.New(f.Wrong)
		}
		all = append(all, c)
	}
	return all
}

type inviteCmd struct {
	Discord discordInviteCmd `cmd:"" help:"Print the link that adds the bot to a Discord server, with the permissions that it uses."`
}

type discordInviteCmd struct {
	discordSettings
}

// Run prints the link.
func (i *discordInviteCmd) Run(ctx context.Context, c *common, std streams) error {
	bot := i.discordSettings.open(c.personLog(std.err))
	if bot == nil {
		return errors.New("DISCORD_BOT_TOKEN is not set; README.md walks through it under Connect Discord")
	}
	link, err := bot.Invite(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, link)
	return nil
}

type manifestCmd struct {
	Slack slackManifestCmd `cmd:"" help:"Print the manifest of the Slack app, to paste at https://api.slack.com/apps."`
}

type slackManifestCmd struct {
	HTTP string `name:"http" placeholder:"URL" help:"The public address of this Paperboy, such as https://paperboy.example.org, for events over HTTP. Without it the manifest is for Socket Mode."`
}

// Run prints the manifest.
func (m *slackManifestCmd) Run(std streams) error {
	text, err := slack.Manifest(m.HTTP)
	if err != nil {
		return err
	}
	fmt.Fprintln(std.out, text)
	return nil
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// userName tells the persons on one machine apart.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
