package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"paperboy/internal/chat"
	"paperboy/internal/team"
	"paperboy/internal/web"
)

// good is a form as it is filled in.
func good(topics string, more ...string) []string {
	return append([]string{"topics", topics, "schedule", "09:00 weekdays", "count", "3", "layout", "posts", "picks", "fresh", "min-votes", "0", "also", "cross-lists", "pause", "running"}, more...)
}

func TestSettingsOfAChannel(t *testing.T) {
	s := newSite(t, month())
	c := s.follow(square, ada, "diffusion")
	b := s.member(ada)
	b.shows("/settings", "Picks for you alone", "#square", "On “diffusion”.", "Next post: Monday, 2 March at 09:00.", `href="/settings/`+c.ID+`"`)
	b.shows("/settings/"+c.ID, "Daily picks for #square", "\ndiffusion</textarea>", `value="09:00 weekdays"`, `<option value="posts" selected>`, "The next post, Monday, 2 March", "topic “diffusion” added", "Ada, 27 Feb 2026")
	a := b.press("/settings/"+c.ID, good("diffusion\r\nchess", "do", "save", "count", "5")...)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/settings/"+c.ID+"?saved=1" {
		t.Errorf("saving answers %d %s", a.status, a.header.Get("Location"))
	}
	b.shows("/settings/"+c.ID+"?saved=1", "Saved.", "\ndiffusion\nchess</textarea>")
	got, err := s.store.Channel(t.Context(), square)
	if err != nil || len(got.Prefs.Topics) != 2 || got.Prefs.Topics[1].By != ada {
		t.Errorf("saved %+v, %v", got.Prefs, err)
	}
	a = b.press("/settings/"+c.ID, "do", "save", "topics", "chess", "schedule", "never", "min-votes", "x")
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("a form with mistakes answers %d", a.status)
	}
	contains(t, "the form", a.body, `aria-invalid="true"`, "A number from 0 to")
}

func TestPreviewOfSettings(t *testing.T) {
	s := newSite(t, month())
	c := s.follow(square, ada, "diffusion")
	before, err := s.store.Channel(t.Context(), square)
	if err != nil {
		t.Fatal(err)
	}
	b := s.member(ada)
	form := good("diffusion", "do", "preview", "min-votes", "30")
	a := b.press("/settings/"+c.ID, form...)
	contains(t, "the preview", a.body, "The next post, Monday, 2 March", "papers listed from 24 February to 2 March", "off the topics", "left", "<meter", "Diffusion With Experts", "matches diffusion")
	b.header.Set("X-Part", "1")
	part := b.press("/settings/"+c.ID, form...)
	contains(t, "the part", part.body, "The next post, Monday, 2 March", "Diffusion With Experts")
	lacks(t, "the part", part.body, "<html", "<form")
	contains(t, "without topics", b.press("/settings/"+c.ID, good("", "do", "preview")...).body, "No topic is followed")
	contains(t, "with a new topic", b.press("/settings/"+c.ID, good("zebra", "do", "preview")...).body, "off the topics")
	contains(t, "with a mistake", b.press("/settings/"+c.ID, "do", "preview", "topics", "chess", "schedule", "never").body, "can’t be as they are")
	after, err := s.store.Channel(t.Context(), square)
	if err != nil || after.Edition != before.Edition || len(after.Prefs.Topics) != 1 {
		t.Errorf("a preview changed the channel: %+v, %v", after, err)
	}
}

func TestOnlyWhoManagesAChannelSeesItsSettings(t *testing.T) {
	s := newSite(t, month())
	c := s.follow(alley, ada, "secret project")
	for _, who := range []chat.Person{bob, cyd, {Platform: "elsewhere", ID: "U1"}} {
		b := s.member(who)
		lacks(t, "the list", b.get("/settings").body, "secret", "#alley")
		for _, a := range []answer{b.get("/settings/" + c.ID), b.press("/settings/"+c.ID, good("mine", "do", "save")...), b.press("/settings/"+c.ID, good("mine", "do", "preview")...)} {
			if a.status != http.StatusNotFound || strings.Contains(a.body, "secret") {
				t.Errorf("%v is answered %d", who, a.status)
			}
		}
	}
	if got, err := s.store.Channel(t.Context(), alley); err != nil || len(got.Prefs.Topics) != 1 || got.Edition != c.Edition {
		t.Errorf("somebody else changed the channel: %+v, %v", got.Prefs, err)
	}
	for _, id := range []string{"0123456789abcdef", "x", "..", "%00"} {
		if a := s.member(ada).get("/settings/" + id); a.status != http.StatusNotFound && a.status/100 != 3 {
			t.Errorf("settings of %q answer %d", id, a.status)
		}
	}
}

func TestPicksForOneAlone(t *testing.T) {
	s := newSite(t, month())
	b := s.member(bob)
	if a := b.press("/settings/me", good("chess", "do", "save")...); a.status != http.StatusSeeOther {
		t.Errorf("saving answers %d\n%s", a.status, a.body)
	}
	got, err := s.store.Channel(t.Context(), chat.Direct(bob))
	if err != nil || !got.Prefs.Follows() || got.By != bob {
		t.Errorf("saved %+v, %v", got, err)
	}
	s.member(ada).shows("/settings/me", "\n</textarea>")
}

// post office, reading room and records stand for the other parts of the program.
type postOffice struct{ asked *[]string }

func (p postOffice) Ask(_ context.Context, by chat.Person, text string) (string, error) {
	if text == "" {
		return "No mail comes to you.", nil
	}
	*p.asked = append(*p.asked, by.ID+": "+text)
	return "Look into your mail <now>.", nil
}

type readingRoom struct{ revoked *[]string }

func (readingRoom) Addresses(_ context.Context, by chat.Person) ([]web.Address, error) {
	return []web.Address{{ID: "one of " + by.ID, Label: "Papers you saved"}}, nil
}

func (readingRoom) Make(_ context.Context, by chat.Person, _ team.ID, what string) (web.Address, error) {
	if what == "" {
		return web.Address{}, errors.New("no more rooms")
	}
	return web.Address{Label: what, URL: "http://127.0.0.1:8080/feeds/private/" + by.ID + ".atom"}, nil
}

func (r readingRoom) Revoke(_ context.Context, by chat.Person, id string) error {
	*r.revoked = append(*r.revoked, by.ID+": "+id)
	return nil
}

// everything switches on what other parts of the program offer.
func everything(o *web.Options) {
	o.Mail, o.Feeds = postOffice{new([]string)}, readingRoom{new([]string)}
	o.Export = func(_ context.Context, by chat.Person) (any, error) { return map[string]string{"person": by.ID}, nil }
	o.Erase = func(context.Context, chat.Person) error { return nil }
}

func TestWhatOthersOffer(t *testing.T) {
	var asked, revoked, erased []string
	s := newSite(t, month(), everything, func(o *web.Options) {
		o.Mail, o.Feeds = postOffice{&asked}, readingRoom{&revoked}
		o.Erase = func(_ context.Context, by chat.Person) error { erased = append(erased, by.ID); return nil }
	})
	b := s.member(ada)
	b.shows("/me", `type="email"`, "No mail comes to you.", "one of U1", `href="/me/export"`, `href="/me/erase"`, `href="/feeds/today.atom"`)
	contains(t, "the answer", b.press("/me/email", "email", "ada@example.org", "how", "weekly").body, "Look into your mail &lt;now&gt;.")
	if got := fmt.Sprint(asked); got != "[U1: ada@example.org weekly trending]" {
		t.Errorf("asked %s", got)
	}
	contains(t, "the new feed", b.press("/me/feeds", "what", "top").body, "/feeds/private/U1.atom", "not shown again")
	b.press("/me/feeds", "revoke", "one")
	if got := fmt.Sprint(revoked); got != "[U1: one]" {
		t.Errorf("revoked %s", got)
	}
	if a := b.press("/me/feeds"); a.status != http.StatusInternalServerError || strings.Contains(a.body, "rooms") {
		t.Errorf("a fault answers %d", a.status)
	}
	a := b.get("/me/export")
	contains(t, "the export", a.body+a.header.Get("Content-Disposition"), `"person": "U1"`, "attachment")

	b.shows("/me/erase", "Erase everything about you?")
	if b.press("/me/erase"); len(erased) != 0 {
		t.Error("erased without being sure")
	}
	other := s.member(ada)
	contains(t, "the end", b.press("/me/erase", "sure", "yes").body, "Everything about you is erased")
	if got := fmt.Sprint(erased); got != "[U1]" {
		t.Errorf("erased %s", got)
	}
	for _, gone := range []*browser{b, other} {
		if a := gone.get("/me"); a.status != http.StatusUnauthorized {
			t.Errorf("after that a session answers %d", a.status)
		}
	}
}

func TestWhatIsSwitchedOffIsNotThere(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	lacks(t, "the page", b.get("/me").body, "email", "/feeds/", "/me/export", "/me/erase")
	for _, path := range []string{"/me/export", "/me/erase"} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	for _, path := range []string{"/me/email", "/me/feeds", "/me/erase"} {
		if a := b.press(path, "sure", "yes"); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
}

func TestAPaperIsAddedFromTheSearch(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	a := b.press("/add", "paper", "https://arxiv.org/abs/2602.00100")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/paper/arxiv:2602.00100" {
		t.Errorf("adding what is there answers %d %s", a.status, a.header.Get("Location"))
	}
	if a := b.press("/add", "paper", "nonsense"); a.status != http.StatusBadRequest {
		t.Errorf("adding nonsense answers %d", a.status)
	}
	contains(t, "adding what nobody knows", b.press("/add", "paper", "2401.99999").body, "2401.99999")
}

func TestAChatThatIsNotConnectedHasNoSettings(t *testing.T) {
	s := newSite(t, month())
	b := s.member(chat.Person{Platform: "console", Space: "local", ID: "you"})
	b.shows("/me", "Signed in as <b>you</b> of Console")
	b.shows("/settings", "is not connected to this Paperboy")
	if a := b.get("/settings/me"); a.status != http.StatusNotFound || !strings.Contains(a.body, "is not connected") {
		t.Errorf("its settings answer %d", a.status)
	}
	if a := b.press("/paper/arxiv:2602.00100", "do", "vote"); a.status != http.StatusSeeOther {
		t.Errorf("voting answers %d", a.status)
	}
}
