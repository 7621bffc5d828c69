// Package picks works out what a channel gets for a day: it gathers the papers
// of the last days, what of them the channel's topics match and its team likes,
// lets recommend choose, and makes the messages. When that happens is decided
// elsewhere.
package picks

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
	"weak"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/recommend"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	// reach is how many days of lists are looked through: what was passed over
	// for a week is not picked any more.
	reach = 7
	// memory is how long a team's votes tell whose papers it likes.
	memory = 180 * 24 * time.Hour
	// recall is how far back a channel's own picks are read beforehand. Older ones
	// are noticed when they are to be picked again.
	recall = 60
)

// Options are what a deployment has decided.
type Options struct {
	Pool   team.Pool
	Zone   *time.Location // of channels that have not said theirs
	Labels card.Labels
	// Sources are the names of those that are read.
	Sources []string
	// Quiet tells why a source lists nothing on a day, if that is known beforehand.
	Quiet func(source string, day date.Date) (reason string, quiet bool)
}

// Picker works out picks.
type Picker struct {
	store   *store.Store
	library *library.Library
	log     *slog.Logger
	options Options

	mu    sync.Mutex // guards what follows
	zones map[string]*time.Location
	// last is the week that was read last, for as long as nobody needs its memory:
	// a person who tries settings out asks for the same again and again.
	last weak.Pointer[week]
}

// New returns a Picker.
func New(s *store.Store, l *library.Library, log *slog.Logger, o Options) *Picker {
	return &Picker{store: s, library: l, log: log, options: o, zones: map[string]*time.Location{}}
}

// Team is the team for which a channel's picks are made.
func (p *Picker) Team(c team.Channel) team.ID { return p.options.Pool.Behind(c) }

// Zone is where a channel's clocks are.
func (p *Picker) Zone(c team.Channel) *time.Location {
	name := c.Prefs.Schedule.Zone
	if name == "" {
		return p.options.Zone
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if loc := p.zones[name]; loc != nil {
		return loc
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		// The name was good when it was set; the zone must have been renamed since.
		p.log.Warn("a channel's time zone is unknown here; using the deployment's", "place", c.Place.Channel, "zone", name, "err", err)
		loc = p.options.Zone
	}
	p.zones[name] = loc
	return loc
}

// Round is one look at the papers of the last days, good for any number of
// channels. Its methods may be called from any goroutine.
type Round struct {
	*week
	picker *Picker
	now    time.Time

	mu    sync.Mutex // guards teams
	teams map[team.ID]*recommend.Team
}

// week is the papers of the last days, as they were at one moment.
type week struct {
	today   date.Date
	change  int64 // the last change of the feed
	indexed int   // papers in the search index
	pool    *recommend.Pool
	index   *search.Matcher // of the papers in pool, by their places there
}

// Begin reads the papers that could be picked now, all that came into the feed
// until this moment.
func (p *Picker) Begin(ctx context.Context, now time.Time) (*Round, error) {
	if err := p.library.CatchUp(ctx); err != nil {
		return nil, fmt.Errorf("index the feed: %w", err)
	}
	return p.begin(ctx, now)
}

// glance is Begin for a person who waits: not for a large import to be indexed.
func (p *Picker) glance(ctx context.Context, now time.Time) (*Round, error) {
	if _, err := p.library.Refresh(ctx); err != nil {
		return nil, err
	}
	return p.begin(ctx, now)
}

func (p *Picker) begin(ctx context.Context, now time.Time) (*Round, error) {
	change, err := p.store.LastChange(ctx)
	if err != nil {
		return nil, err
	}
	// What is the day somewhere on Earth at now, and one more for settled lists.
	today, indexed := date.Of(now.UTC()), p.library.Len()
	p.mu.Lock()
	w := p.last.Value()
	p.mu.Unlock()
	if w == nil || w.today != today || w.change != change || w.indexed != indexed {
		if w, err = p.read(ctx, today); err != nil {
			return nil, err
		}
		w.change, w.indexed = change, indexed
		p.mu.Lock()
		p.last = weak.Make(w)
		p.mu.Unlock()
	}
	return &Round{week: w, picker: p, now: now, teams: map[team.ID]*recommend.Team{}}, nil
}

// read makes a week of the days up to today.
func (p *Picker) read(ctx context.Context, today date.Date) (*week, error) {
	papers, err := p.store.RecentPapers(ctx, today.AddDays(-reach-2), today.AddDays(1))
	if err != nil {
		return nil, err
	}
	w := &week{today: today, pool: recommend.NewPool(papers)}
	ids := make([]paper.ID, w.pool.Len())
	for i := range ids {
		ids[i] = w.pool.Paper(i).ID
	}
	w.index = p.library.Among(ids)
	return w, nil
}

// want is what a channel asks for on a day. shown is what it has seen.
func (r *Round) want(ctx context.Context, c team.Channel, day date.Date, shown []paper.ID) (recommend.Want, error) {
	likes, err := r.team(ctx, r.picker.Team(c))
	if err != nil {
		return recommend.Want{}, err
	}
	to := day
	if c.Prefs.Settled {
		to = day.AddDays(-1)
	}
	w := recommend.Want{
		Day: day, From: to.AddDays(1 - reach), To: to, Count: c.Prefs.Count,
		Sources: c.Prefs.Sources, MinVotes: c.Prefs.MinVotes, NoCross: c.Prefs.NoCross, Replaced: c.Prefs.Replaced,
		Shown: make(map[paper.ID]bool, len(shown)), Team: *likes,
	}
	for _, id := range shown {
		w.Shown[id] = true
	}
	for _, t := range c.Prefs.Topics {
		topic := recommend.Topic{Query: t.Query, Since: t.Since}
		if t.Query != team.Everything {
			topic.Hits = r.matches(t.Query, likes.Votes)
		}
		w.Topics = append(w.Topics, topic)
	}
	return w, nil
}

// team is what a team likes.
func (r *Round) team(ctx context.Context, id team.ID) (*recommend.Team, error) {
	r.mu.Lock()
	likes := r.teams[id]
	r.mu.Unlock()
	if likes != nil {
		return likes, nil
	}
	votes, err := r.picker.store.Taste(ctx, id, r.now.Add(-memory))
	if err != nil {
		return nil, err
	}
	likes = liking(votes)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.teams[id] = likes
	return likes, nil
}

// liking counts votes for papers, and the people who voted for each author.
func liking(votes []store.Liking) *recommend.Team {
	likes := &recommend.Team{Votes: map[paper.ID]int{}, Fans: map[string]int{}}
	type fan struct {
		author string
		by     chat.Person
	}
	counted := map[fan]bool{}
	for _, v := range votes {
		likes.Votes[v.Paper]++
		for _, name := range v.Authors {
			f := fan{recommend.AuthorKey(name), v.By}
			if !counted[f] {
				counted[f] = true
				likes.Fans[f.author]++
			}
		}
	}
	return likes
}

// matches are the papers of the round that a topic is about.
func (r *Round) matches(topic string, votes map[paper.ID]int) []recommend.Hit {
	found := r.index.Match(search.Parse(topic), search.Options{TeamVotes: votes})
	hits := make([]recommend.Hit, len(found))
	for i, m := range found {
		hits[i] = recommend.Hit(m)
	}
	return hits
}

// model scores candidates. A learned one will stand beside it.
func (r *Round) model() recommend.Model { return recommend.Weigh }

// label is a source as people write it.
func (r *Round) label(source string) string { return r.picker.options.Labels.Of(source) }

// sources are those that a channel's picks come from.
func (p *Picker) sources(prefs team.Prefs) []string {
	if len(prefs.Sources) > 0 {
		return prefs.Sources
	}
	return p.options.Sources
}

// heading is the line above a day's picks.
func heading(day date.Date) string {
	return "Today’s picks · " + day.Start(time.UTC).Format("Monday, 2 January")
}

// shownTo is what a channel has been shown.
func (p *Picker) shownTo(ctx context.Context, c team.Channel, day date.Date) ([]paper.ID, error) {
	shown, err := p.store.Shown(ctx, []string{c.ID}, day.AddDays(-recall))
	return shown[c.ID], err
}

// Batch is the key of a channel's batch of messages for a slot. Slots of one date,
// of which there are several after moves to the west, have keys of their own.
func Batch(c team.Channel, slot team.Slot) string {
	again := ""
	if !c.Last.Day.Before(slot.Day) {
		again = fmt.Sprintf("+%d", slot.At.Unix())
	}
	return "daily/" + c.ID + "/" + cmp.Or(slot.Day.String(), "-") + again
}
