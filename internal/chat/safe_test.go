package chat

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
)

// broken is a Handler that panics whatever it is told.
type broken struct{}

func (broken) Command(context.Context, Command) Message    { panic("boom") }
func (broken) Pressed(context.Context, Press) Message      { panic("boom") }
func (broken) Reacted(context.Context, Reaction) error     { panic("boom") }
func (broken) Said(context.Context, Said) (Message, error) { panic("boom") }

func TestSafeTurnsPanicsIntoAnswers(t *testing.T) {
	var log bytes.Buffer
	h := Safe(broken{}, slog.New(slog.NewTextHandler(&log, nil)))
	ctx := t.Context()

	if m := h.Command(ctx, Command{}); m.Text.String() != Sorry().Text.String() {
		t.Errorf("a command that panics is answered %q, want %q", m.Text, Sorry().Text)
	}
	if m := h.Pressed(ctx, Press{}); m.Text.String() != Sorry().Text.String() {
		t.Errorf("a press that panics is answered %q, want %q", m.Text, Sorry().Text)
	}
	if err := h.Reacted(ctx, Reaction{}); err == nil {
		t.Error("a reaction that panics gives no error, so nobody would deliver it again")
	}
	if m, err := h.Said(ctx, Said{}); err == nil || !m.Empty() {
		t.Errorf("a message that panics gives %+v, %v; want nothing and an error", m, err)
	}
	if n := strings.Count(log.String(), "panic: boom"); n != 4 {
		t.Errorf("%d of 4 panics are in the log:\n%s", n, log.String())
	}
}
