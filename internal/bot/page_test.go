package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// frontPage is a page that only makes links; the zero one is broken.
type frontPage string

func (f frontPage) Link(_ context.Context, by chat.Person, of team.ID) (string, error) {
	if f == "" {
		return "", errors.New("secret technical reason")
	}
	return fmt.Sprintf("%s/signin/%s-%s", string(f), by.ID, of), nil
}

func TestALinkToThePage(t *testing.T) {
	s := newScene(t, nil)
	if got := s.says("web"); got != "The page is switched off here." {
		t.Errorf("without a page: %q", got)
	}
	s.page = frontPage("https://papers.example.org")
	s.resolveWith(s.outside)
	m := s.typed(ada, "web")
	const link = "https://papers.example.org/signin/ada-everyone"
	if got := show(m); !strings.Contains(got, link) || !strings.Contains(got, "once, within ten minutes") || m.Text[len(m.Text)-1].Link != link {
		t.Errorf("the answer is %+v", m)
	}
	if got := s.says("web crawling"); !strings.Contains(got, "No paper matches “web crawling”") {
		t.Errorf("words that begin with the command's are no search: %q", got)
	}
	s.page = frontPage("")
	s.resolveWith(s.outside)
	if got := s.says("web"); strings.Contains(got, "secret") || !strings.Contains(got, "the reference ") {
		t.Errorf("a fault says %q", got)
	}
}

// TestADraftIsWhatSavingWouldMake compares a form that is looked at with one that
// is handed in.
func TestADraftIsWhatSavingWouldMake(t *testing.T) {
	s := newScene(t, nil, week()...)
	s.paperboy(ada, "subscribe experts")
	form := s.Pressed(t.Context(), chat.Press{Action: "form settings", By: ada, In: place, At: now}).Form
	if form == nil {
		t.Fatal("the settings have no form")
	}
	filled := chat.Filled{Form: form.Name, In: form.In, By: ada, At: now, Values: map[string][]string{}}
	for _, f := range form.Fields {
		filled.Values[f.Name] = f.Values
	}
	filled.Values["topics"], filled.Values["count"] = []string{"experts\nrouting"}, []string{"7"}
	draft, problems, err := s.Draft(t.Context(), filled)
	if err != nil || len(problems) > 0 {
		t.Fatalf("the draft has %v, %v", problems, err)
	}
	if c, err := s.store.Channel(t.Context(), place); err != nil || c.Prefs.Count != 3 || len(c.Prefs.Topics) != 1 {
		t.Errorf("the draft was kept: %+v, %v", c.Prefs, err)
	}
	if v := s.Submitted(t.Context(), filled); len(v.Problems) > 0 {
		t.Fatalf("handing it in has problems: %v", v.Problems)
	}
	c, err := s.store.Channel(t.Context(), place)
	if got, want := fmt.Sprintf("%+v", draft.Prefs), fmt.Sprintf("%+v", c.Prefs); got != want || err != nil {
		t.Errorf("the draft is\n%s, saved is\n%s, %v", got, want, err)
	}
	filled.Values["count"], filled.At = []string{"many"}, now.Add(time.Hour)
	if _, problems, err := s.Draft(t.Context(), filled); problems["count"] == "" || err != nil {
		t.Errorf("a draft with a mistake has the problems %v, %v", problems, err)
	}
}
