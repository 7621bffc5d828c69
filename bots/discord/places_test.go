package discord

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
)

func TestServerThatPutsTheBotOutAndBringsItBackIsTold(t *testing.T) {
	e := newEar()
	e.answer = func(event any) chat.Message {
		if j, ok := event.(chat.Joined); ok && !j.Quietly {
			return chat.Message{Text: chat.Plain("Hello!")}
		}
		return chat.Message{}
	}
	f := listening(t, e)
	came := time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond)
	entered := map[string]any{"id": testGuild, "joined_at": came, "system_channel_id": testChannel}
	f.dispatch("GUILD_CREATE", entered) // it was there when the bot connected
	if j := next[chat.Joined](t, e); !j.Quietly || !j.At.Equal(came) || j.In != f.Place() {
		t.Errorf("the handler hears %+v, want it quietly, since it came", j)
	}
	f.dispatch("GUILD_DELETE", map[string]any{"id": testGuild, "unavailable": true})
	f.dispatch("GUILD_CREATE", entered) // and was away for a moment
	if j := next[chat.Joined](t, e); !j.Quietly {
		t.Errorf("the handler hears %+v, want it quietly", j)
	}
	f.dispatch("GUILD_DELETE", map[string]any{"id": testGuild})
	f.dispatch("GUILD_CREATE", entered)
	if l := next[chat.Left](t, e); l.In != place(testGuild, "") || !l.Everywhere || l.Reason == "" {
		t.Errorf("the handler hears %+v, want that it left the server", l)
	}
	if j := next[chat.Joined](t, e); j.In != f.Place() || !j.Everywhere || j.Quietly {
		t.Errorf("the handler hears %+v", j)
	}
	if s := f.see(t); !strings.Contains(s.Text, "Hello!") || len(e.events)+len(f.screen) > 0 {
		t.Errorf("shown is %q; %d more events are heard", s.Text, len(e.events))
	}
}

func TestServerThatIsMissingFromANewSessionHasPutTheBotOut(t *testing.T) {
	e, f := newEar(), newFake(t)
	f.app.identifyEvery = 0
	f.listen(t, e)
	f.gateway.mu.Lock()
	f.gateway.guilds = []string{"900000000000000099"}
	f.gateway.mu.Unlock()
	f.tell(opInvalid, false)
	if l := next[chat.Left](t, e); l.In != place(testGuild, "") || !l.Everywhere {
		t.Errorf("the handler hears %+v, want that it left the server", l)
	}
}

func TestChannelThatTheBotCannotPostToAnyMoreIsTold(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	update := func(deny uint64) {
		f.dispatch("CHANNEL_UPDATE", map[string]any{"id": testChannel, "guild_id": testGuild, "type": 0, "permission_overwrites": []any{
			map[string]any{"id": testGuild, "type": 0, "allow": "0", "deny": fmt.Sprint(deny)},
		}})
	}
	for deny, want := range map[uint64]string{viewChannel: "View Channel", sendMessages: "Send Messages"} {
		update(deny)
		if l := next[chat.Left](t, e); l.In != f.Place() || l.Everywhere || !strings.Contains(l.Reason, want) {
			t.Errorf("the handler hears %+v, want that %s is missing", l, want)
		}
		update(0)
		if j := next[chat.Joined](t, e); j.In != f.Place() || !j.Quietly || j.Everywhere {
			t.Errorf("the handler hears %+v, want that the bot may post again", j)
		}
	}
	f.dispatch("CHANNEL_DELETE", map[string]any{"id": testChannel, "guild_id": testGuild, "type": 0})
	if l := next[chat.Left](t, e); l.In != f.Place() || !strings.Contains(l.Reason, "gone") {
		t.Errorf("the handler hears %+v, want that the channel is gone", l)
	}
}

func TestChangedRoleIsLookedAtInAllChannels(t *testing.T) {
	e := newEar()
	f := listening(t, e)
	f.dispatch("GUILD_MEMBER_UPDATE", map[string]any{"guild_id": testGuild, "user": map[string]any{"id": bob}}) // not the bot
	f.dispatch("GUILD_ROLE_UPDATE", map[string]any{"guild_id": testGuild, "role": map[string]any{"id": "78"}})
	if j := next[chat.Joined](t, e); j.In != f.Place() || !j.Quietly {
		t.Errorf("of a channel that is open the handler hears %+v", j)
	}
	if l := next[chat.Left](t, e); l.In != place(testGuild, testSecret) {
		t.Errorf("of a channel that is hidden the handler hears %+v", l)
	}
}
