package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"paperboy/internal/chat"
)

// letterbox answers with what it was asked, and takes no words without an @.
type letterbox struct{ broken bool }

func (l letterbox) Ask(_ context.Context, by chat.Person, text string) (string, error) {
	switch {
	case l.broken:
		return "", errors.New("secret technical reason")
	case text != "" && !strings.Contains(text, "@"):
		return "", nil
	}
	return by.ID + " asks: " + text, nil
}

func TestEmailGoesToTheMailer(t *testing.T) {
	s := newScene(t, nil)
	s.mailer = letterbox{}
	s.with(s.outside, silent{})
	for line, want := range map[string]string{
		"email":                              "ada asks:",
		"email a@b.org weekly topics moe, x": "ada asks: a@b.org weekly topics moe, x",
		"email spam filtering":               "No paper matches",
	} {
		if got := s.says(line); !strings.HasPrefix(got, want) {
			t.Errorf("%q is answered %q, want %q", line, got, want)
		}
	}
	s.mailer = letterbox{broken: true}
	s.with(s.outside, silent{})
	if got := s.says("email"); strings.Contains(got, "secret") || !strings.Contains(got, "reference") {
		t.Errorf("a fault is answered %q", got)
	}
}

func TestEmailWhereMailIsOff(t *testing.T) {
	s := newScene(t, nil)
	for line, want := range map[string]string{
		"email": "Mail is off here.", "email a@b.org": "SMTP_URL", "email spam filtering": "No paper matches",
	} {
		if got := s.says(line); !strings.Contains(got, want) {
			t.Errorf("%q is answered %q, want %q in it", line, got, want)
		}
	}
}

func TestEmailIsCompleted(t *testing.T) {
	s := newScene(t, nil)
	var got []string
	for _, o := range s.Complete(t.Context(), chat.Command{Name: "papers", Text: "email t", By: ada, In: place}) {
		got = append(got, o.Text)
	}
	if strings.Join(got, "|") != "email trending|email topics" {
		t.Errorf("it is completed to %q", got)
	}
}
