package mail_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"paperboy/internal/chat"
	"paperboy/internal/mail"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// TestFromAskingToUnsubscribing is the whole story: nothing but one mail is sent
// before a person has confirmed; then papers come, each once; and with one click
// nothing is left of the address.
func TestFromAskingToUnsubscribing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.run()
		answer := w.ask(ada, `Ada.L@Example.org daily topics moe, "kv cache"`)
		contains(t, answer, "A mail with a link is on its way to Ada.L@example.org.", "48 hours", "up to 5 papers on “moe” and “\"kv cache\"”, at 09:00, Monday to Friday")
		first := w.office.wait(t, 1)[0]
		if first.To != "Ada.L@example.org" || first.From != from.Address {
			t.Errorf("the mail goes from %s to %s", first.From, first.To)
		}
		if got := header(t, first.Data, "List-Unsubscribe"); got != "" {
			t.Errorf("the confirmation can be unsubscribed from: %q", got)
		}
		if plain, html := read(t, first.Data); strings.Contains(plain+html, "kv cache") {
			t.Errorf("the confirmation repeats what somebody typed:\n%s", plain)
		}
		link := linkTo(t, "confirm", first)
		status, page := w.request(http.MethodGet, link, "")
		contains(t, page, "Ada.L@example.org", "<button>")
		if all, err := s.AddressesOf(t.Context(), ada, mail.Name); status != http.StatusOK || err != nil || len(all) != 1 || all[0].Confirmed {
			t.Fatalf("opening the link was answered %d; addresses %+v, %v; want one that is not confirmed", status, all, err)
		}
		_, page = w.request(http.MethodPost, link, "")
		contains(t, page, "Your address is confirmed", "The next mail comes on")
		_, page = w.request(http.MethodPost, link, "")
		contains(t, page, "Your address is confirmed")

		w.papers(today(), "MoE routing", "Paging the KV cache", "Cats")
		if n := w.plan(ada); n != 1 {
			t.Fatalf("%d mails were planned, want 1", n)
		}
		digest := w.office.wait(t, 2)[1]
		plain, html := read(t, digest.Data)
		contains(t, plain, "2 papers for today", "MoE routing", "Paging the KV cache", "Why: ", base+"/paper/arxiv:")
		contains(t, html, "2 papers for today", "MoE routing")
		if strings.Contains(plain, "React") || strings.Contains(plain, "Cats") {
			t.Errorf("this has no place in a mail:\n%s", plain)
		}
		if got := header(t, digest.Data, "Subject"); !strings.HasPrefix(got, "2 papers for today: ") {
			t.Errorf("subject %q", got)
		}
		if got := header(t, digest.Data, "List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe-Post: %q", got)
		}
		leave := strings.Trim(header(t, digest.Data, "List-Unsubscribe"), "<>")
		if leave != linkTo(t, "unsubscribe", digest) {
			t.Errorf("the header leads to %s, the text elsewhere", leave)
		}
		contains(t, w.ask(ada, ""), "Ada.L@example.org gets", "/papers email stop ends it.")

		id := w.address(ada).Place
		_, page = w.request(http.MethodGet, leave, "")
		contains(t, page, "<button>Unsubscribe</button>")
		w.address(ada) // opening the link has changed nothing
		for range 2 {
			status, page = w.request(http.MethodPost, leave, "List-Unsubscribe=One-Click")
			if status != http.StatusOK || !strings.Contains(page, "You are unsubscribed") {
				t.Fatalf("unsubscribing was answered %d\n%s", status, page)
			}
		}
		contains(t, w.ask(ada, ""), "No mail goes to you yet.")
		if c, err := s.Channel(t.Context(), id); err != nil || c.Prefs.Follows() {
			t.Errorf("of the address this is left: %+v, %v", c, err)
		}
		w.confirmed(ada, "ada.l@example.org weekly", 2) // anew
		if got := strings.ToLower(w.logs.String()); strings.Contains(got, "ada.l") {
			t.Errorf("the address is in the log:\n%s", got)
		}
	})
}

func contains(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(got, s) && !strings.Contains(strings.NewReplacer("&#34;", `"`, "&#39;", "'").Replace(got), s) {
			t.Errorf("%q is missing in:\n%s", s, got)
		}
	}
}

// TestWeeklyTrending gets the best of the whole week, also that of the days before
// it was asked for.
func TestWeeklyTrending(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t))
	w.run()
	w.confirmed(ada, "ada@example.org weekly trending", 0)
	if c := w.channel(ada); c.Prefs.Schedule.Days != 1<<1 || c.Prefs.Layout != team.Letter || c.Next.At.Weekday() != 1 {
		t.Errorf("weekly is %+v, next %s; want Mondays", c.Prefs, c.Next.At)
	}
	for back := range 9 {
		w.papers(today().AddDays(-back), "Paper of "+today().AddDays(-back).String())
	}
	if n := w.plan(ada); n != 1 {
		t.Fatalf("%d mails were planned, want 1", n)
	}
	digest := w.office.wait(t, 2)[1]
	plain, _ := read(t, digest.Data)
	contains(t, plain, "7 papers of the week · ", "Paper of "+today().AddDays(-6).String())
	if old := today().AddDays(-7).String(); strings.Contains(plain, old) {
		t.Errorf("a paper of %s is in it:\n%s", old, plain)
	}
}

// TestEmptyDaySendsNothing has nothing on the topics.
func TestEmptyDaySendsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t))
	stop := w.run()
	w.confirmed(ada, "ada@example.org topics moe", 0)
	w.papers(today(), "Cats")
	if n := w.plan(ada); n != 0 {
		t.Errorf("%d mails were planned, want none", n)
	}
	stop()
	if n := len(w.office.taken()); n != 1 {
		t.Errorf("%d mails came, want only the confirmation", n)
	}
}

// TestWhatPeopleAsk goes through the wishes of somebody who has an address.
func TestWhatPeopleAsk(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.run()
		contains(t, w.ask(ada, ""), "No mail goes to you yet. Say it like this: /papers email you@example.org")
		contains(t, w.ask(ada, "weekly"), "No address of yours is known here yet.")
		contains(t, w.ask(ada, "stop"), "nothing to stop")
		if got := w.ask(ada, "spam filtering"); got != "" {
			t.Errorf("a search was answered %q", got)
		}
		w.confirmed(ada, "ada@example.org", 0)
		contains(t, w.ask(ada, ""), "ada@example.org gets up to 5 papers that are trending, at 09:00, Monday to Friday. The next mail comes on")
		contains(t, w.ask(ada, "topics moe"), "up to 5 papers on “moe”, at 09:00")
		contains(t, w.ask(ada, "weekly friday 8:30 Europe/Berlin"), "up to 10 papers on “moe”, at 08:30, Friday, Europe/Berlin. The next mail comes on Friday")
		contains(t, w.ask(ada, "weekly on stilts"), "“on” says nothing here")
		contains(t, w.ask(ada, "trending"), "trending, at 08:30, Friday")
		contains(t, w.ask(ada, "daily"), "at 08:30, Monday to Friday, Europe/Berlin")

		// Two changes at once are made one after the other.
		var both sync.WaitGroup
		for _, id := range []string{"eve", "eve", "eve"} {
			both.Go(func() { w.ask(chat.Person{Platform: "slack", Space: "T1", ID: id}, "eve@example.org") })
		}
		both.Wait()

		// Moving: the old address gets mail until the new one is confirmed.
		contains(t, w.ask(ada, "ada@new.example"), "on its way to ada@new.example", "at 08:30, Monday to Friday, Europe/Berlin")
		contains(t, w.ask(ada, "ada@new.example topics cats"), "on its way to ada@new.example", "on “cats”, at 08:30, Monday to Friday, Europe/Berlin")
		contains(t, w.ask(ada, "weekly"), "ada@example.org gets up to 10 papers that are trending, at 08:30, Monday")
		contains(t, w.ask(ada, ""), "ada@example.org gets", "on its way to ada@new.example")
		w.request(http.MethodPost, linkTo(t, "confirm", w.mailTo("ada@new.example")), "")
		if got := w.ask(ada, ""); strings.Contains(got, "ada@example.org") {
			t.Errorf("the old address is still there: %s", got)
		}
		contains(t, w.ask(ada, "stop"), "Done: your address is removed")
		contains(t, w.ask(ada, ""), "No mail goes to you yet.")
	})
}

// mailTo waits for a mail to an address.
func (w *world) mailTo(address string) received {
	w.Helper()
	for n := 1; ; n++ {
		if last := w.office.wait(w.T, n)[n-1]; last.To == address {
			return last
		}
	}
}

// mostToOne is how many confirmations go to one address in a day.
const mostToOne = 3

// TestNobodyFillsAStrangersInbox asks too often: for one address, as one person,
// and says the same to everybody.
func TestNobodyFillsAStrangersInbox(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		stop := w.run()
		w.confirmed(bob, "victim@example.org", 0) // it is known here already
		var answers []string
		for n := range 3 {
			answers = append(answers, w.ask(ada, "victim@example.org"))
			w.office.wait(t, min(2+n, mostToOne))
		}
		people := ada
		people.ID = "eve"
		answers = append(answers, w.ask(people, "Victim@example.org"))
		for _, got := range answers {
			if got = strings.Replace(got, "Victim", "victim", 1); got != answers[0] {
				t.Errorf("answers differ:\n%s\n%s", got, answers[0])
			}
		}
		contains(t, w.ask(ada, "one@example.org"), "is on its way to one@example.org")
		contains(t, w.ask(ada, "two@example.org"), "is on its way to two@example.org")
		contains(t, w.ask(ada, "three@example.org"), "You have asked for 5 confirmations in the last 24 hours")
		w.ask(ada, "stop") // does not wipe the slate clean
		contains(t, w.ask(ada, "three@example.org"), "You have asked for 5 confirmations")
		stop()
		n := map[string]int{}
		for _, m := range w.office.taken() {
			n[strings.ToLower(m.To)]++
		}
		if n["victim@example.org"] != mostToOne {
			t.Errorf("the stranger got %d mails, want %d", n["victim@example.org"], mostToOne)
		}
	})
}

// TestLinks has links that are not ours, of another purpose, cut off, too old.
func TestLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, storetest.Open(t))
	w.run()
	w.ask(ada, "ada@example.org")
	link := linkTo(t, "confirm", w.office.wait(t, 1)[0])
	for _, bad := range []string{
		link[:len(link)-1], strings.Replace(link, "confirm", "unsubscribe", 1), base + "/mail/confirm/x", base + "/mail/confirm/x.y.z",
		base + "/mail/", base + "/mail/confirm/%2e%2e%2f%00",
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut} {
			if status, _ := w.request(method, bad, ""); status == http.StatusOK || status >= 500 {
				t.Errorf("%s %s was answered %d", method, bad, status)
			}
		}
	}
	w.ask(ada, "other@example.org") // takes the place of the first
	if status, page := w.request(http.MethodPost, link, ""); status != http.StatusGone {
		t.Errorf("a link that another took the place of was answered %d\n%s", status, page)
	}
}
