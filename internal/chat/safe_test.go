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

func (broken) Command(context.Context, Command) Message                   { panic("boom") }
func (broken) Pressed(context.Context, Press) Message                     { panic("boom") }
func (broken) Reacted(context.Context, Reaction) error                    { panic("boom") }
func (broken) Said(context.Context, Said) (Message, error)                { panic("boom") }
func (broken) Posts(context.Context, string, string, int) ([]Post, error) { panic("boom") }
func (broken) Linked(context.Context, Linked) ([]Preview, error)          { panic("boom") }
func (broken) Complete(context.Context, Command) []Suggestion             { panic("boom") }
func (broken) Submitted(context.Context, Filled) Verdict                  { panic("boom") }
func (broken) Home(context.Context, Visit) []Message                      { panic("boom") }
func (broken) Joined(context.Context, Joined) (Message, error)            { panic("boom") }
func (broken) Left(context.Context, Left) error                           { panic("boom") }

func TestSafeTurnsPanicsIntoAnswers(t *testing.T) {
	var log bytes.Buffer
	h := Safe(broken{}, slog.New(slog.NewTextHandler(&log, nil)))
	ctx := t.Context()

	for what, m := range map[string]Message{
		"a command": h.Command(ctx, Command{}), "a press": h.Pressed(ctx, Press{}),
		"a form": h.Submitted(ctx, Filled{}).Answer, "a visit": h.Home(ctx, Visit{})[0],
	} {
		_, rest, ok := strings.Cut(m.Text.String(), "(reference ")
		ref, _, _ := strings.Cut(rest, ")")
		if !ok || !strings.Contains(log.String(), "ref="+ref) {
			t.Errorf("%s that panics is answered %q, want a reference that is in the log:\n%s", what, m.Text, log.String())
		}
	}
	if err := h.Reacted(ctx, Reaction{}); err == nil {
		t.Error("a reaction that panics gives no error, so nobody would deliver it again")
	}
	if m, err := h.Said(ctx, Said{}); err == nil || !m.Empty() {
		t.Errorf("a message that panics gives %+v, %v; want nothing and an error", m, err)
	}
	if p, err := h.Linked(ctx, Linked{}); err == nil || p != nil {
		t.Errorf("links that panic give %+v, %v; want nothing and an error", p, err)
	}
	if all := h.Complete(ctx, Command{}); all != nil {
		t.Errorf("completing that panics suggests %+v, want nothing", all)
	}
	if all, err := h.Posts(ctx, "p", "", 1); err == nil || all != nil {
		t.Errorf("looking for posts that panics gives %+v, %v; want nothing and an error", all, err)
	}
	if m, err := h.Joined(ctx, Joined{}); err == nil || !m.Empty() {
		t.Errorf("joining that panics gives %+v, %v; want nothing and an error", m, err)
	}
	if err := h.Left(ctx, Left{}); err == nil {
		t.Error("leaving that panics gives no error, so nobody would tell it again")
	}
	if n := strings.Count(log.String(), "panic: boom"); n != 11 {
		t.Errorf("%d of 11 panics are in the log:\n%s", n, log.String())
	}
}
