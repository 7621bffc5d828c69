package picks_test

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

var (
	friday = date.New(2026, 2, 27)
	place  = chat.Place{Platform: "test", Space: "T1", Channel: "C1"}
	ada    = chat.Person{Platform: "test", Space: "T1", ID: "ada"}
)

// desk is a picker over a real store.
type desk struct {
	*testing.T
	*picks.Picker
	store *store.Store
	logs  strings.Builder
}

func newDesk(t *testing.T, papers ...paper.Paper) *desk {
	t.Helper()
	d := &desk{T: t, store: storetest.Open(t)}
	log := slog.New(slog.NewTextHandler(&d.logs, nil))
	l, err := library.Open(t.Context(), d.store, "", log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
	d.Picker = picks.New(d.store, l, log, picks.Options{
		Zone: time.UTC, Labels: card.Labels{"daily": "The Daily", "arxiv": "arXiv"}, Sources: []string{"daily", "arxiv"},
		Quiet: func(source string, day date.Date) (string, bool) {
			weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
			return "arXiv announces nothing at weekends", weekend && source == "arxiv"
		},
	})
	return d
}

// channel follows topics since a week before, and wants what set says.
func (d *desk) channel(topics []string, set ...func(*team.Prefs)) team.Channel {
	d.Helper()
	c, err := d.store.ChangeChannel(d.Context(), place, ada, friday.Start(time.UTC), func(c *team.Channel) error {
		c.Prefs = team.Default()
		for _, q := range topics {
			c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: q, By: ada, Since: friday.AddDays(-60)})
		}
		for _, f := range set {
			f(&c.Prefs)
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	return c
}

// on is 09:00 of a day.
func on(day date.Date) team.Slot { return team.Slot{Day: day, At: day.At(9, 0, time.UTC)} }

// plan plans a channel for a day.
func (d *desk) plan(c team.Channel, day date.Date, repeats ...paper.ID) store.Plan {
	d.Helper()
	r, err := d.Begin(d.Context(), on(day).At)
	if err != nil {
		d.Fatal(err)
	}
	plans, failed, err := r.Plans(d.Context(), []picks.Due{{Channel: c, Slot: on(day), Next: on(day.AddDays(1)), Repeats: repeats}})
	if err != nil || len(failed) > 0 || len(plans) != 1 {
		d.Fatalf("%d plans, failed %v, %v", len(plans), failed, err)
	}
	return plans[0]
}

// picked are the numbers in the IDs of what is planned, in order.
func picked(p store.Plan) string {
	var ids []string
	for _, pick := range p.Picks {
		_, n, _ := strings.Cut(string(pick.Paper), ".")
		ids = append(ids, strings.TrimLeft(n, "0"))
	}
	return strings.Join(ids, " ")
}

// subjects keep papers from looking alike.
var subjects = strings.Fields("Routing Diffusion Speech Proteins Robots Graphs Kernels Retrieval Planning Vision Audio Weather Maths Chess Chips Poems Law Music")

// listed is a paper that a source listed on a day.
func listed(n int, source string, day date.Date, votes int) paper.Paper {
	return paper.Paper{
		ID: paper.ID(fmt.Sprintf("arxiv:2602.%05d", n)), Title: fmt.Sprintf("%s With Experts", subjects[n%len(subjects)]),
		Abstract: "We study it.", Authors: []string{"Author " + subjects[n%len(subjects)]},
		Sightings: []paper.Sighting{{Source: source, Day: day, Votes: votes}},
	}
}

func titled(p paper.Paper, title string) paper.Paper {
	p.Title = title
	return p
}

func count(n int) func(*team.Prefs) { return func(p *team.Prefs) { p.Count = n } }

func layout(l team.Layout) func(*team.Prefs) { return func(p *team.Prefs) { p.Layout = l } }

// text is a message as plain lines.
func text(m chat.Message) string {
	lines := []string{m.Text.String()}
	for _, c := range m.Cards {
		lines = append(lines, fmt.Sprintf("%d %s | %s | %s", c.Number, c.Title, c.Counts, c.Why))
	}
	lines = append(lines, m.Foot.String())
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return s == "" }), "\n")
}

func TestLayoutsMakeMessages(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday, 120), listed(2, "daily", friday, 30))
	const (
		heading = "Today’s picks · Friday, 27 February"
		first   = "1 Diffusion With Experts | ▲ 120 on The Daily | matches experts · 120 upvotes on The Daily"
		second  = "2 Speech With Experts | ▲ 30 on The Daily | matches experts · 30 upvotes on The Daily"
	)
	for as, want := range map[team.Layout][]string{
		team.Posts:  {heading + "\n" + first, second},
		team.Thread: {heading + ": 2 papers in the thread.", first, second},
		team.Digest: {heading + "\n" + first + "\n" + second + "\nReact with 1️⃣ or 2️⃣ to vote for a paper."},
		team.Letter: {"2 papers for today · Friday, 27 February\n" + first + "\n" + second},
	} {
		p := d.plan(d.channel([]string{"experts"}, layout(as)), friday)
		var got []string
		for i, m := range p.Messages {
			got = append(got, text(m))
			if want := fmt.Sprintf("daily/%s/2026-02-27/%d", p.Channel.ID, i); m.Key != want {
				t.Errorf("%s: message %d has the key %q, want %q", as, i, m.Key, want)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s makes\n%q, want\n%q", as, got, want)
		}
		if p.Thread != (as == team.Thread) || !p.Expires.Equal(on(friday).At.Add(team.Limit)) || p.Note != "" {
			t.Errorf("%s: thread %t, expires %s, note %q", as, p.Thread, p.Expires, p.Note)
		}
	}
}

func TestALetterOfAWeekSaysSo(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday.AddDays(-6), 120))
	c := d.channel([]string{"experts"}, layout(team.Letter), func(p *team.Prefs) { p.Schedule.Days = 1 << time.Friday })
	p := d.plan(c, friday)
	if len(p.Messages) != 1 || !strings.HasPrefix(text(p.Messages[0]), "1 paper of the week · Friday, 27 February\n") {
		t.Errorf("it makes %+v", p.Messages)
	}
}

func TestTheFootOfADigestNamesItsNumbers(t *testing.T) {
	var papers []paper.Paper
	for i := range 12 {
		papers = append(papers, listed(i+1, "daily", friday, 100-i))
	}
	d := newDesk(t, papers...)
	for n, want := range map[int]string{
		1: "React with 1️⃣ to vote for it.", 2: "React with 1️⃣ or 2️⃣ to vote for a paper.",
		9: "React with 1️⃣ to 9️⃣ to vote for a paper.", 10: "React with 1️⃣ to 🔟 to vote for a paper.",
	} {
		p := d.plan(d.channel([]string{"*"}, count(n), layout(team.Digest)), friday)
		if len(p.Messages) != 1 || len(p.Messages[0].Cards) != n || p.Messages[0].Foot.String() != want {
			t.Errorf("%d papers: %q", n, text(p.Messages[0]))
		}
	}
}

// TestMessagesKeepToTheLimits has the longest names of papers and channels.
func TestMessagesKeepToTheLimits(t *testing.T) {
	long := listed(1, "daily", friday, 9)
	long.ID = paper.ID("doi:10.5555/" + strings.Repeat("x", 200))
	d := newDesk(t, long, listed(2, "daily", friday, 3))
	for _, as := range team.Layouts {
		c := d.channel([]string{"*"}, layout(as))
		c.Last = on(friday) // a second slot of one date has a longer key
		p := d.plan(c, friday)
		if picked(p) == "" || len(p.Picks) != 2 {
			t.Fatalf("%s: picked %q", as, picked(p))
		}
		for _, m := range p.Messages {
			if len(m.Key) > chat.MaxKey || len(m.Cards) > chat.MaxCards || !strings.Contains(m.Key, "/2026-02-27+") {
				t.Errorf("%s: key %q, %d cards", as, m.Key, len(m.Cards))
			}
			for _, c := range m.Cards {
				for _, b := range c.Buttons {
					if len(b.Action) > chat.MaxAction {
						t.Errorf("%s: the action %q has more than %d bytes", as, b.Action, chat.MaxAction)
					}
					if action, ok, err := d.store.Action(t.Context(), b.Action); !ok || err != nil || !strings.HasSuffix(action, " "+string(c.Paper)) {
						t.Errorf("%s: pressing %s does %q (%t, %v)", as, b.Label, action, ok, err)
					}
				}
			}
		}
	}
}

// TestWindows has papers listed around the borders of what a day may pick from.
func TestWindows(t *testing.T) {
	var papers []paper.Paper
	for ago := -1; ago <= 8; ago++ { // number 1 is of tomorrow, 2 of today, 3 of yesterday …
		papers = append(papers, listed(ago+2, "daily", friday.AddDays(-ago), 5))
	}
	d := newDesk(t, papers...)
	settled := func(p *team.Prefs) { p.Settled = true }
	for _, c := range []struct {
		name string
		set  []func(*team.Prefs)
		want string
	}{
		{"fresh", nil, "2 3 4 5 6 7 8"},
		{"settled", []func(*team.Prefs){settled}, "3 4 5 6 7 8 9"},
	} {
		got := strings.Fields(picked(d.plan(d.channel([]string{"*"}, append(c.set, count(10))...), friday)))
		slices.SortFunc(got, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s lists give %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNothingFromBeforeATopicWasFollowed(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday.AddDays(-1), 500), listed(2, "daily", friday, 5), titled(listed(3, "daily", friday.AddDays(-1), 9), "Poems Alone"))
	c := d.channel([]string{"experts", "poems"})
	c.Prefs.Topics[0].Since = friday
	if got := picked(d.plan(c, friday)); got != "3 2" && got != "2 3" {
		t.Errorf("picked %q, want 2 by the new topic and 3 by the old one", got)
	}
	again := listed(1, "arxiv", friday, 0) // listed once more, since the topic is followed
	if _, err := d.store.SavePapers(t.Context(), []paper.Paper{again}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(picked(d.plan(c, friday))); !slices.Contains(got, "1") {
		t.Errorf("picked %q, want 1 too, which another source listed today", got)
	}
}

func TestMondayPicksFromTheWeekend(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday, 5), listed(2, "daily", friday.AddDays(1), 9), listed(3, "arxiv", friday.AddDays(2), 0))
	c := d.channel([]string{"experts"}, count(10))
	if got := picked(d.plan(c, friday.AddDays(3))); len(strings.Fields(got)) != 3 {
		t.Errorf("on Monday %q are picked, want all three of the days before", got)
	}
}

func TestWhatWasShownIsNotPickedAgain(t *testing.T) {
	twin := titled(listed(3, "arxiv", friday, 0), "Diffusion With Experts")
	twin.Authors = listed(1, "daily", friday, 0).Authors
	d := newDesk(t, listed(1, "daily", friday, 50), listed(2, "daily", friday, 40), twin, listed(4, "daily", friday, 30), listed(5, "daily", friday, 20))
	c := d.channel([]string{"*"}, count(10))
	if got := picked(d.plan(c, friday)); len(strings.Fields(got)) != 4 || strings.Contains(got, "1") && strings.Contains(got, "3") {
		t.Errorf("picked %q, want 2, 4, 5 and one of the twins 1 and 3", got)
	}
	share := team.Share{Team: team.Everyone, Paper: "arxiv:2602.00002", By: ada, Post: chat.Post{Place: place, ID: "m"}, At: on(friday).At}
	if err := d.store.Share(t.Context(), share); err != nil {
		t.Fatal(err)
	}
	p := d.plan(c, friday)
	c, err := d.store.ChangeChannel(t.Context(), place, ada, on(friday).At, func(x *team.Channel) error {
		x.Prefs, x.Next = c.Prefs, on(friday)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Channel, p.Picks, p.Messages = c, p.Picks[:1], p.Messages[:1]
	if outcomes, err := d.store.Plan(t.Context(), []store.Plan{p}); err != nil || !outcomes[0].Planned {
		t.Fatalf("%+v, %v", outcomes, err)
	}
	if got := picked(p); got != "1" {
		t.Fatalf("the first pick is %q, want 1, which has most votes", got)
	}
	if got := picked(d.plan(c, friday.AddDays(1), "arxiv:2602.00005")); got != "4" {
		t.Errorf("picked %q, want 4: 1 was picked, 2 shared here, 3 is like 1, and 5 turned out to be a repeat", got)
	}
}

func TestFiltersOfAChannel(t *testing.T) {
	cross, replaced := listed(3, "arxiv", friday, 0), listed(4, "arxiv", friday, 0)
	cross.Sightings[0].Kind, replaced.Sightings[0].Kind = paper.Cross, paper.Replace
	brought := listed(5, team.SourceName, friday, 0)
	d := newDesk(t, listed(1, "daily", friday, 50), listed(2, "arxiv", friday, 0), cross, replaced, brought)
	voted := team.ByHand(team.Everyone, "arxiv:2602.00002", ada, team.Up, on(friday).At.Add(-time.Hour))
	if _, err := d.store.Mark(t.Context(), voted); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		topics []string
		set    func(*team.Prefs)
		want   string
	}{
		"as it comes":         {[]string{"*"}, func(*team.Prefs) {}, "1 2 3"},
		"one source":          {[]string{"*"}, func(p *team.Prefs) { p.Sources = []string{"daily"} }, "1"},
		"what people shared":  {[]string{"*"}, func(p *team.Prefs) { p.Sources = []string{team.SourceName} }, "5"},
		"no cross-lists":      {[]string{"*"}, func(p *team.Prefs) { p.NoCross = true }, "1 2"},
		"with new versions":   {[]string{"*"}, func(p *team.Prefs) { p.Replaced = true }, "1 2 3 4"},
		"our votes count":     {[]string{"*"}, func(p *team.Prefs) { p.MinVotes = 1 }, "1 2"},
		"a minimum":           {[]string{"*"}, func(p *team.Prefs) { p.MinVotes = 50 }, "1"},
		"too high a minimum":  {[]string{"*"}, func(p *team.Prefs) { p.MinVotes = 51 }, ""},
		"two topics":          {[]string{"speech", "diffusion"}, func(*team.Prefs) {}, "1 2"},
		"a topic and another": {[]string{"speech OR proteins"}, func(*team.Prefs) {}, "2 3"},
		"votes in a topic":    {[]string{"experts votes:50", "proteins"}, func(*team.Prefs) {}, "1 3"},
		"our votes in one":    {[]string{"experts votes:1"}, func(*team.Prefs) {}, "1 2"},
		"an exclusion":        {[]string{"experts -speech"}, func(*team.Prefs) {}, "1 3"},
		"by author":           {[]string{`author:"Author Speech"`}, func(*team.Prefs) {}, "2"},
	} {
		got := strings.Fields(picked(d.plan(d.channel(c.topics, count(10), c.set), friday)))
		slices.Sort(got)
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: picked %q, want %q", name, got, c.want)
		}
	}
}

func TestTheTeamsLikesSpeakForAPaper(t *testing.T) {
	old := listed(1, "daily", friday.AddDays(-30), 3)
	fresh := listed(2, "daily", friday, 0)
	old.Authors, fresh.Authors = []string{"Grace Hopper"}, []string{"Alan Kay", "Grace Hopper"}
	d := newDesk(t, old, fresh)
	for i, want := range []string{"one of you liked papers by Grace Hopper", "2 of you liked papers by Grace Hopper", "3 of you liked papers by Grace Hopper"} {
		by := chat.Person{Platform: "test", Space: "T1", ID: fmt.Sprint("p", i)}
		if _, err := d.store.Mark(t.Context(), team.ByHand(team.Everyone, old.ID, by, team.Up, on(friday).At.Add(-time.Hour))); err != nil {
			t.Fatal(err)
		}
		if p := d.plan(d.channel([]string{"*"}), friday); len(p.Picks) != 1 || p.Picks[0].Why != want {
			t.Errorf("%d people: %+v, want %q", i+1, p.Picks, want)
		}
	}
	down := team.ByHand(team.Everyone, old.ID, ada, team.Down, on(friday).At)
	if _, err := d.store.Mark(t.Context(), down); err != nil {
		t.Fatal(err)
	}
	if p := d.plan(d.channel([]string{"*"}), friday); !strings.HasPrefix(p.Picks[0].Why, "3 of you") {
		t.Errorf("👎 counts as a like: %q", p.Picks[0].Why)
	}
}

func TestAnUnknownZoneFallsBackAndIsLoggedOnce(t *testing.T) {
	d := newDesk(t)
	for range 3 {
		if got := d.Zone(team.Channel{Prefs: team.Prefs{Schedule: team.Schedule{Zone: "Europe/Atlantis"}}}); got != time.UTC {
			t.Errorf("the zone is %s, want UTC", got)
		}
	}
	if n := strings.Count(d.logs.String(), "zone=Europe/Atlantis"); n != 1 {
		t.Errorf("it is logged %d times, want once:\n%s", n, d.logs.String())
	}
	if got := d.Zone(team.Channel{Prefs: team.Prefs{Schedule: team.Schedule{Zone: "Europe/Berlin"}}}); got.String() != "Europe/Berlin" {
		t.Errorf("the zone is %s", got)
	}
}

func TestABatchOfASecondSlotOfOneDateHasItsOwnKey(t *testing.T) {
	c := team.Channel{ID: "abc"}
	first := picks.Batch(c, on(friday))
	c.Last = on(friday)
	if second := picks.Batch(c, on(friday)); first != "daily/abc/2026-02-27" || second == first {
		t.Errorf("the keys are %q and %q", first, second)
	}
}
