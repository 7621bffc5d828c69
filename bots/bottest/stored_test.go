package bottest

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paperboy/internal/chat"
)

// Planned messages are stored as JSON, in which broken UTF-8 is replaced. That
// is no loss: no platform shows it.
func TestMessagesOfTheSuiteSurviveBeingStored(t *testing.T) {
	hostile := Hostile()
	for i := range hostile {
		hostile[i].Text = string([]rune(hostile[i].Text))
	}
	messages := []chat.Message{{}, pressable(), longest(), numbered(1), keyed("daily/team-1/2026-03-02/1", "Picks")}
	for group := range slices.Chunk(hostile, chat.MaxCards) {
		messages = append(messages, hostileMessage(group))
	}
	for _, m := range messages {
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatalf("%+v: %v", m, err)
		}
		var got chat.Message
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Errorf("stored as %s (-want +got):\n%s", b, diff)
		}
	}
}
