package picks_test

import (
	"strings"
	"testing"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// why is what the picker says of a paper on a day.
func (d *desk) why(c team.Channel, p paper.Paper, day date.Date) string {
	d.Helper()
	t, err := d.Why(d.Context(), c, p, on(day).At)
	if err != nil {
		d.Fatal(err)
	}
	return t.String()
}

func TestAnEmptyDayIsExplained(t *testing.T) {
	cross, replaced := listed(1, "arxiv", friday, 0), listed(2, "arxiv", friday, 0)
	cross.Sightings[0].Kind, replaced.Sightings[0].Kind = paper.Cross, paper.Replace
	three := []paper.Paper{listed(3, "daily", friday, 4), listed(4, "daily", friday, 3), listed(5, "daily", friday, 2)}
	const week = "from 21 February to 27 February, "
	for name, c := range map[string]struct {
		papers []paper.Paper
		topics []string
		set    func(*team.Prefs)
		want   string
	}{
		"nothing listed":    {nil, []string{"*"}, nil, "No source listed anything from 21 February to 27 February."},
		"one below":         {three[:1], []string{"*"}, func(p *team.Prefs) { p.MinVotes = 5 }, "Of 1 paper listed " + week + "1 is below the minimum of 5 votes."},
		"all below":         {three, []string{"*"}, func(p *team.Prefs) { p.MinVotes = 5 }, "Of 3 papers listed " + week + "3 are below the minimum of 5 votes."},
		"below one vote":    {[]paper.Paper{listed(6, "daily", friday, 0)}, []string{"*"}, func(p *team.Prefs) { p.MinVotes = 1 }, "Of 1 paper listed " + week + "1 is below the minimum of 1 vote."},
		"off topic":         {three, []string{"sailing"}, nil, "Of 3 papers listed " + week + "3 are off the topics (or were listed before they were followed)."},
		"other sources":     {three, []string{"*"}, func(p *team.Prefs) { p.Sources = []string{"arxiv"} }, "Of 3 papers listed " + week + "3 are of other sources."},
		"cross-lists":       {[]paper.Paper{cross}, []string{"*"}, func(p *team.Prefs) { p.NoCross = true }, "Of 1 paper listed " + week + "1 is only cross-listed."},
		"new versions":      {[]paper.Paper{replaced}, []string{"*"}, nil, "Of 1 paper listed " + week + "1 is a new version of an older paper."},
		"several filters":   {append([]paper.Paper{cross}, three...), []string{"proteins OR routing"}, func(p *team.Prefs) { p.NoCross, p.MinVotes = true, 9 }, "Of 4 papers listed " + week + "1 is only cross-listed, 2 are off the topics (or were listed before they were followed) and 1 is below the minimum of 9 votes."},
		"before subscribed": {three, []string{"*"}, func(p *team.Prefs) { p.Topics[0].Since = friday.AddDays(1) }, "Of 3 papers listed " + week + "3 were listed before this channel was subscribed."},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, c.papers...)
			set := c.set
			if set == nil {
				set = func(*team.Prefs) {}
			}
			p := d.plan(d.channel(c.topics, set), friday)
			if p.Note != c.want || len(p.Picks) > 0 || len(p.Messages) > 0 {
				t.Errorf("got %q and %d picks, want %q", p.Note, len(p.Picks), c.want)
			}
		})
	}
}

func TestAQuietSourceSaysWhy(t *testing.T) {
	d := newDesk(t)
	sunday := friday.AddDays(2)
	for sources, want := range map[string]string{
		"":      "No source listed anything from 23 February to 1 March. arXiv announces nothing at weekends.",
		"arxiv": "No source listed anything from 23 February to 1 March. arXiv announces nothing at weekends.",
		"daily": "No source listed anything from 23 February to 1 March.",
	} {
		c := d.channel([]string{"*"}, func(p *team.Prefs) { p.Sources = strings.Fields(sources) })
		if got := d.plan(c, sunday).Note; got != want {
			t.Errorf("with sources %q: %q, want %q", sources, got, want)
		}
	}
}

func TestASourceThatIsDownSaysSoWithoutItsError(t *testing.T) {
	d := newDesk(t)
	fail := func(source string, done bool) {
		t.Helper()
		at := on(friday).At.Add(-2 * time.Hour)
		for range 2 {
			lease, ok, err := d.store.LeaseSource(t.Context(), source, "x", at, at.Add(time.Minute), false)
			if err != nil || !ok {
				t.Fatal(ok, err)
			}
			if done {
				err = d.store.SourceDone(t.Context(), lease, at, at)
			} else {
				err = d.store.SourceFailed(t.Context(), lease, "Get http://secret.example: refused", at, at)
			}
			if err != nil {
				t.Fatal(err)
			}
			done, at = false, at.Add(time.Hour)
		}
	}
	fail("daily", true)
	fail("arxiv", false)
	want := "No source listed anything from 21 February to 27 February. The Daily could not be read lately; the last time was on 27 February at 08:00. arXiv could not be read yet: every try has failed."
	berlin := func(p *team.Prefs) { p.Schedule.Zone = "Europe/Berlin" }
	if got := d.plan(d.channel([]string{"*"}, berlin), friday).Note; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWhyForEachVerdict(t *testing.T) {
	cross, replaced := listed(3, "arxiv", friday, 0), listed(4, "arxiv", friday, 0)
	cross.Sightings[0].Kind, replaced.Sightings[0].Kind = paper.Cross, paper.Replace
	shared, twin := listed(5, "daily", friday, 1), listed(6, "arxiv", friday, 1)
	twin.Title, twin.Authors = shared.Title, shared.Authors
	tomorrow, old, unlisted := listed(7, "daily", friday.AddDays(1), 1), listed(8, "daily", friday.AddDays(-20), 1), listed(9, "daily", friday, 1)
	unlisted.Sightings = nil
	few, other, brought, late := listed(10, "daily", friday, 1), titled(listed(11, "daily", friday, 9), "Ships"), listed(12, team.SourceName, friday, 9), listed(13, "daily", friday.AddDays(-3), 9)
	d := newDesk(t, listed(1, "daily", friday, 50), listed(2, "daily", friday, 5), cross, replaced, shared, twin, tomorrow, old, unlisted, few, other, brought, late)
	err := d.store.Share(t.Context(), team.Share{Team: team.Everyone, Paper: shared.ID, By: ada, At: on(friday).At})
	if err != nil {
		t.Fatal(err)
	}
	c := d.channel([]string{"experts"}, count(1), func(p *team.Prefs) { p.NoCross, p.MinVotes, p.Topics[0].Since = true, 5, friday.AddDays(-2) })
	share := team.Share{Team: team.Everyone, Paper: shared.ID, By: ada, At: on(friday).At}
	share.Post.Place = place
	if err := d.store.Share(t.Context(), share); err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct {
		p    paper.Paper
		want string
	}{
		{listed(1, "daily", friday, 50), "It would be pick number 1 if picks were made now: matches experts · 50 upvotes on The Daily."},
		{listed(2, "daily", friday, 5), "It passes all filters and ranks 2nd of 2; 1 a day is posted, no two about the same. What speaks for it: matches experts · 5 upvotes on The Daily."},
		{cross, "It was only cross-listed, and cross-lists are switched off here."},
		{replaced, "What was listed is a new version of an older paper; new versions are switched off here."},
		{shared, "It has been shared in this channel already."},
		{twin, "A paper that is nearly the same has been shown in this channel already."},
		{tomorrow, "It was listed on Saturday, 28 February 2026, which this channel comes to later."},
		{old, "It was listed on Saturday, 7 February 2026. Picks come from the lists of the last 7 days, so that nothing old is posted."},
		{unlisted, "No source has listed it, so it is not picked. Picks come from the lists of the last 7 days."},
		{few, "It has 1 vote, and this channel wants at least 5."},
		{other, "It does not match the topic followed here: “experts”."},
		{brought, "None of the sources this channel takes papers from has listed it; those are The Daily and arXiv."},
		{late, "It matches “experts”, but was listed before that topic was added, on Wednesday, 25 February 2026, and nothing old is posted."},
	} {
		if got := d.why(c, w.p, friday); got != w.want {
			t.Errorf("%s: %q, want %q", w.p.ID, got, w.want)
		}
	}
}

func TestWhyNamesSomeTopicsOfMany(t *testing.T) {
	p := listed(1, "daily", friday, 5)
	d := newDesk(t, p)
	for n, want := range map[int]string{
		2: "It matches none of the topics followed here: “a1” or “a2”.",
		8: "It matches none of the topics followed here: “a1”, “a2”, “a3”, “a4”, “a5” or 3 others.",
	} {
		topics := strings.Fields("a1 a2 a3 a4 a5 a6 a7 a8")[:n]
		if got := d.why(d.channel(topics), p, friday); got != want {
			t.Errorf("%d topics: %q, want %q", n, got, want)
		}
	}
	c := d.channel([]string{"*"}, func(p *team.Prefs) { p.Topics[0].Since = friday.AddDays(1) })
	if got, want := d.why(c, p, friday), "It was listed before this channel was subscribed, on Saturday, 28 February 2026, and nothing old is posted."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAPreviewKeepsNothing(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday, 50))
	c := d.channel([]string{"experts"})
	for range 2 {
		p, err := d.Preview(t.Context(), c, on(friday).At)
		if err != nil || len(p.Cards) != 1 || p.Cards[0].Number != 1 || p.Note != "" {
			t.Errorf("preview %+v, %v", p, err)
		}
	}
	taste, err := d.Taste(t.Context(), d.channel([]string{"experts"}, func(p *team.Prefs) { p.Settled, p.Topics[0].Since = true, friday.AddDays(9) }), friday)
	if err != nil || len(taste.Cards) != 1 {
		t.Errorf("a taste of the day, old and unsettled papers too: %+v, %v", taste, err)
	}
}
