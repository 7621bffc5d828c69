package discord

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"paperboy/internal/chat"
)

func TestCommandsAreRegisteredOnlyWhenTheyDiffer(t *testing.T) {
	f := newFake(t)
	isAsked := func(c call) bool { return c.path == "/applications/"+testApp+"/commands" }
	for _, step := range []struct {
		name  string
		alter func(commands []map[string]any) []map[string]any
		puts  int
	}{
		{"at first", func(c []map[string]any) []map[string]any { return c }, 1},
		{"again", func(c []map[string]any) []map[string]any {
			c[1]["default_member_permissions"] = "16" // Discord writes it so
			c[0]["description_localizations"] = nil
			return c
		}, 1},
		{"with one changed", func(c []map[string]any) []map[string]any { c[0]["description"] = "old"; return c }, 2},
		{"with one too many", func(c []map[string]any) []map[string]any {
			return append(c, map[string]any{"name": "old", "type": 1.0, "description": "x"})
		}, 3},
		{"with an option too many", func(c []map[string]any) []map[string]any {
			c[2]["options"] = []any{map[string]any{"name": "old"}}
			return c
		}, 4},
	} {
		f.mu.Lock()
		f.commands = step.alter(f.commands)
		f.mu.Unlock()
		l := &listener{Discord: f.app, ctx: t.Context()}
		l.register(soon(t))
		f.wait(t, isAsked)
		f.mu.Lock()
		if f.puts != step.puts {
			t.Errorf("%s the commands were registered %d times in all, want %d", step.name, f.puts, step.puts)
		}
		f.mu.Unlock()
	}
}

func TestCommandsWorkEverywhereAndSettingsAreForManagers(t *testing.T) {
	f := listening(t, newEar())
	c := f.wait(t, func(c call) bool { return c.method == http.MethodPut })
	for _, cmd := range c.body["list"].([]map[string]any) {
		own := cmd["name"] == "paperboy"
		if got := cmd["default_member_permissions"]; own != (got == float64(manageChannels)) {
			t.Errorf("%v wants the permissions %v", cmd["name"], got)
		}
		if !own && (len(cmd["contexts"].([]any)) != 3 || len(cmd["integration_types"].([]any)) != 2) {
			t.Errorf("%v can't be used everywhere: %v, %v", cmd["name"], cmd["contexts"], cmd["integration_types"])
		}
	}
}

func TestInviteAsksForThePermissionsThatAreUsed(t *testing.T) {
	f := newFake(t)
	link, err := f.app.Invite(t.Context())
	want := fmt.Sprintf("https://discord.com/oauth2/authorize?client_id=%s&scope=bot+applications.commands&permissions=%d", testApp, 1<<10|1<<11|1<<14|1<<16|1<<35|1<<38)
	if link != want || err != nil {
		t.Errorf("the link is %s, %v, want %s", link, err, want)
	}
}

func TestInviteAsksForReactionsWhereMessagesAreAcknowledged(t *testing.T) {
	f := newFake(t)
	f.app.o.Acknowledge = true
	link, err := f.app.Invite(t.Context())
	if want := fmt.Sprint("permissions=", 1<<6|1<<10|1<<11|1<<14|1<<16|1<<35|1<<38); !strings.HasSuffix(link, want) || err != nil {
		t.Errorf("the link is %s, %v, want it to end with %s", link, err, want)
	}
}

func TestCheckNamesWhatIsMissingWhere(t *testing.T) {
	f := newFake(t)
	all := f.app.Check(t.Context())
	i := slices.IndexFunc(all, func(x Finding) bool { return strings.Contains(x.Fine, "1 of 2 channels") })
	if i < 0 || !strings.Contains(all[i].Fine, "#secret (View Channels)") {
		t.Errorf("the findings are %+v, want the hidden channel named", all)
	}
	f.answer["GET /applications/@me"] = fault{status: 401, body: `{"message":"401: Unauthorized","code":0}`}
	if all := f.app.Check(t.Context()); len(all) != 1 || !strings.Contains(all[0].Advice, "DISCORD_BOT_TOKEN") || strings.Contains(all[0].Wrong, testToken) {
		t.Errorf("with a wrong token the findings are %+v", all)
	}
	f.answer["GET /applications/@me"] = fault{status: 200, body: `{"id":"1","name":"Paperboy","flags":0}`}
	if all := f.app.Check(t.Context()); !slices.ContainsFunc(all, func(x Finding) bool { return strings.Contains(x.Wrong, "message content intent") }) {
		t.Errorf("without the intent the findings are %+v", all)
	}
}

func TestWhoManagesIsKnownFromWhatTheyDid(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	f.answer["GET /channels/"+testChannel] = fault{status: 500}
	if err := f.Command(soon(t), person(ann), "papers", "moe"); err != nil {
		t.Fatal(err)
	}
	next[chat.Command](t, e)
	if may, err := f.app.Manages(soon(t), person(ann), f.Place()); !may || err != nil {
		t.Errorf("whoever has just shown the permission manages: %t, %v", may, err)
	}
	if may, err := f.app.Manages(soon(t), person("800000000000000099"), place(testGuild, testSecret)); may || err != nil {
		t.Errorf("a stranger manages: %t, %v", may, err)
	}
}
