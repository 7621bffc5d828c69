package picks_test

import (
	"fmt"
	"strings"
	"testing"

	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/team"
)

// numbers are those of the papers that an outlook picks.
func numbers(o picks.Outlook) string {
	var all []string
	for _, c := range o.Cards {
		_, n, _ := strings.Cut(string(c.Paper), ".")
		all = append(all, strings.TrimLeft(n, "0"))
	}
	return strings.Join(all, " ")
}

func TestOutlookIsOfTheNextPost(t *testing.T) {
	cross := listed(3, "arxiv", friday, 0)
	cross.Sightings[0].Kind = paper.Cross
	d := newDesk(t, listed(1, "daily", friday, 50), listed(2, "daily", friday, 4), cross, listed(4, "daily", friday, 60), titled(listed(5, "daily", friday, 70), "Poems Alone"))
	c := d.channel([]string{"experts"}, func(p *team.Prefs) { p.NoCross, p.MinVotes = true, 5 })
	o, err := d.Outlook(t.Context(), c, on(friday).At.Add(1)) // Friday's post is made
	if err != nil {
		t.Fatal(err)
	}
	if o.Day != friday.AddDays(3) && o.Day != friday { // Monday, or Friday while it is still due
		t.Errorf("the next post is of %s", o.Day)
	}
	if got := numbers(o); got != "4 1" || o.Past || o.Note != "" {
		t.Errorf("picked %q, past %t, %q; want 4 and 1", got, o.Past, o.Note)
	}
	want := "[{only cross-listed 1} {off the topics, or listed before they were followed 1} {with too few votes 1}]"
	if got := fmt.Sprint(o.Removed); got != want || o.Listed != 5 || o.Left != 2 {
		t.Errorf("of %d %s are removed and %d left, want %s", o.Listed, got, o.Left, want)
	}
}

func TestOutlookOnNothingIsATasteOfTheLastDay(t *testing.T) {
	d := newDesk(t, listed(1, "daily", friday.AddDays(-60), 50), listed(2, "daily", friday.AddDays(-60), 40))
	c := d.channel([]string{"experts"})
	c.Prefs.Topics[0].Since = friday
	o, err := d.Outlook(t.Context(), c, on(friday).At)
	if err != nil {
		t.Fatal(err)
	}
	if got := numbers(o); got != "1 2" || !o.Past || o.Day != friday.AddDays(-60) || !strings.HasPrefix(o.Note, "No source listed anything") {
		t.Errorf("picked %q of %s, past %t, %q", got, o.Day, o.Past, o.Note)
	}
	if c.Prefs.Topics[0].Since != friday {
		t.Error("the channel's own topics were changed")
	}
}

func TestOutlookOnAnEmptyFeed(t *testing.T) {
	d := newDesk(t)
	o, err := d.Outlook(t.Context(), d.channel([]string{"experts"}), on(friday).At)
	if err != nil || len(o.Cards) > 0 || o.Note == "" || o.Past {
		t.Errorf("%+v, %v", o, err)
	}
}
