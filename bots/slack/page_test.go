package slack

import (
	"testing"

	"paperboy/internal/chat"
)

func TestLinksOfPosts(t *testing.T) {
	post := chat.Post{Place: chat.Place{Platform: name, Space: testTeam, Channel: "C0001"}, ID: "1700000000.000100"}
	f := newFake(t, bySocket)
	f.answer["auth.test"] = fault{body: `{"ok":true,"team_id":"T0001","user_id":"U0BOT","bot_id":"B0BOT","url":"https://example.slack.com/"}`}
	if got, ok := f.app.Link(post); got != "https://slack.com/archives/C0001/p1700000000000100" || !ok {
		t.Errorf("before Slack said where the workspace is: %s, %t", got, ok)
	}
	if _, err := f.app.whoAmI(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, ok := f.app.Link(post); got != "https://example.slack.com/archives/C0001/p1700000000000100" || !ok {
		t.Errorf("the link is %s, %t", got, ok)
	}
	elsewhere := post
	elsewhere.Space = "T0002"
	for _, p := range []chat.Post{elsewhere, {Place: post.Place}, {}} {
		if got, ok := f.app.Link(p); ok {
			t.Errorf("%+v has the link %s", p, got)
		}
	}
}

func TestNamesOfPeopleAndChannels(t *testing.T) {
	f := newFake(t, bySocket)
	if got := f.app.PersonName(t.Context(), person(ann)); got != "Ann Example" {
		t.Errorf("ann is called %q", got)
	}
	for body, want := range map[string]string{
		`{"ok":true,"channel":{"id":"C0001","name":"papers","is_channel":true}}`: "#papers",
		`{"ok":true,"channel":{"id":"D0001","is_im":true}}`:                      "",
		`{"ok":false,"error":"channel_not_found"}`:                               "",
	} {
		f := newFake(t, bySocket)
		f.answer["conversations.info"] = fault{body: body}
		if got := f.app.PlaceName(t.Context(), f.Place()); got != want {
			t.Errorf("%s is called %q, want %q", body, got, want)
		}
	}
}

func TestWhoReadsAChannel(t *testing.T) {
	const public, closed = `{"ok":true,"channel":{"id":"C1","is_channel":true}}`, `{"ok":true,"channel":{"id":"C1","is_channel":true,"is_private":true}}`
	for name, c := range map[string]struct {
		info string
		by   chat.Person
		in   chat.Place
		want bool
	}{
		"a member, of a public channel":        {public, person(ann), place("C0OTHER"), true},
		"a guest, of a public channel":         {public, person(bob), place("C0OTHER"), false},
		"a guest, of a channel they are in":    {public, person(bob), place(testChannel), true},
		"a member, of a private one":           {closed, person(ann), place("C0OTHER"), false},
		"a member, of a private one they know": {closed, person(ann), place(testChannel), true},
		"their own conversation":               {public, person(ann), place(dmOf(ann)), true},
		"somebody else's":                      {public, person(bob), place(dmOf(ann)), false},
		"what is for them alone":               {public, person(ann), chat.Direct(person(ann)), true},
		"what is for somebody else":            {public, person(bob), chat.Direct(person(ann)), false},
		"another workspace":                    {public, chat.Person{Platform: "slack", Space: "T9", ID: ann}, place(testChannel), false},
		"another platform":                     {public, chat.Person{Platform: "console", Space: testTeam, ID: ann}, place(testChannel), false},
	} {
		f := newFake(t, bySocket)
		f.answer["conversations.info"] = fault{body: c.info}
		if got, err := f.app.Reads(t.Context(), c.by, c.in); got != c.want || err != nil {
			t.Errorf("%s: reads %t, %v, want %t", name, got, err, c.want)
		}
	}
	f := newFake(t, bySocket)
	f.answer["conversations.info"] = fault{body: `{"ok":false,"error":"channel_not_found"}`}
	if got, err := f.app.Reads(t.Context(), person(ann), place("C0GONE")); got || err == nil {
		t.Errorf("a channel that is gone: reads %t, %v", got, err)
	}
}

func place(channel string) chat.Place {
	return chat.Place{Platform: name, Space: testTeam, Channel: channel}
}
