package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"paperboy/internal/chat"
)

func reactionTo(message string) map[string]any {
	return map[string]any{
		"user_id": ann, "guild_id": testGuild, "channel_id": testChannel, "message_id": message, "emoji": map[string]any{"id": nil, "name": "👍"},
		"member": map[string]any{"user": map[string]any{"id": ann}},
	}
}

func TestDroppedConnectionIsResumedAndNothingIsLostOrDoubled(t *testing.T) {
	there := []string{"/ws/resume/"}
	for _, drop := range []struct {
		name string
		do   func(*fake)
		at   []string
	}{
		{"the server closes with 4000", func(f *fake) { f.closeWith(4000) }, there},
		{"the server goes away", func(f *fake) { f.closeWith(1001) }, there},
		{"the line is cut", func(f *fake) { f.gateway.cut() }, there},
		{"the server asks to reconnect", func(f *fake) { f.tell(opReconnect, nil) }, there},
		{"the session is invalid and can be resumed", func(f *fake) { f.tell(opInvalid, true) }, there},
		{"resuming is put off", func(f *fake) {
			f.gateway.mu.Lock()
			f.gateway.invalid = []bool{true}
			f.gateway.mu.Unlock()
			f.closeWith(4000)
		}, there},
		{"there is nothing where it is to be resumed", func(f *fake) { f.closeWith(4000) }, []string{"/ws/"}},
	} {
		t.Run(drop.name, func(t *testing.T) {
			t.Parallel()
			e, f := newEar(), newFake(t)
			if !slices.Equal(drop.at, there) {
				f.gateway.resumeAt = "ws://127.0.0.1:1"
			}
			f.listen(t, e)
			f.dispatch("MESSAGE_REACTION_ADD", reactionTo("1"))
			next[chat.Reaction](t, e)
			drop.do(f)
			for n := range 20 { // some while nobody is connected
				f.dispatch("MESSAGE_REACTION_ADD", reactionTo(fmt.Sprint(n+2)))
			}
			times := map[string]int{}
			for range 20 {
				times[next[chat.Reaction](t, e).Post.ID]++
			}
			if len(times) != 20 || len(e.events) > 0 {
				t.Errorf("heard are %v and %d more, want 20 reactions once each", times, len(e.events))
			}
			f.gateway.mu.Lock()
			defer f.gateway.mu.Unlock()
			if got := f.gateway.resumes; !slices.Equal(got, drop.at) || len(f.gateway.identified) != 1 {
				t.Errorf("the session was resumed at %v and begun %d times, want %v and once", got, len(f.gateway.identified), drop.at)
			}
		})
	}
}

func TestSessionThatIsOverBeginsAnew(t *testing.T) {
	for name, end := range map[string]func(*fake){
		"Discord says so": func(f *fake) { f.tell(opInvalid, false) },
		"it is forgotten while the connection is lost": func(f *fake) {
			f.gateway.mu.Lock()
			f.gateway.session = 99
			f.gateway.mu.Unlock()
			f.closeWith(4000)
		},
		"its number is wrong":          func(f *fake) { f.closeWith(4007) },
		"it was silent for too long":   func(f *fake) { f.closeWith(4009) },
		"it was not taken for a bot's": func(f *fake) { f.closeWith(4003) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, f := newEar(), newFake(t)
			f.app.identifyEvery = 0
			f.listen(t, e)
			<-f.gateway.identified
			end(f)
			select {
			case <-f.gateway.identified:
			case <-soon(t).Done():
				t.Fatal("the bot does not begin a new session")
			}
			f.dispatch("MESSAGE_REACTION_ADD", reactionTo("1"))
			next[chat.Reaction](t, e)
		})
	}
}

// TestConnectionThatAnswersNoHeartbeatsIsLeft though events still come on it.
func TestConnectionThatAnswersNoHeartbeatsIsLeft(t *testing.T) {
	e, f := newEar(), newFake(t)
	f.app.leastSilence = 100 * time.Millisecond
	f.gateway.interval, f.gateway.mute = 20, true
	f.listen(t, e)
	for n := 0; ; n++ {
		f.dispatch("MESSAGE_REACTION_ADD", reactionTo(fmt.Sprint(n)))
		next[chat.Reaction](t, e)
		f.gateway.mu.Lock()
		resumed := len(f.gateway.resumes) > 0
		f.gateway.mu.Unlock()
		if resumed {
			return
		}
	}
}

func TestHeartbeatIsSentWhenDiscordAsks(t *testing.T) {
	f := listening(t, newEar())
	beat := func() {
		select {
		case <-f.gateway.beats:
		case <-soon(t).Done():
			t.Fatal("the bot sends no heartbeat")
		}
	}
	beat() // the first one goes out by itself, the next in 41 seconds
	f.tell(1, nil)
	beat()
}

// TestGatewayThatHangsIsLeft is of two ways in which the library blocks for ever.
func TestGatewayThatHangsIsLeft(t *testing.T) {
	for name, greet := range map[string]func(*websocket.Conn) bool{
		"it says nothing": func(c *websocket.Conn) bool { _, _, _ = c.ReadMessage(); return true },
		"it wants a reconnect before READY": func(c *websocket.Conn) bool {
			_ = c.WriteJSON(payloadOf(10, map[string]any{"heartbeat_interval": 41250}))
			_, _, _ = c.ReadMessage()
			_ = c.WriteJSON(payloadOf(opReconnect, nil))
			_, _, _ = c.ReadMessage()
			return true
		},
		"it hangs up": func(*websocket.Conn) bool { return true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEar()
			f := newFake(t)
			f.app.openWithin, f.app.identifyEvery = 300*time.Millisecond, 0
			var before bool
			f.gateway.greet = func(c *websocket.Conn) bool {
				f.gateway.mu.Lock()
				first := !before
				before = true
				f.gateway.mu.Unlock()
				return first && greet(c)
			}
			f.listen(t, e)
			f.dispatch("MESSAGE_REACTION_ADD", reactionTo("1"))
			next[chat.Reaction](t, e)
		})
	}
}

func TestFinalCloseCodesEndListeningWithWhatToDo(t *testing.T) {
	for code, want := range map[int]string{4004: "DISCORD_BOT_TOKEN", 4014: "Message Content Intent", 4013: "newer Paperboy"} {
		f := newFake(t)
		ended := make(chan error, 1)
		go func() { ended <- f.app.Listen(t.Context(), newEar()) }()
		if err := f.connected(soon(t)); err != nil {
			t.Fatal(err)
		}
		f.closeWith(code)
		select {
		case err := <-ended:
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), testToken) {
				t.Errorf("closed with %d, listening ends with %v, want it to name %s", code, err, want)
			}
		case <-soon(t).Done():
			t.Errorf("closed with %d, listening goes on", code)
		}
	}
}

func TestRefusedTokenEndsListening(t *testing.T) {
	f := newFake(t)
	f.answer["GET /gateway/bot"] = fault{status: 401, body: `{"message":"401: Unauthorized","code":0}`}
	if err := f.app.Listen(soon(t), newEar()); err == nil || !strings.Contains(err.Error(), "DISCORD_BOT_TOKEN") {
		t.Errorf("listening ends with %v, want what to do", err)
	}
}

func TestIntentsAreTheFewestAndThePresenceSaysHow(t *testing.T) {
	for words, want := range map[bool]float64{false: 1<<0 | 1<<10 | 1<<12 | 1<<13, true: 1<<0 | 1<<9 | 1<<10 | 1<<12 | 1<<13 | 1<<15} {
		s := newService(t)
		s.connect(Options{Words: words})
		f := &fake{s}
		f.listen(t, newEar())
		id := <-f.gateway.identified
		if id["intents"] != want || id["token"] != "Bot "+testToken {
			t.Errorf("with words %t the bot identifies itself with the intents %v, want %v", words, id["intents"], want)
		}
	}
}

func TestAsManyShardsAsDiscordRecommends(t *testing.T) {
	f := newFake(t)
	f.shards = 3
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.app.Listen(ctx, newEar()) }()
	seen := map[string]bool{}
	for range 3 {
		select {
		case id := <-f.gateway.identified:
			seen[fmt.Sprint(id["shard"])] = true
		case <-soon(t).Done():
			t.Fatalf("only the shards %v identify themselves", seen)
		}
	}
	if !seen["[0 3]"] || !seen["[1 3]"] || !seen["[2 3]"] {
		t.Errorf("the shards are %v, want three", seen)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Listen: %v", err)
	}
}
