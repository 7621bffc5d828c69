package web

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"paperboy/internal/chat"
)

// stuck is a chat service that never answers.
type stuck struct {
	chat.Platform
	asked *int
}

func (s stuck) PersonName(ctx context.Context, _ chat.Person) string {
	*s.asked++
	<-ctx.Done()
	return ""
}

func (stuck) PlaceName(context.Context, chat.Place) string { return "" }

func TestAPageWaitsForAStuckServiceOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := 0
		n := newNames(chat.Platforms{"town": stuck{asked: &asked}}, time.Now)
		start := time.Now()
		for _, id := range []string{"a", "b", "c", "a"} {
			if got := n.person(t.Context(), chat.Person{Platform: "town", ID: id}); got != id {
				t.Errorf("%s is called %q", id, got)
			}
		}
		if took := time.Since(start); took != nameTime || asked != 1 {
			t.Errorf("four names took %s and %d questions, want %s and 1", took, asked, nameTime)
		}
		time.Sleep(slowFor)
		n.person(t.Context(), chat.Person{Platform: "town", ID: "a"})
		if asked != 2 {
			t.Errorf("after a while it is asked %d times, want 2", asked)
		}
	})
}
