// Package bot is what people talk to: it answers commands and buttons, counts
// reactions as votes and takes in links, the same on every platform.
package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/source"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

// Bot answers people. It implements chat.Handler.
type Bot struct {
	store     *store.Store
	library   *library.Library
	picker    *picks.Picker
	resolvers source.Resolvers
	platforms chat.Platforms
	log       *slog.Logger
	metrics   *telemetry.Metrics
	options   Options
	recent    recent
}

// Options are how a deployment wants its bot.
type Options struct {
	Pool team.Pool
	// Zone is whose days "today" and "week" mean.
	Zone *time.Location
	// Labels are the names of sources as people write them.
	Labels card.Labels
	// Sources are the names of those that are read, which a channel may choose from.
	Sources []string
	Emoji   Emoji
	// Mail serves /papers email; nil if mail is off.
	Mail  Mailer
	Feeds Feeds // nil where nothing is served
	// Page is the team's page in the browser; nil where it is off.
	Page Page
}

// New returns a Bot. Platforms are asked who may change a channel.
func New(s *store.Store, l *library.Library, p *picks.Picker, r source.Resolvers, platforms chat.Platforms, log *slog.Logger, m *telemetry.Metrics, o Options) *Bot {
	return &Bot{store: s, library: l, picker: p, resolvers: r, platforms: platforms, log: log, metrics: m, options: o}
}

// advice is an error that is a whole answer: it tells the person what to do.
type advice string

func (a advice) Error() string { return string(a) }

// Command answers a typed line.
func (b *Bot) Command(ctx context.Context, c chat.Command) chat.Message {
	began := time.Now()
	name, m := b.guard(ctx, c.In, func() (string, chat.Message, error) { return b.command(ctx, c) })
	b.metrics.Command(name, time.Since(began))
	return m
}

func (b *Bot) command(ctx context.Context, c chat.Command) (string, chat.Message, error) {
	return b.run(ctx, ask{Command: c, team: b.options.Pool.Of(c.In)})
}

// run carries out the command that a.Text begins with. Text that begins with
// none is a search, but /paperboy knows commands only.
func (b *Bot) run(ctx context.Context, a ask) (string, chat.Message, error) {
	word, rest := firstWord(a.Text)
	row, ok := lookUp(a.Name, word)
	if ok {
		a.args = rest
		m, err := row.run(b, ctx, a)
		if !errors.Is(err, errSearchInstead) {
			return row.name, m, err
		}
	}
	if a.Name == "paperboy" {
		return "paperboy", chat.Message{}, notACommand(row, word)
	}
	m, err := b.search(ctx, a)
	return "search", m, err
}

// notACommand says how a command is typed, or which there are.
func notACommand(row command, word string) error {
	if row.name != "" {
		return advice("Say it like this: " + row.typed() + " — " + row.help + ".")
	}
	return advice("There is no /paperboy " + paper.Line(word, 40) + ". /paperboy help shows what there is; to search, type /papers and the words.")
}

// firstWord cuts a line after its first word, whatever the white space is.
func firstWord(line string) (word, rest string) {
	line = strings.TrimSpace(line)
	i := strings.IndexFunc(line, unicode.IsSpace)
	if i < 0 {
		return line, ""
	}
	return line[:i], strings.TrimSpace(line[i:])
}

// guard turns what do returns into an answer: advice is shown as it is, and a
// fault becomes a sentence with a reference by which the log line is found.
func (b *Bot) guard(ctx context.Context, in chat.Place, do func() (string, chat.Message, error)) (name string, m chat.Message) {
	var err error
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			m = b.fault(ctx, in, name, err)
		}
	}()
	name, m, err = do()
	if err == nil {
		err = b.store.FitButtons(ctx, &m)
	}
	var tip advice
	switch {
	case errors.As(err, &tip):
		return name, chat.Message{Text: chat.Plain(string(tip))}
	case err != nil:
		return name, b.fault(ctx, in, name, err)
	}
	return name, m
}

func (b *Bot) fault(ctx context.Context, in chat.Place, doing string, err error) chat.Message {
	if ctx.Err() != nil {
		return chat.Message{Text: chat.Plain("That was interrupted; please ask again.")}
	}
	ref := strings.ToLower(rand.Text()[:6])
	b.log.Error("an answer failed", "platform", in.Platform, "place", in.Channel, "doing", doing, "ref", ref, "err", err)
	return chat.Message{Text: chat.Plain("Something broke here, not with what you typed. Please try again; if it stays, tell whoever runs Paperboy the reference " + ref + ".")}
}
