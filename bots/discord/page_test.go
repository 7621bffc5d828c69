package discord

import (
	"strings"
	"testing"

	"paperboy/internal/chat"
)

func TestLinksOfPosts(t *testing.T) {
	for post, want := range map[chat.Post]string{
		{Place: place(testGuild, testChannel), ID: "1"}:                        "https://discord.com/channels/" + testGuild + "/" + testChannel + "/1",
		{Place: place("", "7"), ID: "1"}:                                       "https://discord.com/channels/@me/7/1",
		{Place: place(testGuild, "../x"), ID: "1"}:                             "https://discord.com/channels/" + testGuild + "/..%2Fx/1",
		{Place: place(testGuild, testChannel)}:                                 "",
		{Place: chat.Place{Platform: "console", Channel: "terminal"}, ID: "1"}: "",
	} {
		if got, ok := newFake(t).app.Link(post); got != want || ok != (want != "") {
			t.Errorf("%+v has the link %q, %t, want %q", post, got, ok, want)
		}
	}
}

func TestNamesOfPeopleAndChannels(t *testing.T) {
	f := newFake(t)
	f.answer["GET /users/"+ann] = fault{status: 200, body: `{"id":"1","username":"ann","global_name":"Ann Example"}`}
	f.answer["GET /users/"+bob] = fault{status: 200, body: `{"id":"1","username":"bob","global_name":null}`}
	for who, want := range map[string]string{ann: "Ann Example", bob: "bob", "800000000000000099": ""} {
		if got := f.app.PersonName(t.Context(), person(who)); got != want {
			t.Errorf("%s is called %q, want %q", who, got, want)
		}
	}
	if got := f.app.PlaceName(t.Context(), f.Place()); got != "#general" {
		t.Errorf("the channel is called %q", got)
	}
	if got := f.app.PlaceName(t.Context(), place(testGuild, testSecret)); got != "" {
		t.Errorf("a channel that the bot can't see is called %q", got)
	}
}

func TestWhoReadsAChannel(t *testing.T) {
	const hidden = `{"id":"%","guild_id":"` + testGuild + `","type":0,"permission_overwrites":[{"id":"` + testGuild + `","allow":"0","deny":"1024"},{"id":"77","allow":"1024","deny":"0"}]}`
	const thread = `{"id":"%","guild_id":"` + testGuild + `","type":12,"parent_id":"` + testChannel + `"}`
	stranger := "800000000000000099"
	for name, c := range map[string]struct {
		channel string // as Discord tells it; "" for an open one
		by      chat.Person
		in      chat.Place
		want    bool
	}{
		"an open channel":                {"", person(bob), place(testGuild, testChannel), true},
		"an open one, a stranger":        {"", person(stranger), place(testGuild, testChannel), false},
		"one for a role, who has it":     {hidden, person(ann), place(testGuild, testChannel), true},
		"one for a role, who has it not": {hidden, person(bob), place(testGuild, testChannel), false},
		"a private thread, its manager":  {thread, person(ann), place(testGuild, testForum), true},
		"a private thread, a member":     {thread, person(bob), place(testGuild, testForum), false},
		"one that is gone":               {"", person(ann), place(testGuild, "123"), false},
		"another guild":                  {"", person(ann), place("900000000000000009", testChannel), false},
		"their own conversation":         {"", person(ann), place("", dmOf(ann)), true},
		"somebody else's":                {"", person(bob), place("", dmOf(ann)), false},
		"what is for them alone":         {"", person(ann), chat.Direct(person(ann)), true},
		"what is for somebody else":      {"", person(bob), chat.Direct(person(ann)), false},
		"another platform":               {"", chat.Person{Platform: "console", ID: ann}, place(testGuild, testChannel), false},
	} {
		f := newFake(t)
		if c.channel != "" {
			f.answer["GET /channels/"+c.in.Channel] = fault{status: 200, body: strings.ReplaceAll(c.channel, "%", c.in.Channel)}
		}
		if got, err := f.app.Reads(t.Context(), c.by, c.in); got != c.want || err != nil {
			t.Errorf("%s: reads %t, %v, want %t", name, got, err, c.want)
		}
	}
}
