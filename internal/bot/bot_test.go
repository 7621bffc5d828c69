package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/bot"
	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/polite"
	"paperboy/internal/source"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
)

var (
	now   = time.Date(2026, 2, 27, 15, 0, 0, 0, time.UTC) // a Friday
	today = date.Of(now)
	place = chat.Place{Platform: "test", Space: "T1", Channel: "C1"}
	ada   = chat.Person{Platform: "test", Space: "T1", ID: "ada"}
	bob   = chat.Person{Platform: "test", Space: "T1", ID: "bob"}
)

// scene is a bot over a real store.
type scene struct {
	*testing.T
	*bot.Bot
	store   *store.Store
	library *library.Library
	logs    strings.Builder
	emoji   bot.Emoji
	outside source.Resolver
	mailer  bot.Mailer
	feeds   bot.Feeds
	page    bot.Page
}

// knows is a resolver for arXiv papers; without papers it is down.
type knows map[paper.ID]paper.Paper

func (knows) Resolves(id paper.ID) bool { return id.Scheme() == paper.SchemeArXiv }

func (k knows) Resolve(_ context.Context, refs []paper.Ref) (found []paper.Paper, err error) {
	if k == nil {
		return nil, errors.New("secret technical reason")
	}
	for _, ref := range refs {
		if p, ok := k[ref.ID]; ok {
			found = append(found, p)
		}
	}
	return found, nil
}

func newScene(t *testing.T, outside knows, papers ...paper.Paper) *scene {
	t.Helper()
	s := &scene{T: t, store: storetest.Open(t)}
	log := slog.New(slog.NewTextHandler(&s.logs, nil))
	l, err := library.Open(t.Context(), s.store, "", log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
	s.library, s.emoji = l, bot.Usual()
	s.resolveWith(outside)
	return s
}

// resolveWith makes the bot ask r for papers that the feed lacks.
func (s *scene) resolveWith(r source.Resolver) { s.with(r, silent{}) }

// platform makes the bot talk through p.
func (s *scene) platform(p chat.Platform) { s.with(s.outside, p) }

func (s *scene) with(r source.Resolver, platform chat.Platform) {
	s.outside = r
	unknown := func() float64 { return 0 }
	m := telemetry.NewMetrics(prometheus.NewRegistry(), "test", bot.Names(), telemetry.Gauges{Papers: unknown, Indexed: unknown})
	log := slog.New(slog.NewTextHandler(&s.logs, nil))
	labels := card.Labels{"daily": "The Daily"}
	picker := picks.New(s.store, s.library, log, picks.Options{Zone: time.UTC, Labels: labels, Sources: []string{"daily", "arxiv"}})
	s.Bot = bot.New(s.store, s.library, picker, source.Resolvers{r}, chat.Platforms{"test": platform}, log, m, bot.Options{
		Zone: time.UTC, Labels: labels, Sources: []string{"daily", "arxiv"}, Emoji: s.emoji, Mail: s.mailer, Feeds: s.feeds, Page: s.page,
	})
}

// emojiAre gives reactions their meanings.
func (s *scene) emojiAre(e bot.Emoji) {
	s.emoji = e
	s.resolveWith(s.outside)
}

// silent is a platform that only tells who manages its channels: everybody but
// bob, and bob where he is alone with the bot.
type silent struct{ chat.Platform }

func (silent) Manages(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	return by != bob || in == chat.Direct(bob), nil
}

// says is what the bot answers to /papers text, as ada.
func (s *scene) says(text string) string { return show(s.typed(ada, text)) }

func (s *scene) typed(by chat.Person, text string) chat.Message {
	return s.Command(s.Context(), chat.Command{Name: "papers", Text: text, By: by, In: place, At: now})
}

// press presses the button of a card (or of the message, for card 0) that does deed.
func (s *scene) press(by chat.Person, m chat.Message, card int, deed chat.Deed, at time.Time) chat.Message {
	s.Helper()
	buttons := m.Buttons
	if card > 0 {
		buttons = m.Cards[card-1].Buttons
	}
	for _, b := range buttons {
		if b.Does == deed {
			return s.Pressed(s.Context(), chat.Press{Action: b.Action, By: by, In: place, At: at})
		}
	}
	s.Fatalf("no button to %s in %s", deed, show(m))
	return chat.Message{}
}

// show writes a message as plain lines: text, cards with number, title, why and
// counts, foot.
func show(m chat.Message) string {
	var b strings.Builder
	fmt.Fprintln(&b, m.Text.String())
	for _, c := range m.Cards {
		fmt.Fprintf(&b, "%d %s | %s | %s | %s\n", c.Number, c.Title, c.Byline, c.Counts, c.Why)
	}
	fmt.Fprint(&b, m.Foot.String())
	return strings.TrimSpace(b.String())
}

// titles are those of the cards.
func titles(m chat.Message) (list []string) {
	for _, c := range m.Cards {
		list = append(list, c.Title.String())
	}
	return list
}

// on is a paper that the daily source listed on a day.
func on(day date.Date, n, votes int, title string) paper.Paper {
	return paper.Paper{
		ID: paper.ID(fmt.Sprintf("arxiv:2602.%05d", n)), Title: title, AuthorCount: 6, Authors: []string{"Ada Lovelace"},
		Published: day.AddDays(-1).Start(time.UTC), Abstract: "We study " + title + ". It works.",
		Sightings: []paper.Sighting{{Source: "daily", Day: day, Votes: votes, Comments: 1}},
	}
}

func week() []paper.Paper {
	return []paper.Paper{
		on(today, 1, 5, "Sparse Experts Routed"),
		on(today, 2, 162, "A Survey of Diffusion"),
		on(today.AddDays(-1), 3, 7, "Yesterday's Transformers"),
		on(today.AddDays(-6), 4, 9, "Six Days Old"),
		on(today.AddDays(-7), 5, 99, "Seven Days Old"),
		on(today.AddDays(-29), 6, 100, "Last Month"),
	}
}

func TestPagesOfThePeriod(t *testing.T) {
	s := newScene(t, nil, week()...)
	for _, c := range []struct {
		text string
		want []string
	}{
		{"", []string{"A Survey of Diffusion", "Sparse Experts Routed"}},
		{"today", []string{"A Survey of Diffusion", "Sparse Experts Routed"}},
		{" TODAY ", []string{"A Survey of Diffusion", "Sparse Experts Routed"}},
		{"yesterday", []string{"Yesterday's Transformers"}},
		{"day 2026-02-21", []string{"Six Days Old"}},
		{"week", []string{"A Survey of Diffusion", "Six Days Old", "Yesterday's Transformers", "Sparse Experts Routed"}},
		{"month", []string{"A Survey of Diffusion", "Last Month", "Seven Days Old", "Six Days Old", "Yesterday's Transformers", "Sparse Experts Routed"}},
	} {
		if got := titles(s.typed(ada, c.text)); !slices.Equal(got, c.want) {
			t.Errorf("/papers %s shows %q, want %q", c.text, got, c.want)
		}
	}
}

func TestACardTellsWhatItKnows(t *testing.T) {
	s := newScene(t, nil, week()...)
	want := "Papers of Friday, 27 February 2026\n" +
		"1 A Survey of Diffusion | Ada Lovelace et al. · 6 authors · 26 Feb 2026 | ▲ 162 on The Daily · 1 comment | \n" +
		"2 Sparse Experts Routed | Ada Lovelace et al. · 6 authors · 26 Feb 2026 | ▲ 5 on The Daily · 1 comment | "
	if got := s.says("today"); got != strings.TrimSpace(want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLongSummariesAreCutBetweenCharacters(t *testing.T) {
	for _, lead := range []string{"", "a", "ab", "abc"} {
		p := on(today, 1, 5, "Experts")
		p.Summary = lead + strings.Repeat("𝕄𝕠𝔼", 40)
		m := newScene(t, nil, p).typed(ada, "today")
		got := m.Cards[0].Summary.String()
		if strings.ContainsRune(got, '\uFFFD') || !strings.HasSuffix(got, "…") || !strings.HasPrefix(p.Summary, strings.TrimSuffix(got, "…")) {
			t.Errorf("a summary beginning with %q is shown as %q", lead, got)
		}
	}
}

func TestAnEmptyDaySaysWhichIsTheLast(t *testing.T) {
	s := newScene(t, nil, on(today.AddDays(-40), 1, 5, "Long Ago"))
	for text, want := range map[string]string{
		"":               "Nothing is listed for today yet. The most upvoted papers up to Sunday, 18 January 2026",
		"today":          "The last papers before are of Sunday, 18 January 2026",
		"week":           "Nothing is listed for the last 7 days. The last papers before are of Monday, 12 January 2026 to Sunday, 18 January 2026",
		"day 2026-01-01": "The feed has no papers of Thursday, 1 January 2026 or before.",
	} {
		if got := s.says(text); !strings.Contains(got, want) {
			t.Errorf("/papers %s says:\n%s\nwant: %s", text, got, want)
		}
	}
}

func TestAnEmptyFeedSaysWhatToDo(t *testing.T) {
	s := newScene(t, nil)
	for _, text := range []string{"", "today", "week", "top", "top all", "saved", "experts"} {
		got := s.says(text)
		if !strings.Contains(got, "/papers ") || strings.Contains(got, "broke") {
			t.Errorf("/papers %s says %q, which does not tell what to do", text, got)
		}
	}
}

func TestLinesThatOnlyLookLikeCommandsAreSearches(t *testing.T) {
	s := newScene(t, nil,
		on(today, 1, 1, "Week Supervision of Top Conferences"), on(today, 2, 1, "Day Trading"), on(today, 3, 1, "Saved by the Bell"), on(today, 4, 1, "Today's Weather"))
	for text, want := range map[string]string{
		"week supervision": "Week Supervision of Top Conferences",
		"top conferences":  "Week Supervision of Top Conferences",
		"day trading":      "Day Trading",
		"saved bell":       "Saved by the Bell",
		`"top"`:            "Week Supervision of Top Conferences",
		"weather\ttoday":   "Today's Weather",
	} {
		if got := titles(s.typed(ada, text)); len(got) != 1 || got[0] != want {
			t.Errorf("/papers %s shows %q, want %q", text, got, want)
		}
	}
}

func TestSearchShowsWhyAndPages(t *testing.T) {
	var papers []paper.Paper
	for i := range 23 {
		papers = append(papers, on(today.AddDays(-i), i, i, fmt.Sprintf("Mixture of Experts, part %d", i)))
	}
	s := newScene(t, nil, papers...)
	first := s.typed(ada, "mixture experts")
	if len(first.Cards) != 10 || first.Foot.String() != "1 to 10 of 23" || first.Replace {
		t.Fatalf("first page:\n%s", show(first))
	}
	if why := first.Cards[0].Why.String(); !strings.Contains(why, "matches") || !strings.Contains(why, "experts") {
		t.Errorf("why is %q", why)
	}
	second := s.press(ada, first, 0, chat.Next, now)
	third := s.press(ada, second, 0, chat.Next, now)
	if len(third.Cards) != 3 || third.Cards[0].Number != 21 || third.Foot.String() != "21 to 23 of 23" || !third.Replace {
		t.Errorf("third page:\n%s", show(third))
	}
	back := s.press(ada, s.press(ada, third, 0, chat.Prev, now), 0, chat.Prev, now)
	if show(back) != show(first) {
		t.Errorf("two pages on and two back:\n%s\nwant:\n%s", show(back), show(first))
	}
	seen := slices.Concat(titles(first), titles(second), titles(third))
	slices.Sort(seen)
	if len(slices.Compact(seen)) != 23 {
		t.Errorf("the pages show %d papers, want each of 23 once", len(seen))
	}
}

func TestNothingFoundSaysSo(t *testing.T) {
	s := newScene(t, nil, week()...)
	if got := s.says("zzzz"); !strings.HasPrefix(got, "No paper matches “zzzz”.") || !strings.Contains(got, "/papers help") {
		t.Errorf("got %q", got)
	}
}

func TestThePaperThatIsNamedIsShown(t *testing.T) {
	s := newScene(t, nil, week()...)
	for text, want := range map[string]string{
		"2602.00002":                         "1 A Survey of Diffusion",
		"https://arxiv.org/abs/2602.00002v3": "1 A Survey of Diffusion",
		"2602.00099":                         "arxiv:2602.00099 is not in the feed. Put it there with /papers add 2602.00099",
	} {
		if got := s.says(text); !strings.HasPrefix(got, want) {
			t.Errorf("/papers %s says %q, want %q", text, got, want)
		}
	}
}

func TestHostileQueriesGetAnAnswer(t *testing.T) {
	s := newScene(t, nil, week()...)
	for _, text := range []string{
		`'; DROP TABLE papers; --`, `") OR 1=1 /*`, "NEAR(a b) ^ * { }", strings.Repeat("(", 10_000), strings.Repeat("a OR ", 20_000),
		"\x00\x1b[31m\xff\xfe", `"`, `-`, `author:`, "$1 ?2 %s %d", "top \x00", "page 5 today", "vote", "cite \x00\xff",
		"similar https://arxiv.org.evil.example/abs/2401.00001", "add javascript:alert(1)", "save 2401", "day 2026-13-99",
	} {
		got := s.says(text)
		if got == "" || strings.Contains(got, "broke") || strings.ContainsAny(got, "\x00\x1b") {
			t.Errorf("/papers %.40q answers %.200q", text, got)
		}
	}
	if n, err := s.store.CountPapers(t.Context()); n != len(week()) || err != nil {
		t.Errorf("the feed has %d papers (%v), want %d", n, err, len(week()))
	}
}

func TestVotingByButton(t *testing.T) {
	s := newScene(t, nil, week()...)
	m := s.typed(ada, "today")
	at := now
	for _, step := range []struct {
		by   chat.Person
		deed chat.Deed
		want string
	}{
		{ada, chat.Unvote, "You had not voted for “A Survey of Diffusion”. It has 0 votes here."},
		{ada, chat.Vote, "You voted for “A Survey of Diffusion”. It has 1 vote here."},
		{ada, chat.Vote, "You have voted for “A Survey of Diffusion” already. It has 1 vote here."},
		{bob, chat.Vote, "You voted for “A Survey of Diffusion”. It has 2 votes here."},
		{ada, chat.Unvote, "Your vote for “A Survey of Diffusion” is taken back. It has 1 vote here."},
		{ada, chat.Vote, "You voted for “A Survey of Diffusion”. It has 2 votes here."},
	} {
		at = at.Add(time.Second)
		if got := show(s.press(step.by, m, 1, step.deed, at)); got != step.want {
			t.Errorf("%s by %s: %q, want %q", step.deed, step.by.ID, got, step.want)
		}
	}
	if got := s.says("top day"); !strings.Contains(got, "1 A Survey of Diffusion") || !strings.Contains(got, "2 votes here") {
		t.Errorf("top day:\n%s", got)
	}
}

func TestTopWithoutVotesShowsWhatIsPopular(t *testing.T) {
	s := newScene(t, nil, week()...)
	got := s.says("top week")
	if !strings.HasPrefix(got, "Nobody here has voted in the last 7 days.") || !strings.Contains(got, "1 A Survey of Diffusion") {
		t.Errorf("top week:\n%s", got)
	}
}

func TestReactionsAreVotes(t *testing.T) {
	s := newScene(t, nil, week()...)
	one, many := chat.Post{Place: place, ID: "1"}, chat.Post{Place: place, ID: "2"}
	a, b := paper.ID("arxiv:2602.00001"), paper.ID("arxiv:2602.00002")
	for post, ids := range map[chat.Post][]paper.ID{one: {a}, many: {b, a}} {
		if err := s.store.RecordPost(t.Context(), post, ids); err != nil {
			t.Fatal(err)
		}
	}
	at := now
	for _, step := range []struct {
		what string
		r    chat.Reaction
		a, b int // votes afterwards
	}{
		{"on a post of ours", chat.Reaction{Post: one, By: ada, Emoji: "+1"}, 1, 0},
		{"on a post we don't know", chat.Reaction{Post: chat.Post{Place: place, ID: "9"}, By: bob, Emoji: "+1"}, 1, 0},
		{"a disapproving one", chat.Reaction{Post: one, By: bob, Emoji: "👎"}, 1, 0},
		{"a second emoji of one person", chat.Reaction{Post: one, By: ada, Emoji: "fire"}, 1, 0},
		{"one of them taken off", chat.Reaction{Post: one, By: ada, Emoji: "+1", Removed: true}, 1, 0},
		{"the other taken off", chat.Reaction{Post: one, By: ada, Emoji: "fire", Removed: true}, 0, 0},
		{"a keycap in a digest", chat.Reaction{Post: many, By: ada, Emoji: "2️⃣"}, 1, 0},
		{"a keycap by name", chat.Reaction{Post: many, By: ada, Emoji: "one"}, 1, 1},
		{"a keycap beyond the list", chat.Reaction{Post: many, By: bob, Emoji: "3️⃣"}, 1, 1},
		{"a thumb in a digest means none in particular", chat.Reaction{Post: many, By: bob, Emoji: "+1"}, 1, 1},
	} {
		at = at.Add(time.Second)
		step.r.At = at
		for range 2 { // every event is delivered twice
			if err := s.Reacted(t.Context(), step.r); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
		}
		votes, err := s.store.Votes(t.Context(), team.Everyone, []paper.ID{a, b})
		if err != nil || votes[a] != step.a || votes[b] != step.b {
			t.Errorf("%s: votes %v (%v), want %d and %d", step.what, votes, err, step.a, step.b)
		}
	}
}

func TestAddTakesAPaperIn(t *testing.T) {
	fresh := paper.Paper{ID: "arxiv:2401.08383", Version: 1, Title: "Brought by Hand"}
	s := newScene(t, knows{fresh.ID: fresh}, week()...)
	for _, step := range []struct{ text, want string }{
		{"add https://arxiv.org/abs/2401.08383v1", "Added to the feed.\n1 Brought by Hand"},
		{"add 2401.08383", "This one is in the feed already.\n1 Brought by Hand"},
		{"add 2401.99999", "No paper with the name arxiv:2401.99999 is known."},
		{"add", "Which paper? Give a link or an id"},
		{"add nonsense", "Which paper?"},
		{"brought hand", "1 Brought by Hand"},
	} {
		if got := s.says(step.text); !strings.Contains(got, step.want) {
			t.Errorf("/papers %s says:\n%s\nwant: %s", step.text, got, step.want)
		}
	}
	if got := titles(s.typed(ada, "today")); !slices.Contains(got, "Brought by Hand") {
		t.Errorf("today's page %q lacks the paper that was added", got)
	}
	shares, err := s.store.Shares(t.Context(), team.Everyone, fresh.ID)
	if err != nil || len(shares) != 1 || shares[0].By != ada {
		t.Errorf("shares %+v, %v", shares, err)
	}
}

func TestWhatCannotBeLookedUpNowIsNoted(t *testing.T) {
	s := newScene(t, nil, week()...)
	got := s.says("add 2401.08383")
	if !strings.Contains(got, "is noted") || strings.Contains(got, "technical") {
		t.Errorf("got %q", got)
	}
	if wanted, err := s.store.IsWanted(t.Context(), "arxiv:2401.08383"); !wanted || err != nil {
		t.Errorf("wanted: %v, %v", wanted, err)
	}
	if got := s.says("cite 2401.08383"); !strings.Contains(got, "does not answer at the moment") {
		t.Errorf("cite says %q", got)
	}
}

// guarded is a resolver of links that all lead into a private network.
type guarded struct{}

func (guarded) Resolves(id paper.ID) bool { return id.Scheme() == paper.SchemeURL }

func (guarded) Resolve(context.Context, []paper.Ref) ([]paper.Paper, error) {
	return nil, fmt.Errorf("http://10.0.0.1/x: %w", polite.ErrPrivate)
}

func TestAPaperOfTodayMayBeTooYoung(t *testing.T) {
	s := newScene(t, knows{}, week()...) // the service answers, and knows nothing
	for text, want := range map[string]string{
		"add 2602.20001": "so new that no service knows it yet",
		"add 2601.20001": "so new that no service knows it yet",
		"add 2512.20001": "No paper with the name arxiv:2512.20001 is known",
	} {
		if got := s.says(text); !strings.Contains(got, want) {
			t.Errorf("/papers %s says %q, want %q", text, got, want)
		}
	}
	if wanted, err := s.store.IsWanted(t.Context(), "arxiv:2602.20001"); !wanted || err != nil {
		t.Errorf("wanted: %v, %v", wanted, err)
	}
}

func TestTakingBackBringsNothing(t *testing.T) {
	fresh := paper.Paper{ID: "arxiv:2401.08383", Title: "Elsewhere"}
	s := newScene(t, knows{fresh.ID: fresh}, week()...)
	for _, text := range []string{"unvote 2401.08383", "unsave 2401.08383"} {
		if got := s.says(text); got != "arxiv:2401.08383 is not in the feed." {
			t.Errorf("/papers %s says %q", text, got)
		}
	}
	if got := s.says("vote 2401.08383"); !strings.Contains(got, "You voted for “Elsewhere”") {
		t.Errorf("voting for a paper from outside: %q", got)
	}
	if got := titles(s.typed(ada, "today")); !slices.Contains(got, "Elsewhere") {
		t.Errorf("today's page %q lacks the paper that was voted for", got)
	}
}

func TestTheNextPageOfTodayIsOfTheSameDay(t *testing.T) {
	var papers []paper.Paper
	for i := range 12 {
		papers = append(papers, on(today, i, i, fmt.Sprint("Paper ", i)))
	}
	s := newScene(t, nil, papers...)
	m := s.typed(ada, "today")
	if next := s.press(ada, m, 0, chat.Next, now.AddDate(0, 0, 1)); next.Foot.String() != "11 to 12 of 12" {
		t.Errorf("after midnight the next page is\n%s", show(next))
	}
}

func TestAReactionDuringTheLookUpCounts(t *testing.T) {
	fresh := paper.Paper{ID: "arxiv:2401.08383", Title: "Slow to Come"}
	s := newScene(t, nil, week()...)
	post := chat.Post{Place: place, ID: "m1"}
	s.resolveWith(during{knows{fresh.ID: fresh}, func() {
		if err := s.Reacted(t.Context(), chat.Reaction{Post: post, By: bob, Emoji: "+1", At: now}); err != nil {
			t.Error(err)
		}
	}})
	if _, err := s.Said(t.Context(), chat.Said{Post: post, By: ada, Text: "https://arxiv.org/abs/2401.08383", At: now}); err != nil {
		t.Fatal(err)
	}
	if got := titles(s.typed(ada, "top day")); !slices.Equal(got, []string{"Slow to Come"}) {
		t.Errorf("top day shows %q", got)
	}
}

// during does something while a paper is looked up.
type during struct {
	knows
	do func()
}

func (d during) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	d.do()
	return d.knows.Resolve(ctx, refs)
}

func TestPrivateAddressesAreNotNoted(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.resolveWith(guarded{})
	if got := s.says("add http://10.0.0.1/x"); !strings.Contains(got, "leads into a private network") || strings.Contains(got, "noted") {
		t.Errorf("got %q", got)
	}
	if w, ok, err := s.store.TakeWanted(t.Context(), now.AddDate(1, 0, 0), now.AddDate(2, 0, 0)); ok || err != nil {
		t.Errorf("it was noted all the same: %+v, %v", w, err)
	}
}

func TestPastedLinksJoinTheFeedQuietly(t *testing.T) {
	fresh := paper.Paper{ID: "arxiv:2401.08383", Title: "Pasted"}
	s := newScene(t, knows{fresh.ID: fresh}, week()...)
	said := chat.Said{Post: chat.Post{Place: place, ID: "m1"}, By: ada, At: now,
		Text: "have you seen https://arxiv.org/abs/2401.08383 and arXiv:2602.00001?"}
	for range 2 { // delivered twice
		if m, err := s.Said(t.Context(), said); err != nil || !m.Empty() || !m.Taken {
			t.Fatalf("a channel was answered with %s, taken in %t, %v", show(m), m.Taken, err)
		}
	}
	if err := s.Reacted(t.Context(), chat.Reaction{Post: said.Post, By: bob, Emoji: "one", At: now}); err != nil {
		t.Fatal(err)
	}
	votes, err := s.store.Votes(t.Context(), team.Everyone, []paper.ID{fresh.ID})
	if err != nil || votes[fresh.ID] != 1 {
		t.Errorf("a reaction on the message gave %v, %v", votes, err)
	}
}

func TestPlainWordsInPrivateAreASearch(t *testing.T) {
	s := newScene(t, knows{}, week()...)
	say := func(text string, direct bool) chat.Message {
		m, err := s.Said(t.Context(), chat.Said{Post: chat.Post{Place: place, ID: "m"}, By: ada, Text: text, Direct: direct, At: now})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if got := titles(say("diffusion", true)); !slices.Equal(got, []string{"A Survey of Diffusion"}) {
		t.Errorf("in private: %q", got)
	}
	if m := say("diffusion", false); !m.Empty() || m.Taken {
		t.Errorf("in a channel: %s", show(m))
	}
	if got := show(say("https://arxiv.org/abs/2602.00002", true)); !strings.Contains(got, "in the feed already") {
		t.Errorf("a link in private: %s", got)
	}
}

func TestSavingIsPersonal(t *testing.T) {
	s := newScene(t, nil, week()...)
	m := s.typed(ada, "today")
	if got := show(s.press(ada, m, 2, chat.Save, now)); !strings.Contains(got, "Saved “Sparse Experts Routed”") {
		t.Errorf("save: %q", got)
	}
	if got := titles(s.typed(ada, "saved")); !slices.Equal(got, []string{"Sparse Experts Routed"}) {
		t.Errorf("ada's list: %q", got)
	}
	if got := show(s.typed(bob, "saved")); !strings.Contains(got, "Your list is empty") {
		t.Errorf("bob's list: %q", got)
	}
	for _, want := range []string{"is off your list", "was not on your list"} {
		if got := s.says("unsave 2602.00001"); !strings.Contains(got, want) {
			t.Errorf("unsave: %q, want %q", got, want)
		}
	}
}

func TestSimilarAndCite(t *testing.T) {
	s := newScene(t, nil, append(week(), on(today, 7, 0, "Sparse Experts Pruned"), on(today, 8, 0, "Dense Layers"))...)
	got := s.typed(ada, "similar https://arxiv.org/abs/2602.00001")
	if list := titles(got); len(list) == 0 || list[0] != "Sparse Experts Pruned" || !strings.HasPrefix(got.Cards[0].Why.String(), "both have ") {
		t.Errorf("similar:\n%s", show(got))
	}
	if got := s.says("cite 2602.00002"); !strings.HasPrefix(got, "@misc{lovelace2026survey,") || !strings.Contains(got, "2602.00002") {
		t.Errorf("cite: %s", got)
	}
	if got := s.says("cite 2602.00002 RIS"); !strings.HasPrefix(got, "TY  - ") {
		t.Errorf("cite ris: %s", got)
	}
}

func TestCitingLooksMissingAuthorsUp(t *testing.T) {
	listed := paper.Paper{ID: "arxiv:2401.08383", Title: "Listed Without Names", AuthorCount: 2}
	named := listed
	named.Authors = []string{"Ada Lovelace", "Alan Turing"}
	s := newScene(t, knows{named.ID: named}, listed)
	if got := s.says("cite 2401.08383"); !strings.Contains(got, "Lovelace, Ada and Turing, Alan") {
		t.Errorf("cite: %s", got)
	}
	offline := newScene(t, nil, listed)
	if got := offline.says("cite 2401.08383"); !strings.Contains(got, "@misc{") || !strings.Contains(got, "names are not known here yet") {
		t.Errorf("cite without a network: %s", got)
	}
}

func TestButtonsHaveRoomForLongQueries(t *testing.T) {
	long := paper.Paper{ID: paper.ID("doi:10.5555/" + strings.Repeat("x", 180)), Title: "Experts 0"}
	papers := []paper.Paper{long}
	for i := range 15 {
		papers = append(papers, on(today, i, i, fmt.Sprintf("Experts %d", i)))
	}
	s := newScene(t, nil, papers...)
	query := "experts" + strings.Repeat(" OR experts", 30)
	m := s.typed(ada, query)
	for _, c := range append(m.Cards, chat.Card{Buttons: m.Buttons}) {
		for _, b := range c.Buttons {
			if len(b.Action) > chat.MaxAction {
				t.Errorf("the action %q is longer than %d bytes", b.Action, chat.MaxAction)
			}
		}
	}
	if next := s.press(ada, m, 0, chat.Next, now); next.Foot.String() != "11 to 16 of 16" {
		t.Errorf("the next page:\n%s", show(next))
	}
	one := s.typed(ada, "add "+string(long.ID))
	if got := show(s.press(ada, one, 1, chat.Vote, now)); !strings.Contains(got, "You voted for") {
		t.Errorf("voting for a paper with a long ID: %s", got)
	}
	if got := show(s.Pressed(t.Context(), chat.Press{Action: "=nothing", By: ada, In: place})); !strings.Contains(got, "another version") {
		t.Errorf("an unknown handle: %s", got)
	}
}

func TestHelpComesFromTheTable(t *testing.T) {
	s := newScene(t, nil)
	got := s.says("help") + show(s.Command(s.Context(), chat.Command{Name: "paperboy", Text: "help", By: ada, In: place, At: now}))
	for _, name := range bot.Names()[5:] { // the first are no commands
		if !strings.Contains(got, "/papers "+name) && !strings.Contains(got, "/paperboy "+name) {
			t.Errorf("help lacks %s", name)
		}
	}
}

func TestFaultsAreLoggedUnderAReference(t *testing.T) {
	s := newScene(t, nil, week()...)
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	got := s.says("today")
	_, ref, found := strings.Cut(got, "reference ")
	ref = strings.TrimSuffix(ref, ".")
	if !found || len(ref) != 6 || !strings.Contains(s.logs.String(), ref) || strings.Contains(got, "sql") {
		t.Errorf("the person sees %q, the log has %q", got, s.logs.String())
	}
}
