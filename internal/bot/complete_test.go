package bot_test

import (
	"slices"
	"testing"

	"paperboy/internal/chat"
)

// suggested are the lines that a person may go on with.
func (s *scene) suggested(name, line string) (lines []string) {
	for _, o := range s.Complete(s.Context(), chat.Command{Name: name, Text: line, By: ada, In: place, At: now}) {
		if o.Label == "" {
			s.Errorf("/%s %s suggests %q without a label", name, line, o.Text)
		}
		lines = append(lines, o.Text)
	}
	return lines
}

func TestLineIsCompletedWithCommandsSearchesTopicsAndTitles(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.says("mixture of experts")
	s.Command(t.Context(), chat.Command{Name: "paperboy", Text: "subscribe mixed precision", By: ada, In: place, At: now})
	some := week()[0]

	for _, test := range []struct {
		name, line string
		want       []string
	}{
		{"papers", "", []string{"today", "week", "saved", "help"}},
		{"papers", "to", []string{"today", "top"}},
		{"papers", "mix", []string{"mixed precision"}},
		{"papers", string([]rune(some.Title)[:4]), []string{string(some.ID)}},
		{"papers", "save " + string([]rune(some.Title)[:4]), []string{"save " + string(some.ID)}},
		{"papers", "ada love", []string{`author:"Ada Lovelace"`}},
		{"paperboy", "sub", []string{"subscribe"}},
		{"paperboy", "unsubscribe prec", []string{"unsubscribe mixed precision"}},
		{"paperboy", "subscribe new words", []string{"subscribe new words"}},
	} {
		got := s.suggested(test.name, test.line)
		for _, want := range test.want {
			if !slices.Contains(got, want) {
				t.Errorf("/%s %s suggests %q, want %q among them", test.name, test.line, got, want)
			}
		}
		if len(got) > 25 {
			t.Errorf("/%s %s suggests %d lines, want 25 at most", test.name, test.line, len(got))
		}
	}
	if got := s.suggested("papers", "zzzz"); len(got) > 0 {
		t.Errorf("a line that nothing begins with suggests %q", got)
	}
}

func TestLastSearchesAreSuggestedToWhoMadeThem(t *testing.T) {
	s := newScene(t, nil, week()...)
	query := week()[0].Title
	s.says(query)
	if got := s.suggested("papers", query[:3]); !slices.Contains(got, query) {
		t.Errorf("suggested is %q, want the search for %q among them", got, query)
	}
	for _, o := range s.Complete(t.Context(), chat.Command{Name: "papers", Text: query[:3], By: bob, In: place, At: now}) {
		if o.Text == query {
			t.Errorf("bob is told what ada searched for")
		}
	}
}
