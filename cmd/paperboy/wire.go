package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones, where the machine has none, as in a container

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/bot"
	"paperboy/internal/chat"
	"paperboy/internal/daily"
	"paperboy/internal/library"
	"paperboy/internal/outbox"
	"paperboy/internal/picks"
	"paperboy/internal/polite"
	"paperboy/internal/source"
	"paperboy/internal/starter"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

// feed is what every command works on.
type feed struct {
	store *store.Store
	log   *slog.Logger
}

func openFeed(ctx context.Context, c *common, log *slog.Logger) (*feed, error) {
	db, err := store.Open(ctx, c.Database.Reveal())
	if err != nil {
		return nil, err
	}
	return &feed{db, log}, nil
}

// openExisting is openFeed for commands that only look at what is there. They
// make no database: an empty one under a mistyped name would pass for the feed.
func openExisting(ctx context.Context, c *common, log *slog.Logger) (*feed, error) {
	if path, ok := store.File(c.Database.Reveal()); ok {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no database %s yet; say with DATABASE_URL where it is, or run paperboy once to make it", path)
		}
	}
	return openFeed(ctx, c, log)
}

// fill loads the starter feed into an empty store.
func (f *feed) fill(ctx context.Context) error {
	n, err := f.store.CountPapers(ctx)
	if err != nil || n > 0 {
		return err
	}
	papers, err := starter.Papers()
	if err != nil {
		return err
	}
	_, err = f.store.SavePapers(ctx, papers)
	return err
}

// parts are what serve and chat are made of.
type parts struct {
	*feed
	library   *library.Library
	client    *polite.Client
	sources   []source.Source
	resolvers source.Resolvers
	registry  *prometheus.Registry
	metrics   *telemetry.Metrics
	picker    *picks.Picker
	platforms chat.Platforms
	bot       *bot.Bot
	outbox    *outbox.Outbox
	daily     *daily.Daily
}

// wire builds everything, in the order in which one part needs another.
func wire(ctx context.Context, c *common, search searchSettings, from sourceSettings, emoji emojiSettings, platforms chat.Platforms, log *slog.Logger) (*parts, error) {
	zone, err := time.LoadLocation(search.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("PAPERBOY_TIMEZONE is %q, which is no time zone; use a name such as Europe/Berlin", search.TimeZone)
	}
	f, err := openFeed(ctx, c, log)
	if err != nil {
		return nil, err
	}
	p := &parts{feed: f, platforms: platforms}
	p.client = from.client(f.store)
	p.resolvers = from.resolvers(p.client)
	if p.sources, err = from.open(p.client); err != nil {
		return nil, errors.Join(err, f.store.Close())
	}
	if err := f.fill(ctx); err != nil {
		return nil, errors.Join(err, f.store.Close())
	}
	p.library, err = library.Open(ctx, f.store, search.indexFolder(c.Database.Reveal()), f.log)
	if err != nil {
		return nil, errors.Join(err, f.store.Close())
	}
	p.registry = prometheus.NewRegistry()
	p.metrics = telemetry.NewMetrics(p.registry, version(), bot.Names(), telemetry.Gauges{
		Papers:  func() float64 { return f.count(ctx) },
		Indexed: func() float64 { return float64(p.library.Len()) },
	})
	pool := team.Pool(search.Teams)
	p.picker = picks.New(f.store, p.library, f.log, picks.Options{
		Pool: pool, Zone: zone, Labels: sourceLabels, Sources: names(p.sources), Quiet: quietDays,
	})
	p.bot = bot.New(f.store, p.library, p.picker, p.resolvers, platforms, f.log, p.metrics, bot.Options{
		Pool: pool, Zone: zone, Labels: sourceLabels, Sources: names(p.sources), Emoji: emoji.meanings(),
	})
	p.outbox = outbox.New(f.store, platforms, f.log, p.metrics, outbox.Options{Labels: sourceLabels})
	p.daily = daily.New(f.store, p.picker, slices.Sorted(maps.Keys(platforms)), f.log, p.metrics, p.outbox.Wake)
	return p, nil
}

// close ends what wire began.
func (p *parts) close() error { return errors.Join(p.library.Close(), p.store.Close()) }

// count is the size of the feed for the metrics, NaN while the store is away.
func (f *feed) count(ctx context.Context) float64 {
	n, err := f.store.CountPapers(ctx)
	if err != nil {
		return math.NaN()
	}
	return float64(n)
}

// indexFolder is where the search index of a database is kept.
func (s searchSettings) indexFolder(database string) string {
	if s.Index != "" {
		return s.Index
	}
	if path, ok := store.File(database); ok {
		return strings.TrimSuffix(path, filepath.Ext(path)) + ".index"
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256([]byte(database))
	return filepath.Join(cache, "paperboy", hex.EncodeToString(sum[:6])+".index")
}
