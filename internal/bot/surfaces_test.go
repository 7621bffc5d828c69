package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// speaker is a platform that also posts, or says why not.
type speaker struct {
	silent
	sent []chat.Message
	err  error
}

func (p *speaker) Send(_ context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	if p.err != nil {
		return chat.Post{}, p.err
	}
	p.sent = append(p.sent, m)
	return chat.Post{Place: to, ID: fmt.Sprint(len(p.sent))}, nil
}

// speaking is a scene whose platform posts.
func speaking(t *testing.T, papers ...paper.Paper) (*scene, *speaker) {
	s := newScene(t, nil, papers...)
	p := &speaker{}
	s.platform(p)
	return s, p
}

func (s *scene) up(id paper.ID) int {
	s.Helper()
	votes, err := s.store.Votes(s.Context(), team.Everyone, []paper.ID{id})
	if err != nil {
		s.Fatal(err)
	}
	return votes[id]
}

func TestSharedPaperIsPostedAndReactionsOnItCount(t *testing.T) {
	s, platform := speaking(t, week()...)
	list := s.typed(ada, "today")
	got := show(s.press(ada, list, 2, chat.Share, now))
	if !strings.Contains(got, "Everybody here sees “Sparse Experts Routed” now.") || len(platform.sent) != 1 {
		t.Fatalf("sharing answers %q and posts %d messages, want one", got, len(platform.sent))
	}
	m := platform.sent[0]
	if m.Text[0].Person != ada || m.Cards[0].Number != 0 {
		t.Errorf("the post does not say who shares it, or is numbered: %+v", m)
	}
	if slices.ContainsFunc(m.Cards[0].Buttons, func(b chat.Button) bool { return b.Does == chat.Share }) {
		t.Error("what was shared can be shared again where it was")
	}
	reaction := chat.Reaction{Post: chat.Post{Place: place, ID: "1"}, By: bob, Emoji: "👍", At: now}
	if err := s.Reacted(t.Context(), reaction); err != nil {
		t.Fatal(err)
	}
	if n := s.up("arxiv:2602.00001"); n != 1 {
		t.Errorf("after a reaction on the shared post the paper has %d votes, want 1", n)
	}
	if got := show(s.press(bob, list, 2, chat.Share, now.Add(time.Second))); !strings.Contains(got, "shown here a moment ago") || len(platform.sent) != 1 {
		t.Errorf("sharing it again at once answers %q and posts %d messages", got, len(platform.sent)-1)
	}
}

func TestShareThatIsNotPostedSaysWhy(t *testing.T) {
	s, platform := speaking(t, week()...)
	for want, err := range map[string]error{
		"invite me":         &chat.Refused{Reason: "invite me"},
		"try again in a":    &chat.Throttled{After: time.Second},
		"Look before you":   &chat.Unsure{Err: context.DeadlineExceeded},
		"Something broke h": context.DeadlineExceeded,
	} {
		platform.err = err
		if got := s.says("share 2602.00001"); !strings.Contains(got, want) {
			t.Errorf("a share that ends in %T answers %q, want %q in it", err, got, want)
		}
	}
	direct := s.Command(t.Context(), chat.Command{Name: "papers", Text: "share 2602.00001", By: ada, In: chat.Direct(ada), At: now})
	if got := show(direct); !strings.Contains(got, "yourself alone") {
		t.Errorf("sharing with oneself answers %q", got)
	}
}

func linked(id string, links ...string) chat.Linked {
	return chat.Linked{Post: chat.Post{Place: place, ID: id}, By: ada, Links: links, At: now}
}

const first, second = "https://arxiv.org/abs/2602.00001", "https://huggingface.co/papers/2602.00002"

func TestLinksAreShownOnceInHalfAnHour(t *testing.T) {
	s := newScene(t, nil, week()...)
	at := func(l chat.Linked, after time.Duration) chat.Linked {
		l.At = l.At.Add(after)
		return l
	}
	for _, test := range []struct {
		name string
		l    chat.Linked
		want []string
	}{
		{"two papers", linked("1", first, second), []string{first, second}},
		{"the same event again", linked("1", first, second), []string{first, second}},
		{"a paper that was just shown", at(linked("2", first), 29*time.Minute), nil},
		{"no paper", linked("3", "https://arxiv.org/list/cs.LG/new"), nil},
		{"after half an hour", at(linked("4", second), 31*time.Minute), []string{second}},
		{"one paper by two links", at(linked("5", first, "https://arxiv.org/pdf/2602.00001v2"), 2*time.Hour), []string{first}},
		{"three links", at(linked("6", "https://arxiv.org/abs/2602.00003", first, second), 9*time.Hour), nil},
	} {
		previews, err := s.Linked(t.Context(), test.l)
		var got []string
		for _, p := range previews {
			got = append(got, p.Link)
		}
		if !slices.Equal(got, test.want) || err != nil {
			t.Errorf("%s: shown are %q, %v, want %q", test.name, got, err, test.want)
		}
	}
}

func TestReactionOnAMessageWithALinkIsAVote(t *testing.T) {
	s := newScene(t, nil, week()...)
	if _, err := s.Linked(t.Context(), linked("1", first)); err != nil {
		t.Fatal(err)
	}
	said := chat.Said{Post: chat.Post{Place: place, ID: "1"}, By: ada, Text: "look at " + first, At: now}
	if _, err := s.Said(t.Context(), said); err != nil {
		t.Fatal(err)
	}
	if err := s.Reacted(t.Context(), chat.Reaction{Post: said.Post, By: bob, Emoji: "+1", At: now}); err != nil {
		t.Fatal(err)
	}
	if n := s.up("arxiv:2602.00001"); n != 1 {
		t.Errorf("the paper has %d votes, want 1", n)
	}
	shares, err := s.store.Shares(t.Context(), team.Everyone, "arxiv:2602.00001")
	if err != nil || len(shares) != 1 || shares[0].By != ada {
		t.Errorf("who shared it: %+v, %v, want ada once", shares, err)
	}
}

func TestClearedReactionsAreNoVotesAndHandmadeOnesStay(t *testing.T) {
	s := newScene(t, nil, week()...)
	const id = paper.ID("arxiv:2602.00001")
	said := chat.Said{Post: chat.Post{Place: place, ID: "1"}, By: ada, Text: "look at " + first, At: now}
	if _, err := s.Said(t.Context(), said); err != nil {
		t.Fatal(err)
	}
	eve := chat.Person{Platform: "test", Space: "T1", ID: "eve"}
	react := func(r chat.Reaction) {
		t.Helper()
		r.Post = said.Post
		if err := s.Reacted(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	react(chat.Reaction{By: ada, Emoji: "👍", At: now})
	react(chat.Reaction{By: bob, Emoji: "🚀", At: now})
	s.typed(eve, "vote "+string(id))
	if n := s.up(id); n != 3 {
		t.Fatalf("the paper has %d votes, want 3", n)
	}
	for _, step := range []struct {
		emoji string
		want  int
	}{{"🔥", 3}, {"🚀", 2}, {"", 1}} {
		react(chat.Reaction{Emoji: step.emoji, Removed: true, At: now.Add(time.Minute)})
		if n := s.up(id); n != step.want {
			t.Errorf("with %q cleared the paper has %d votes, want %d", step.emoji, n, step.want)
		}
	}
	react(chat.Reaction{By: bob, Emoji: "👍", At: now.Add(2 * time.Minute)})
	react(chat.Reaction{Removed: true, At: now}) // comes late
	if n := s.up(id); n != 2 {
		t.Errorf("a vote after the clearing leaves %d votes, want 2", n)
	}
}

func TestAskedForPapersOfAMessageAreAnswered(t *testing.T) {
	s := newScene(t, nil, week()...)
	ask := chat.Said{Post: chat.Post{Place: place, ID: "1"}, By: bob, Text: first, Asked: true, At: now}
	m, err := s.Said(t.Context(), ask)
	if err != nil || len(m.Cards) != 1 {
		t.Errorf("the answer is %s, %v, want a card", show(m), err)
	}
	ask.Text = "lunch?"
	if m, err = s.Said(t.Context(), ask); err != nil || !strings.Contains(show(m), "no paper in this message") {
		t.Errorf("without a paper the answer is %q, %v", show(m), err)
	}
}

func TestHelloIsSaidWhereNobodyKnowsTheBot(t *testing.T) {
	s := newScene(t, nil)
	m, err := s.Joined(t.Context(), chat.Joined{In: place, By: ada, At: now})
	if got := show(m); err != nil || strings.Count(got, "\n/pap") != 3 {
		t.Errorf("hello is %q, %v, want three commands in it", got, err)
	}
	s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe moe", By: ada, In: place, At: now})
	if m, err := s.Joined(t.Context(), chat.Joined{In: place, By: ada, At: now}); err != nil || !m.Empty() {
		t.Errorf("where it was subscribed before, hello is %q, %v, want nothing", show(m), err)
	}
}

func TestLatestPostsAreThoseOfThePlatform(t *testing.T) {
	s := newScene(t, nil, week()...)
	elsewhere := chat.Place{Platform: "other", Channel: "C1"}
	for _, post := range []chat.Post{{Place: place, ID: "101"}, {Place: place, ID: "103"}, {Place: place, ID: "102"}, {Place: elsewhere, ID: "104"}, {Place: place, ID: "099"}} {
		if err := s.store.RecordPost(t.Context(), post, []paper.ID{"arxiv:1", "arxiv:2"}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Posts(t.Context(), place.Platform, "100", 2)
	if want := []chat.Post{{Place: place, ID: "103"}, {Place: place, ID: "102"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("the latest posts are %v, %v, want %v", got, err, want)
	}
}

func TestComingBackResumesWhatWasFollowed(t *testing.T) {
	s := newScene(t, nil)
	other := chat.Place{Platform: place.Platform, Space: place.Space, Channel: "C2"}
	lose := func() {
		for _, in := range []chat.Place{place, other} {
			s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe moe", By: ada, In: in, At: now})
			_, err := s.store.ChangeChannel(t.Context(), in, ada, now, func(c *team.Channel) error {
				c.Gone, c.GoneAt, c.Next = "Paperboy was put out", now, team.Slot{}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for everywhere, want := range map[bool][2]bool{true: {true, true}, false: {true, false}} {
		lose()
		if m, err := s.Joined(t.Context(), chat.Joined{In: place, Everywhere: everywhere, At: now}); err != nil || !m.Empty() {
			t.Errorf("hello is %q, %v, want nothing", show(m), err)
		}
		for i, in := range []chat.Place{place, other} {
			c, err := s.store.Channel(t.Context(), in)
			if back := c.Gone == "" && !c.Next.At.IsZero(); back != want[i] || err != nil {
				t.Errorf("back everywhere %t, %s is posted to: %t, %v, want %t", everywhere, in.Channel, back, err, want[i])
			}
		}
	}
	if m, err := s.Joined(t.Context(), chat.Joined{In: chat.Place{Platform: "test", Space: "T9"}, Everywhere: true, At: now}); err != nil || !m.Empty() {
		t.Errorf("without a place for it, hello is %q, %v", show(m), err)
	}
}

func TestLeavingPausesAndTellsWhoSubscribed(t *testing.T) {
	other := chat.Place{Platform: place.Platform, Space: place.Space, Channel: "C2"}
	for _, test := range []struct {
		left chat.Left
		gone [2]bool // place and other
		told int
	}{
		{chat.Left{In: place, Reason: "the channel was deleted", At: now}, [2]bool{true, false}, 1},
		{chat.Left{In: chat.Place{Platform: place.Platform, Space: place.Space}, Everywhere: true, Reason: "Paperboy was put out", At: now}, [2]bool{true, true}, 0},
		{chat.Left{In: chat.Place{Platform: place.Platform, Space: place.Space, Channel: "C9"}, Reason: "the channel was deleted", At: now}, [2]bool{}, 0},
	} {
		s := newScene(t, nil)
		for _, in := range []chat.Place{place, other} {
			s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe moe", By: ada, In: in, At: now})
		}
		for range 2 { // as a service may tell it twice
			if err := s.Left(t.Context(), test.left); err != nil {
				t.Fatal(err)
			}
		}
		for i, in := range []chat.Place{place, other} {
			c, err := s.store.Channel(t.Context(), in)
			if stopped := c.Gone == test.left.Reason && c.Next.At.IsZero() && c.Prefs.Follows(); stopped != test.gone[i] || err != nil {
				t.Errorf("left %+v, %s is %+v, %v; want it stopped: %t", test.left, in.Channel, c, err, test.gone[i])
			}
		}
		waiting, err := s.store.Waiting(t.Context(), 10)
		if len(waiting) != test.told || err != nil || test.told > 0 && waiting[0].Place != chat.Direct(ada) {
			t.Errorf("left %+v, there wait %+v, %v, want %d messages to who subscribed", test.left, waiting, err, test.told)
		}
	}
}

func TestFieldsThatAreNotShownStayAsTheyAre(t *testing.T) {
	s := newScene(t, nil)
	s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe moe", By: ada, In: place, At: now})
	form := s.settingsOf(ada).Form
	v := s.Submitted(t.Context(), chat.Filled{Form: form.Name, In: form.In, By: ada, At: now, Values: map[string][]string{"count": {"7"}, "also": nil}})
	c, err := s.store.Channel(t.Context(), place)
	if len(v.Problems) > 0 || err != nil || c.Prefs.Count != 7 || !c.Prefs.NoCross || !c.Prefs.Follows() || c.Prefs.Layout != team.Posts || c.Prefs.Schedule.Hour != 9 {
		t.Errorf("with two fields filled in, the settings are %+v, problems %v, %v", c.Prefs, v.Problems, err)
	}
	if again := s.Pressed(t.Context(), chat.Press{Action: form.Again(), By: ada, In: place, At: now}); again.Form == nil || again.Form.In != place {
		t.Errorf("%q opens %+v, want the form again", form.Again(), again.Form)
	}
}

func TestComingBackQuietlyLeavesWhatWasLostLater(t *testing.T) {
	s := newScene(t, nil)
	s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe moe", By: ada, In: place, At: now})
	if err := s.Left(t.Context(), chat.Left{In: place, Reason: "the channel is archived", At: now}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		at   time.Time
		back bool
	}{{now.Add(-time.Hour), false}, {now.Add(time.Hour), true}} {
		if m, err := s.Joined(t.Context(), chat.Joined{In: place, Quietly: true, At: test.at}); err != nil || !m.Empty() {
			t.Errorf("coming back quietly says %q, %v", show(m), err)
		}
		if c, err := s.store.Channel(t.Context(), place); (c.Gone == "") != test.back || err != nil {
			t.Errorf("back since %s, the channel is gone for %q, %v; want it back: %t", test.at, c.Gone, err, test.back)
		}
	}
	unknown := chat.Place{Platform: place.Platform, Space: place.Space, Channel: "C3"}
	if m, err := s.Joined(t.Context(), chat.Joined{In: unknown, Quietly: true, At: now}); err != nil || !m.Empty() {
		t.Errorf("where nobody knows it, it says %q, %v, want nothing", show(m), err)
	}
}

// settingsOf opens the settings of the place as ada.
func (s *scene) settingsOf(by chat.Person) chat.Message {
	return s.Command(s.Context(), chat.Command{Name: "paperboy", Text: "settings", By: by, In: place, At: now})
}

// filled is a form as it was opened, with some fields changed.
func filled(f *chat.Form, by chat.Person, change map[string][]string) chat.Filled {
	values := map[string][]string{}
	for _, field := range f.Fields {
		values[field.Name] = field.Values
	}
	for name, v := range change {
		values[name] = v
	}
	return chat.Filled{Form: f.Name, In: f.In, Values: values, By: by, At: now}
}

func TestSettingsFormChangesAllAtOnce(t *testing.T) {
	s := newScene(t, nil)
	form := s.settingsOf(ada).Form
	if form == nil {
		t.Fatal("the settings have no form for somebody who may change them")
	}
	v := s.Submitted(t.Context(), filled(form, ada, map[string][]string{
		"topics": {"mixture of experts\n\n author:shazeer \nMixture  of experts"}, "schedule": {"mon 8:15 Europe/Berlin"}, "count": {"5"},
		"layout": {"digest"}, "sources": {"arxiv"}, "picks": {"settled"}, "min-votes": {"12"}, "also": {"replacements"},
	}))
	if len(v.Problems) > 0 || !strings.HasPrefix(show(v.Answer), "Saved.") {
		t.Fatalf("the verdict is %q, %s", v.Problems, show(v.Answer))
	}
	c, err := s.store.Channel(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Prefs
	topics := []string{}
	for _, topic := range p.Topics {
		topics = append(topics, topic.Query)
	}
	if !slices.Equal(topics, []string{"mixture of experts", "author:shazeer"}) || p.Count != 5 || p.Layout != team.Digest || p.MinVotes != 12 ||
		!p.Settled || !p.Replaced || !p.NoCross || !slices.Equal(p.Sources, []string{"arxiv"}) || p.Schedule.Typed() != "08:15 mon Europe/Berlin" || c.Next.At.IsZero() {
		t.Errorf("the preferences are %+v, the next slot %v", p, c.Next)
	}
	again := s.Submitted(t.Context(), filled(s.settingsOf(ada).Form, ada, nil))
	if after, err := s.store.Channel(t.Context(), place); err != nil || fmt.Sprint(after.Prefs) != fmt.Sprint(p) || len(again.Problems) > 0 {
		t.Errorf("handing the form in as it was opened changes %+v to %+v, %v, %q", p, after.Prefs, err, again.Problems)
	}
}

func TestSettingsFormTellsWhatIsWrongWithWhichField(t *testing.T) {
	s := newScene(t, nil)
	form := s.settingsOf(ada).Form
	v := s.Submitted(t.Context(), filled(form, ada, map[string][]string{
		"topics": {"-"}, "schedule": {"whenever"}, "count": {"eleven"}, "min-votes": {"-1"}, "layout": {"carpet"},
	}))
	for _, field := range []string{"topics", "schedule", "count", "min-votes", "layout"} {
		if v.Problems[field] == "" {
			t.Errorf("there is no problem with %s: %q", field, v.Problems)
		}
	}
	if c, err := s.store.Channel(t.Context(), place); err != nil || c.Prefs.Follows() || !v.Answer.Empty() {
		t.Errorf("a form with problems changed the channel to %+v, %v, and answered %s", c.Prefs, err, show(v.Answer))
	}
}

func TestSettingsFormIsForThoseWhoMayChangeThem(t *testing.T) {
	s := newScene(t, nil)
	m := s.settingsOf(bob)
	if m.Form != nil || !strings.Contains(show(m), "Settings of this channel") {
		t.Errorf("somebody who may not change the settings sees %s and a form: %t", show(m), m.Form != nil)
	}
	v := s.Submitted(t.Context(), filled(s.settingsOf(ada).Form, bob, nil))
	if !strings.Contains(show(v.Answer), "Only people who manage this channel") {
		t.Errorf("handing it in all the same is answered %q", show(v.Answer))
	}
	for _, elsewhere := range []string{"form settings " + place.Channel, "form settings @ada"} {
		m := s.Pressed(t.Context(), chat.Press{Action: elsewhere, By: bob, In: chat.Direct(bob), At: now})
		if m.Form != nil {
			t.Errorf("%q opens a form for somebody who may not", elsewhere)
		}
	}
}

func TestSearchFormSearches(t *testing.T) {
	s := newScene(t, nil, week()...)
	m := s.Pressed(t.Context(), chat.Press{Action: chat.SearchForm, By: ada, In: chat.Direct(ada), At: now})
	if m.Form == nil {
		t.Fatalf("there is no form in %s", show(m))
	}
	if v := s.Submitted(t.Context(), filled(m.Form, ada, map[string][]string{"query": {"experts"}})); !slices.Equal(titles(v.Answer), []string{"Sparse Experts Routed"}) {
		t.Errorf("searching finds %s, %q", show(v.Answer), v.Problems)
	}
	if v := s.Submitted(t.Context(), filled(m.Form, ada, map[string][]string{"query": {" "}})); v.Problems["query"] == "" {
		t.Errorf("searching for nothing is answered %s", show(v.Answer))
	}
}

func TestHomeShowsWhatConcernsThePerson(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.typed(ada, "save 2602.00001")
	for _, in := range []chat.Place{place, chat.Direct(ada), chat.Direct(bob)} {
		by, _ := in.Person()
		if by == (chat.Person{}) {
			by = ada
		}
		s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe routing", By: by, In: in, At: now})
	}
	for by, want := range map[chat.Person][]string{
		ada: {"Papers of Friday", "Sparse Experts Routed", "Picks for you alone\nOn “routing”", place.Channel + ": On “routing”"},
		bob: {"Papers of Friday", "Save a paper with its button", "Picks for you alone\nOn “routing”"},
	} {
		var all strings.Builder
		for _, part := range s.Home(t.Context(), chat.Visit{By: by, At: now}) {
			all.WriteString(show(part) + "\n")
		}
		for _, w := range want {
			if !strings.Contains(all.String(), w) {
				t.Errorf("the page of %s lacks %q:\n%s", by.ID, w, all.String())
			}
		}
		if by == bob && strings.Contains(all.String(), place.Channel+":") {
			t.Errorf("bob sees a channel that is none of his business:\n%s", all.String())
		}
	}
}
