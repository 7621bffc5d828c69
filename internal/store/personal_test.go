package store_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// ada's ID stands in no other text.
var (
	ada = chat.Person{Platform: "slack", Space: "T1", ID: "UADA<&>%_7"}
	bob = chat.Person{Platform: "slack", Space: "T1", ID: "UBOB"}
)

// life is what people do, many things in any order.
type life struct {
	*testing.T
	*store.Store
	r   *rand.Rand
	now time.Time
}

func (l *life) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *life) paper() paper.ID { return paper.ID(fmt.Sprintf("doi:10.1/%d", l.r.IntN(5))) }

// place is a channel with picks, one without, or a conversation with ada.
func (l *life) place(who chat.Person) chat.Place {
	return []chat.Place{channel("C1"), channel("C2"), channel("quiet"), chat.Direct(who)}[l.r.IntN(4)]
}

func (l *life) post(in chat.Place) chat.Post {
	return chat.Post{Place: in, ID: fmt.Sprint("post ", l.r.IntN(6))}
}

// step does one thing in the name of a person.
func (l *life) step(who chat.Person) {
	l.Helper()
	l.now = l.now.Add(time.Second)
	kinds := []team.Kind{team.Up, team.Down, team.Save}
	switch l.r.IntN(9) {
	case 0:
		_, err := l.Mark(ctx, team.ByHand(team.Everyone, l.paper(), who, kinds[l.r.IntN(3)], l.now))
		l.must(err)
	case 1:
		_, err := l.Mark(ctx, team.Mark{
			Team: team.Everyone, Paper: l.paper(), By: who, Kind: kinds[l.r.IntN(3)], On: l.post(l.place(who)), Sign: "+1", At: l.now, Withdrawn: l.r.IntN(4) == 0,
		})
		l.must(err)
	case 2:
		post := l.post(l.place(who))
		if l.r.IntN(3) == 0 {
			post.ID = ""
		}
		l.must(l.Share(ctx, team.Share{Team: team.Everyone, Paper: l.paper(), By: who, Post: post, At: l.now}))
	case 3:
		l.subscribe(who, l.place(who))
	case 4:
		l.address(team.Feed{What: team.Found, Query: "experts"}, who)
		l.address(team.Feed{What: team.Picked, Place: l.place(who)}, who)
	case 5:
		l.must(l.AddFeed(ctx, team.Address{ID: l.name(), Feed: team.Feed{What: "export"}, By: who, MadeAt: l.now}, l.name(), l.now.Add(time.Minute)))
	case 6:
		l.planAndPost(chat.Direct(who))
	case 7:
		l.signIn(who)
	case 8:
		l.askMail(who)
	}
}

// signIn asks for a link to sign in with, and follows it at times.
func (l *life) signIn(who chat.Person) {
	l.Helper()
	secret := l.name()
	l.must(l.OfferSignIn(ctx, secret, store.Offer{By: who, Expires: l.now.Add(time.Hour)}, l.now))
	if l.r.IntN(2) == 0 {
		_, _, err := l.SignIn(ctx, secret, l.name(), store.Session{ID: l.name(), Device: "Lynx " + l.name(), Made: l.now, Used: l.now, Expires: l.now.Add(time.Hour)}, l.now)
		l.must(err)
	}
}

// askMail asks for mail, and confirms that at times.
func (l *life) askMail(who chat.Person) {
	l.Helper()
	in := chat.Place{Platform: "post", Channel: l.name()}
	m := chat.Message{Key: store.AskKey + l.name(), Text: chat.Plain("Is that you?")}
	inbox := store.Inbox{Place: in, Owner: who, Address: l.name() + "@example.org", AskedAt: l.now}
	set := func(c *team.Channel) error { return nil }
	_, err := l.AskAddress(ctx, inbox, set, m, l.now.Add(time.Hour))
	l.must(err)
	if l.r.IntN(2) == 0 {
		_, _, err := l.ConfirmAddress(ctx, in, l.now.Add(-time.Hour), l.now, set)
		l.must(err)
	}
}

func (l *life) name() string { return fmt.Sprintf("%016x", l.r.Uint64()) }

func (l *life) address(f team.Feed, who chat.Person) {
	err := l.AddFeed(ctx, team.Address{ID: l.name(), Feed: f, Team: team.Everyone, By: who, MadeAt: l.now}, l.name(), time.Time{})
	if err != store.ErrTooManyFeeds {
		l.must(err)
	}
}

func (l *life) subscribe(who chat.Person, in chat.Place) {
	l.Helper()
	_, err := l.ChangeChannel(ctx, in, who, l.now, func(c *team.Channel) error {
		if c.By.ID == "" {
			c.By = who
		}
		c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: fmt.Sprint("topic ", len(c.Prefs.Topics), " of ", in.Channel[:1]), By: who, Since: feb27})
		c.Next = nine
		return nil
	})
	l.must(err)
}

// planAndPost plans picks for a place, and posts the first of the messages, to a
// conversation that the platform calls otherwise.
func (l *life) planAndPost(in chat.Place) {
	l.Helper()
	c, err := l.Channel(ctx, in)
	l.must(err)
	if c.Next.At.IsZero() {
		return
	}
	_, err = l.Plan(ctx, []store.Plan{planOf(c, "doi:10.1/a", "doi:10.1/b")})
	l.must(err)
	taken, err := l.Claim(ctx, "slack", nine.At, nine.At.Add(lease), 1)
	l.must(err)
	for _, d := range taken {
		post := chat.Post{Place: d.Place, ID: "sent"}
		if _, direct := d.Place.Person(); direct {
			post.Channel = "D-of-" + d.Place.Channel[1:5]
		}
		l.must(l.Sent(ctx, d, post, nine.At, nine.At))
	}
}

// newLife is a database in which both have done everything at least once.
func newLife(t *testing.T, s *store.Store, seed uint64) *life {
	l := &life{t, s, rand.New(rand.NewPCG(seed, 0)), noon}
	save(t, s, full("doi:10.1/a"), full("doi:10.1/b"))
	for _, who := range []chat.Person{bob, ada} {
		l.subscribe(who, channel("C1"))
		l.subscribe(who, chat.Direct(who))
		l.planAndPost(channel("C1"))
		l.must(l.Share(ctx, team.Share{Team: team.Everyone, Paper: "doi:10.1/s", By: who, Post: chat.Post{Place: channel("C1"), ID: "1"}, At: l.now}))
		for range 80 {
			l.step(who)
		}
	}
	l.sending(fmt.Sprint("sending ", seed))
	l.must(l.MarkStray(ctx, team.Mark{Team: team.Everyone, By: ada, Kind: team.Up, On: chat.Post{Place: channel("C1"), ID: "unknown"}, Sign: "+1", At: l.now}, 1))
	return l
}

// sending leaves a message in a channel of which nobody knows whether it is posted.
func (l *life) sending(name string) {
	l.Helper()
	due(l.T, l.Store, false, name)
	for {
		taken, err := l.Claim(ctx, "slack", nine.At, nine.At.Add(lease), 1)
		l.must(err)
		if len(taken) == 0 {
			l.Fatal("the message was not taken")
		}
		if taken[0].Place.Channel == name {
			return
		}
	}
}

// holding are the tables in which text stands anywhere.
func holding(all map[string][]map[string]string, text string) (tables []string) {
	for name, rows := range all {
		if slices.ContainsFunc(rows, func(row map[string]string) bool { return strings.Contains(fmt.Sprint(row), text) }) {
			tables = append(tables, name)
		}
	}
	slices.Sort(tables)
	return tables
}

func TestAfterErasingNobodyIsLeftInAnyTable(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		l := newLife(t, s, 1)
		before := store.Dump(t, s)
		found := append(holding(before, ada.ID), holding(before, strings.Trim(jsonText(ada.ID), `"`))...) // as it stands in JSON
		for _, table := range []string{"channels", "deliveries", "feeds", "history", "marks", "shares", "strays"} {
			if !slices.Contains(found, table) {
				t.Errorf("before, nothing of ada is in %s, so that erasing it is not tested; she is in %q", table, found)
			}
		}
		exported, err := s.Export(ctx, ada)
		l.must(err)
		erased, err := s.Erase(ctx, ada, l.now)
		l.must(err)
		if diff := cmp.Diff(exported, erased); diff != "" {
			t.Errorf("what is erased is not what was exported (-exported +erased):\n%s", diff)
		}
		after := store.Dump(t, s)
		for _, text := range []string{ada.ID, strings.Trim(jsonText(ada.ID), `"`), "D-of-" + ada.ID[:4]} {
			if left := holding(after, text); len(left) > 0 {
				t.Errorf("%s is still in %q", text, left)
			}
		}
		if again, err := s.Erase(ctx, ada, l.now.Add(time.Hour)); !again.Empty() || err != nil {
			t.Errorf("erasing again finds %+v, %v; want nothing", again, err)
		}
		if again, err := s.Export(ctx, ada); !again.Empty() || err != nil {
			t.Errorf("afterwards there is %+v, %v to export; want nothing", again, err)
		}
		if n := len(after["erased"]); n != 1 {
			t.Errorf("%d people are known as erased, want 1", n)
		}
	})
}

func jsonText(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestExportHasAllThatErasingRemoves compares what the tables lose with the
// export, and that they lose nothing of others.
func TestExportHasAllThatErasingRemoves(t *testing.T) {
	// What says nothing about a person but who they are, or is made by us.
	ours := []string{"team", "secret", "person", "id", "key", "by_id", "by_space", "by_platform", "platform", "space", "expires_at", "part", "open", "unsure", "tries", "failures",
		"due_at", "first_at", "stale", "refreshed_at", "reply", "edition", "kind", "number", "query", "place_platform", "place_space", "withdrawn", "papers"}
	hashes := map[string]bool{"history": true, "picks": true, "plans": true}
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for seed := range uint64(4) {
			if seed > 0 {
				_, err := s.Erase(ctx, bob, noon)
				if err != nil {
					t.Fatal(err)
				}
			}
			l := newLife(t, s, seed+2)
			before := store.Dump(t, s)
			exported, err := s.Erase(ctx, ada, l.now)
			l.must(err)
			body, err := json.Marshal(exported)
			l.must(err)
			after := store.Dump(t, s)
			for table, rows := range before {
				for _, row := range rows {
					if slices.ContainsFunc(after[table], func(r map[string]string) bool { return maps.Equal(r, row) }) {
						continue
					}
					if strings.Contains(fmt.Sprint(row), bob.ID) && table != "channels" && table != "feeds" {
						t.Errorf("seed %d: erasing ada changed what is bob's in %s: %v", seed, table, row)
					}
					if table == "posts" || table == "shown_in" || table == "erased" {
						continue // which post shows which paper
					}
					for column, value := range row {
						skip := slices.Contains(ours, column) || hashes[table] && column == "channel" || value == "" || value == "0" || value == "<nil>" || value == "false"
						if skip || column == "prefs" || column == "message" {
							continue
						}
						if !strings.Contains(string(body), strings.Trim(jsonText(value), `"`)) && !strings.Contains(string(body), value) {
							t.Errorf("seed %d: %s loses %s = %q, which is not in the export", seed, table, column, value)
						}
					}
				}
			}
		}
	})
}

func TestLateEventsBringNothingBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, full("doi:10.1/a"))
		on := chat.Post{Place: channel("C1"), ID: "1"}
		mark := team.Mark{Team: team.Everyone, Paper: "doi:10.1/a", By: ada, Kind: team.Up, On: on, Sign: "+1", At: noon}
		vote(t, s, mark)
		if err := s.RecordPost(ctx, on, []paper.ID{"doi:10.1/a"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Erase(ctx, ada, noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		late := mark
		late.At = noon.Add(time.Minute)
		standing := mark
		standing.At, standing.Standing = noon.Add(48*time.Hour), true
		for what, m := range map[string]team.Mark{"the same event": mark, "one of the same moment": late, "a reaction that still stands on the post": standing} {
			if changed := vote(t, s, m); changed || votesFor(t, s, "doi:10.1/a") != 0 {
				t.Errorf("%s brought the vote back", what)
			}
		}
		share := team.Share{Team: team.Everyone, Paper: "doi:10.1/a", By: ada, Post: on, At: noon}
		if err := s.Share(ctx, share); err != nil {
			t.Fatal(err)
		}
		if shares, err := s.Shares(ctx, team.Everyone, "doi:10.1/a"); len(shares) > 0 || err != nil {
			t.Errorf("a share of before came back: %+v, %v", shares, err)
		}
		if left := holding(store.Dump(t, s), ada.ID); len(left) > 0 {
			t.Errorf("ada is in %q", left)
		}

		mark.At = noon.Add(2 * time.Minute)
		if changed := vote(t, s, mark); !changed || votesFor(t, s, "doi:10.1/a") != 1 {
			t.Error("a vote of after the erasure does not count")
		}
		mark.By, mark.At = bob, noon
		if vote(t, s, mark); votesFor(t, s, "doi:10.1/a") != 2 {
			t.Error("somebody else's vote of before does not count")
		}
	})
}

func TestErasingTakesVotesOffPostsAndKeepsWhatIsOthersToo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		save(t, s, full("doi:10.1/a"), full("doi:10.1/b"), full("doi:10.1/c"))
		due(t, s, false, "C1")
		first := claim(t, s, 0, 1)
		sent(t, s, first[0], 0, 0)
		l := &life{t, s, rand.New(rand.NewPCG(1, 1)), noon}
		l.subscribe(ada, channel("C1"))
		vote(t, s, team.ByHand(team.Everyone, "doi:10.1/a", ada, team.Up, noon))
		l.must(s.Share(ctx, team.Share{Team: team.Everyone, Paper: "doi:10.1/x", By: ada, Post: chat.Post{Place: channel("C1"), ID: "7"}, At: noon}))
		l.must(s.SpreadRecounts(ctx, noon.Add(-time.Hour*24)))
		if stale, err := s.TakeStale(ctx, "slack", noon, noon, 9); len(stale) != 1 || err != nil {
			t.Fatalf("after the vote %d posts are to be refreshed (%v), want 1", len(stale), err)
		}

		_, err := s.Erase(ctx, ada, noon)
		l.must(err)
		l.must(s.SpreadRecounts(ctx, noon.Add(-time.Hour*24)))
		if stale, err := s.TakeStale(ctx, "slack", noon, noon, 9); len(stale) != 1 || err != nil {
			t.Errorf("after erasing %d posts are to be refreshed (%v), want 1", len(stale), err)
		}
		c := read(t, s, channel("C1"))
		last := c.Prefs.Topics[len(c.Prefs.Topics)-1]
		if last.By != (chat.Person{}) || last.Query == "" || c.Next.At.IsZero() {
			t.Errorf("ada's topic became %+v, next %v; want it to stay without her", last, c.Next)
		}
		shown, err := s.Shown(ctx, []string{c.ID}, date.Date{})
		l.must(err)
		if !slices.Contains(shown[c.ID], "doi:10.1/x") {
			t.Errorf("the channel has forgotten the paper that ada shared there: %q", shown[c.ID])
		}
		history, _, err := s.History(ctx, channel("C1"), store.Page{Limit: 9})
		l.must(err)
		if len(history) == 0 || history[0].By != (chat.Person{}) {
			t.Errorf("the history is %+v; want ada's change without her", history)
		}
	})
}

func TestStatementsThatArePutTogetherPrepare(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		if err := s.PrepareOwned(ctx); err != nil {
			t.Error(err)
		}
	})
}
