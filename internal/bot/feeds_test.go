package bot_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/api"
	"paperboy/internal/bot"
	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// served is a scene with a server whose papers are public or not.
type served struct {
	*scene
	server http.Handler
}

func newServed(t *testing.T, public bool) *served {
	t.Helper()
	s := newScene(t, nil, week()...)
	a := api.New(s.store, s.library, slog.New(slog.DiscardHandler), api.Options{
		Base: "https://papers.example.org", Public: public, Zone: time.UTC, Now: func() time.Time { return now },
	})
	s.feeds = a
	s.resolveWith(nil)
	return &served{s, a.Handler()}
}

// fetch asks for an address that an answer told.
func (s *served) fetch(address string) (status int, text string) {
	s.Helper()
	path, ours := strings.CutPrefix(address, "https://papers.example.org")
	if !ours {
		s.Fatalf("%q leads elsewhere", address)
	}
	w := httptest.NewRecorder()
	s.server.ServeHTTP(w, httptest.NewRequestWithContext(s.Context(), http.MethodGet, path, nil))
	b, err := io.ReadAll(w.Body)
	if err != nil {
		s.Fatal(err)
	}
	return w.Code, string(b)
}

// links are all that an answer has.
func links(m chat.Message) (all []string) {
	for _, span := range m.Text {
		if span.Link != "" {
			all = append(all, span.Link)
		}
	}
	return all
}

func (s *served) paperboy(by chat.Person, text string) chat.Message {
	return s.Command(s.Context(), chat.Command{Name: "paperboy", Text: text, By: by, In: place, At: now})
}

func TestPublicFeedsHavePlainAddresses(t *testing.T) {
	s := newServed(t, true)
	for line, want := range map[string]string{
		"feed":                  "https://papers.example.org/feeds/today.rss",
		"feed today":            "https://papers.example.org/feeds/today.rss",
		"feed top month":        "https://papers.example.org/feeds/top.rss?period=month",
		"feed TOP":              "https://papers.example.org/feeds/top.rss",
		"feed sparse  experts":  "https://papers.example.org/feeds/topic.rss?q=sparse+experts",
		"feed moe sort:votes":   "https://papers.example.org/feeds/search.rss?q=moe+sort%3Avotes",
		"feed top conferences":  "https://papers.example.org/feeds/topic.rss?q=top+conferences",
		"feed a&b=c#d%20<html>": "https://papers.example.org/feeds/topic.rss?q=a%26b%3Dc%23d%2520%3Chtml%3E",
	} {
		m := s.typed(ada, line)
		if got := links(m); len(got) < 3 || got[0] != want {
			t.Errorf("/papers %s tells %q, want %q first", line, got, want)
		}
		for _, link := range links(m) {
			if status, text := s.fetch(link); status != http.StatusOK {
				t.Errorf("%s answers %d: %s", link, status, text)
			}
		}
	}
	if all, err := s.feeds.Addresses(t.Context(), ada); len(all) > 0 || err != nil {
		t.Errorf("secret addresses were made: %+v, %v", all, err)
	}
}

// named finds the name of an address in the line that says how to end it.
var named = regexp.MustCompile(`feed revoke ([a-z0-9]{6})`)

func TestAPrivateFeedIsToldOnceAndEndsWhenRevoked(t *testing.T) {
	s := newServed(t, false)
	if m := s.typed(ada, "feed"); len(links(m)) > 0 || !strings.Contains(show(m), "/papers feed today") {
		t.Errorf("/papers feed says %s", show(m))
	}
	for _, line := range []string{"feed today", "feed top week", "feed experts", "feed saved"} {
		m := s.typed(ada, line)
		all := links(m)
		if len(all) != 3 || !strings.HasPrefix(all[0], "https://papers.example.org/feeds/private/") {
			t.Fatalf("/papers %s tells %q:\n%s", line, all, show(m))
		}
		name := named.FindStringSubmatch(show(m))[1]
		list := s.typed(ada, "feed")
		if text := show(list); !strings.Contains(text, name) || strings.Contains(text, "/feeds/private/") {
			t.Errorf("the list is\n%s\nwant it to have %s, and no secret", text, name)
		}
		if status, text := s.fetch(all[1]); status != http.StatusOK {
			t.Errorf("%s answers %d: %s", all[1], status, text)
		}
		if got := show(s.typed(bob, "feed revoke "+name)); !strings.Contains(got, "There is no address with the name "+name) {
			t.Errorf("bob revokes ada's: %s", got)
		}
		if got := show(s.typed(ada, "feed revoke `"+strings.ToUpper(name)+"`")); got != "The address "+name+" has ended; feed readers that use it get nothing more." {
			t.Errorf("revoking says %s", got)
		}
		if status, _ := s.fetch(all[0]); status != http.StatusNotFound {
			t.Errorf("a revoked address answers %d", status)
		}
	}
	for range store.FeedsEach {
		s.typed(ada, "feed today")
	}
	if got := show(s.typed(ada, "feed today")); !strings.Contains(got, "There are 20 secret addresses here already") {
		t.Errorf("one too many says %s", got)
	}
	if got := show(s.typed(ada, "feed revoke all")); got != "20 addresses ended; feed readers that use them get nothing more." {
		t.Errorf("revoking all says %s", got)
	}
	if got := show(s.typed(ada, "feed revoke all")); got != "There was no address to end." {
		t.Errorf("revoking all again says %s", got)
	}
}

func TestAChannelsFeedIsForWhoMayChangeIt(t *testing.T) {
	s := newServed(t, true)
	s.paperboy(ada, "subscribe experts")
	if got := show(s.paperboy(bob, "feed")); !strings.Contains(got, "Only people who manage this channel") {
		t.Errorf("bob is told %s", got)
	}
	m := s.paperboy(ada, "feed")
	all := links(m)
	if len(all) != 3 || !strings.HasPrefix(all[0], "https://papers.example.org/feeds/channel/") {
		t.Fatalf("ada is told %q", all)
	}
	if status, text := s.fetch(all[0]); status != http.StatusOK || !strings.Contains(text, "Daily picks: experts") {
		t.Errorf("it answers %d: %s", status, text)
	}
	name := named.FindStringSubmatch(show(m))[1]
	if again := s.paperboy(ada, "feed"); len(links(again)) > 0 || !strings.Contains(show(again), name) {
		t.Errorf("asked again, it says %s", show(again))
	}
	if len(links(s.paperboy(ada, "feed new"))) != 3 {
		t.Error("no second address is made")
	}
	if got := show(s.paperboy(bob, "feed revoke "+name)); !strings.Contains(got, "Only people who manage this channel") {
		t.Errorf("bob revoked it: %s", got)
	}
	if got := show(s.paperboy(ada, "feed revoke "+name)); !strings.Contains(got, "has ended") {
		t.Errorf("ada could not revoke it: %s", got)
	}
	if status, _ := s.fetch(all[0]); status != http.StatusNotFound {
		t.Errorf("it still answers %d", status)
	}
}

func TestFeedLinesThatMakeNoSense(t *testing.T) {
	s := newServed(t, true)
	for line, want := range map[string]string{
		"feed revoke": "Which address? Say its name",
		"feed revoke " + strings.Repeat("x", 500): "There is no address with the name xxx",
		"feed experts since:nonsense":             "nonsense",
		"feed " + strings.Repeat("x", 5000):       "too long",
		"feed -":                                  "There is nothing to search for",
		"feed forward networks":                   "“feed forward networks”",
		"forget gate":                             "“forget gate”",
		"export control":                          "“export control”",
	} {
		if got := show(s.typed(ada, line)); !strings.Contains(got, want) || strings.Contains(got, "broke") {
			t.Errorf("/papers %.40s says %.300s, want %s", line, got, want)
		}
	}
	off := newScene(t, nil)
	for _, m := range []chat.Message{off.typed(ada, "feed moe"), off.typed(ada, "feed")} {
		if !strings.Contains(show(m), "only this console is running") {
			t.Errorf("without a server it says %s", show(m))
		}
	}
}

func TestExportHasWhatIsKept(t *testing.T) {
	s := newServed(t, false)
	if got := show(s.typed(ada, "export")); got != "Nothing is kept about you." {
		t.Errorf("a stranger is told %s", got)
	}
	s.typed(ada, "vote 2602.00001")
	s.typed(ada, "vote 2602.00002")
	s.typed(ada, "save 2602.00001")
	m := s.typed(ada, "export")
	if got := show(m); !strings.HasPrefix(got, "Kept about you: 2 votes and 1 saved paper.") || !strings.Contains(got, "ends at 15:10") {
		t.Errorf("it says %s", got)
	}
	status, text := s.fetch(links(m)[0])
	if status != http.StatusOK || !strings.Contains(text, "arxiv:2602.00002") || !strings.Contains(text, `"saved paper"`) {
		t.Errorf("the export is %d %s", status, text)
	}
	alone := newScene(t, nil, week()...)
	alone.typed(ada, "save 2602.00001")
	if got := show(alone.typed(ada, "export")); !strings.Contains(got, `"paper": "arxiv:2602.00001"`) {
		t.Errorf("without a server it says %s", got)
	}
}

func TestForgettingAsksFirstAndMayBeDoneTwice(t *testing.T) {
	s := newServed(t, false)
	if got := show(s.typed(ada, "forget me")); got != "Nothing is kept about you, so there is nothing to erase." {
		t.Errorf("a stranger is told %s", got)
	}
	s.typed(ada, "experts")
	s.typed(ada, "vote 2602.00001")
	s.typed(bob, "vote 2602.00001")
	s.paperboy(ada, "subscribe experts")
	feed := links(s.typed(ada, "feed saved"))[0]
	asked := s.typed(ada, "forget me")
	if got := show(asked); !strings.Contains(got, "1 vote, 1 channel that you subscribed, 1 change of a channel’s settings, 1 feed address and 1 topic that you added to a channel") {
		t.Errorf("it asks %s", got)
	}
	if personal, err := s.store.Export(t.Context(), ada); personal.Empty() || err != nil {
		t.Fatalf("it was erased before anybody was sure (%v)", err)
	}
	weeks := now.Add(21 * 24 * time.Hour)
	press := func() string {
		return show(s.Pressed(context.Background(), chat.Press{Action: asked.Buttons[0].Action, By: ada, In: place, At: weeks}))
	}
	if got := press(); !strings.HasPrefix(got, "Erased: 1 vote, ") {
		t.Errorf("the button says %s", got)
	}
	if got := press(); got != "Nothing is kept about you." {
		t.Errorf("pressed again, it says %s", got)
	}
	personal, err := s.store.Export(t.Context(), ada)
	if diff := cmp.Diff(store.Personal{Person: ada, Kept: []store.Kept{}}, personal); diff != "" || err != nil {
		t.Errorf("left is (-nothing +left) %s, %v", diff, err)
	}
	if status, _ := s.fetch(feed); status != http.StatusNotFound {
		t.Errorf("the feed of ada's list answers %d", status)
	}
	votes, err := s.store.Votes(t.Context(), team.Everyone, []paper.ID{"arxiv:2602.00001"})
	if votes["arxiv:2602.00001"] != 1 || err != nil {
		t.Errorf("the paper has %d votes (%v), want bob's", votes["arxiv:2602.00001"], err)
	}
	// A platform that reads reactions again finds ada's where it always was.
	on := chat.Post{Place: place, ID: "7"}
	if err := s.store.RecordPost(t.Context(), on, []paper.ID{"arxiv:2602.00002"}); err != nil {
		t.Fatal(err)
	}
	for _, standing := range []bool{true, false} {
		r := chat.Reaction{Post: on, By: ada, Emoji: "👍", Standing: standing, At: weeks.Add(time.Hour)}
		if err := s.Reacted(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		if has, err := s.store.HasVoted(t.Context(), ada, "arxiv:2602.00002"); has == standing || err != nil {
			t.Errorf("a reaction (standing: %v) after erasing is a vote: %v, %v", standing, has, err)
		}
	}
	if got := show(s.paperboy(bob, "list")); !strings.Contains(got, "“experts”, added by somebody on") {
		t.Errorf("the channel's topics are %s", got)
	}
	if got := show(s.paperboy(bob, "settings history")); !strings.Contains(got, "somebody: topic “experts” added") {
		t.Errorf("the channel's history is %s", got)
	}
	suggested := fmt.Sprint(s.Complete(t.Context(), chat.Command{Name: "papers", Text: "exper", By: ada, In: chat.Direct(ada), At: weeks}))
	if strings.Contains(suggested, "{experts experts}") {
		t.Errorf("ada's last search is still suggested: %s", suggested)
	}
}

var _ bot.Feeds = (*api.API)(nil)
