package discord

import (
	"fmt"
	"strings"
	"testing"

	"paperboy/internal/chat"
)

// longForm has more fields than a modal takes.
func longForm(in chat.Place) *chat.Form {
	f := &chat.Form{Name: "settings", In: in, Title: "Settings of a channel with @everyone in it"}
	for n := range 7 {
		f.Fields = append(f.Fields, chat.Field{Name: fmt.Sprint("field", n), Label: fmt.Sprintf("Field %d ", n) + strings.Repeat("x", 60), Hint: strings.Repeat("hint ", 40), Kind: chat.Line, Values: []string{"as it was"}})
	}
	return f
}

// settingsEar answers commands and presses with a form, and forms with a sentence.
func settingsEar(form *chat.Form) *ear {
	e := newEar()
	e.answer = func(event any) chat.Message {
		if _, ok := event.(chat.Filled); ok {
			return chat.Message{Text: chat.Plain("Saved.")}
		}
		return chat.Message{Text: chat.Plain("All settings"), Form: form}
	}
	return e
}

func (f *fake) opened(t testing.TB) opened {
	t.Helper()
	select {
	case form := <-f.forms:
		return form
	case <-soon(t).Done():
		t.Fatal("no form is opened")
	}
	panic("unreachable")
}

func (f *fake) pressOn(t testing.TB, s seen, row, column int) {
	t.Helper()
	c := s.post.body["components"].([]any)[row].(map[string]any)["components"].([]any)[column].(map[string]any)
	if err := f.interact(soon(t), ann, isPress, map[string]any{"custom_id": c["custom_id"], "component_type": kindButton}, s.post); err != nil {
		t.Fatal(err)
	}
}

func TestLongFormIsFilledInPageByPage(t *testing.T) {
	e := settingsEar(longForm(place(testGuild, testChannel)))
	f := listening(t, e)
	if err := f.Command(soon(t), person(ann), "paperboy", "settings"); err != nil {
		t.Fatal(err)
	}
	next[chat.Command](t, e)
	first := f.opened(t)
	if title := str(first.modal, "title"); len(first.modal["components"].([]any)) != 5 || !strings.HasSuffix(title, "(1 of 2)") {
		t.Errorf("opened is %v, want the first five fields", first.modal)
	}
	if err := f.handIn(soon(t), first, map[string][]string{"field1": {"new"}}); err != nil {
		t.Fatal(err)
	}
	filled := next[chat.Filled](t, e)
	if filled.In != f.Place() || filled.Value("field1") != "new" || !filled.Shown("field0") || filled.Shown("field5") {
		t.Errorf("the handler got %+v", filled)
	}
	saved := f.see(t)
	if !strings.Contains(saved.Text, "Saved.") || saved.To != person(ann) {
		t.Errorf("shown is %q to %v", saved.Text, saved.To)
	}
	f.pressOn(t, saved, 0, 0)
	if p := next[chat.Press](t, e); p.Action != "form settings "+testChannel {
		t.Errorf("the button for the rest does %q", p.Action)
	}
	if second := f.opened(t); len(second.modal["components"].([]any)) != 2 {
		t.Errorf("opened is %v, want the last two fields", second.modal)
	}
}

func TestFormThatCouldNotBeTakenOpensAgainAsItWasFilledIn(t *testing.T) {
	e := settingsEar(longForm(place(testGuild, testChannel)))
	e.problems = map[string]string{"field2": "That is no number."}
	f := listening(t, e)
	if err := f.Command(soon(t), person(ann), "paperboy", "settings"); err != nil {
		t.Fatal(err)
	}
	next[chat.Command](t, e)
	if err := f.handIn(soon(t), f.opened(t), map[string][]string{"field2": {"seven"}, "field3": {"kept"}}); err != nil {
		t.Fatal(err)
	}
	next[chat.Filled](t, e)
	s := f.see(t)
	if !strings.Contains(s.Text, "That is no number.") || !strings.Contains(s.Text, "Field 2") {
		t.Errorf("shown is %q, want what is wrong with which field", s.Text)
	}
	f.pressOn(t, s, 0, 0)
	fields := f.opened(t).modal["components"].([]any)
	for n, want := range map[int]string{2: "seven", 3: "kept"} {
		if got := str(fields[n].(map[string]any)["component"].(map[string]any), "value"); got != want {
			t.Errorf("field %d is opened again with %q, want %q", n, got, want)
		}
	}
	if len(e.events) > 0 {
		t.Errorf("the handler also hears %+v", <-e.events)
	}
}

// TestFormThatComesTooLateHasButtons is of an answer that Discord was told to wait
// for: no modal can be opened then.
func TestFormThatComesTooLateHasButtons(t *testing.T) {
	form := longForm(place(testGuild, testChannel))
	f := listening(t, newEar())
	a := answer{Message: chat.Message{Text: chat.Plain("All settings"), Form: form}}
	f.mu.Lock()
	f.tokens["late"] = &token{user: ann, channel: testChannel, answered: true, original: &posted{id: f.number(), channel: testChannel, user: botUser, only: ann}}
	f.mu.Unlock()
	l := &listener{Discord: f.app, ctx: t.Context()}
	l.later(soon(t), interaction{ID: "1", App: testApp, Token: "late", Type: isCommand}, false, a)
	s := f.see(t)
	row := s.post.body["components"].([]any)[0].(map[string]any)["components"].([]any)
	if len(row) != 2 || !strings.Contains(s.Text, "All settings") {
		t.Errorf("shown is %q with the buttons %v, want one for each page", s.Text, row)
	}
}

func TestFormIsKnownByWhatItsButtonSays(t *testing.T) {
	by := interaction{Guild: testGuild, User: &user{ID: ann}}
	for _, in := range []chat.Place{place(testGuild, "18446744073709551615"), place(testGuild, testChannel), chat.Direct(person(ann))} {
		f := chat.Form{Name: strings.Repeat("n", chat.MaxAction), In: in}
		by.Data.CustomID = formID(f, 3)
		got, n, ok := by.form()
		if got.Name != f.Name || got.In != in || n != 3 || !ok || len(by.Data.CustomID) > maxCustomID {
			t.Errorf("%s is read as %+v, %d, %t", by.Data.CustomID, got, n, ok)
		}
	}
}
