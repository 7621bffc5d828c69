package bottest

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"paperboy/internal/chat"
)

// Joining is for a Fake whose bot comes into places.
type Joining interface {
	// Joins brings the bot into Place.
	Joins(ctx context.Context, by chat.Person) error
}

// Leaving is for a Fake whose bot can be put out of places.
type Leaving interface {
	// Leaves puts the bot out of Place.
	Leaves(ctx context.Context) error
}

// Linking is for a Fake whose platform asks what to show for links.
type Linking interface {
	// Link writes a message with links to everybody in Place.
	Link(ctx context.Context, by chat.Person, links ...string) error
}

// Paging is for a Fake whose platform has a page of the bot's own.
type Paging interface {
	// Visit opens it; what it has is Shown.
	Visit(ctx context.Context, by chat.Person) error
}

// Filling is for a Fake whose platform has forms.
type Filling interface {
	// Fill hands in the form that was opened last, once there is one, and returns
	// the problems that it then shows.
	Fill(ctx context.Context, by chat.Person, values map[string][]string) (problems map[string]string, err error)
}

func joiningIsHeard(ctx context.Context, s *session) error {
	f, ok := s.Fake.(Joining)
	if !ok {
		return skip("the bot comes into no places")
	}
	if err := f.Joins(ctx, s.me); err != nil {
		return fmt.Errorf("bring the bot in: %w", err)
	}
	j, err := heard[chat.Joined](ctx, s)
	if err != nil {
		return err
	}
	if j.In != s.Place() || j.At.IsZero() {
		return fmt.Errorf("the bot came into %+v, the handler got %+v", s.Place(), j)
	}
	shown, err := saw(ctx, s, "an introduction")
	if err != nil {
		return err
	}
	if shown.To != (chat.Person{}) {
		return fmt.Errorf("the introduction was shown to %+v alone", shown.To)
	}
	return shown.has(standard)
}

// leavingIsHeard puts the bot out and brings it in again, in this order.
func leavingIsHeard(ctx context.Context, s *session) error {
	f, ok := s.Fake.(Leaving)
	if !ok {
		return skip("the bot can't be put out of places")
	}
	if err := f.Leaves(ctx); err != nil {
		return fmt.Errorf("put the bot out: %w", err)
	}
	l, err := heard[chat.Left](ctx, s)
	if err != nil {
		return err
	}
	there := l.In == s.Place() || l.Everywhere && l.In == chat.Place{Platform: s.Place().Platform, Space: s.Place().Space}
	if !there || l.Reason == "" || l.At.IsZero() {
		return fmt.Errorf("the bot was put out of %+v, the handler got %+v", s.Place(), l)
	}
	return joiningIsHeard(ctx, s)
}

func linksAreShown(ctx context.Context, s *session) error {
	f, ok := s.Fake.(Linking)
	if !ok {
		return skip("the platform does not ask what to show for links")
	}
	links := []string{"https://arxiv.org/abs/2401.08383?a=b&c=d", "https://doi.org/10.1000/a_b"}
	if err := f.Link(ctx, s.me, links...); err != nil {
		return fmt.Errorf("write links: %w", err)
	}
	l, err := heard[chat.Linked](ctx, s)
	if err != nil {
		return err
	}
	if !slices.Equal(l.Links, links) || l.By != s.me || l.Post.Place != s.Place() || l.Post.ID == "" || l.At.IsZero() {
		return fmt.Errorf("%+v wrote %q; the handler got %+v", s.me, links, l)
	}
	shown, err := saw(ctx, s, "what links are shown as")
	if err != nil {
		return err
	}
	return shown.has(standard)
}

func pageIsShown(ctx context.Context, s *session) error {
	f, ok := s.Fake.(Paging)
	if !ok {
		return skip("the bot has no page of its own")
	}
	if err := f.Visit(ctx, s.me); err != nil {
		return fmt.Errorf("open the page: %w", err)
	}
	v, err := heard[chat.Visit](ctx, s)
	if err != nil {
		return err
	}
	if v.By != s.me || v.At.IsZero() {
		return fmt.Errorf("%+v opened the page; the handler got %+v", s.me, v)
	}
	shown, err := saw(ctx, s, "the page")
	if err != nil {
		return err
	}
	if shown.To != s.me {
		return fmt.Errorf("the page of %+v was shown to %+v", s.me, shown.To)
	}
	return shown.has(standard)
}

// form has a field of each kind.
func form(in chat.Place) *chat.Form {
	options := []chat.Option{{Value: "a", Label: "the first"}, {Value: "b", Label: "the second"}, {Value: "c", Label: "the third"}}
	return &chat.Form{Name: action("form"), In: in, Title: "A form with a title that is too long for some", Submit: "Save", Fields: []chat.Field{
		{Name: "line", Label: "A line", Kind: chat.Line},
		{Name: "lines", Label: "Lines", Kind: chat.Lines, Values: []string{"one\ntwo"}, Hint: "One a line."},
		{Name: "one", Label: "One of them", Kind: chat.OneOf, Options: options, Values: []string{"a"}},
		{Name: "several", Label: "Several", Kind: chat.Several, Options: options, Optional: true},
	}}
}

func formComesBack(ctx context.Context, s *session) error {
	f, ok := s.Fake.(Filling)
	if !ok {
		return skip("the platform has no forms")
	}
	want := form(s.Place())
	s.bot.on("form", saying(chat.Message{Text: chat.Plain("A form"), Form: want}))
	if err := s.Command(ctx, s.me, "paperboy", "form"); err != nil {
		return fmt.Errorf("type a command: %w", err)
	}
	if _, err := heard[chat.Command](ctx, s); err != nil {
		return err
	}
	values := map[string][]string{"line": {"<b> & 専門家"}, "lines": {"three\nfour"}, "one": {"b"}, "several": {"a", "c"}}
	for _, problems := range []map[string]string{{"lines": "That can't be."}, nil} {
		s.bot.object(problems)
		got, err := f.Fill(ctx, s.me, values)
		if err != nil {
			return fmt.Errorf("hand a form in: %w", err)
		}
		if len(got)+len(problems) > 0 && !reflect.DeepEqual(got, problems) {
			return fmt.Errorf("the form shows the problems %q, want %q", got, problems)
		}
		filled, err := heard[chat.Filled](ctx, s)
		if err != nil {
			return err
		}
		if filled.Form != want.Name || filled.In != want.In || filled.By != s.me || filled.At.IsZero() || !reflect.DeepEqual(filled.Values, values) {
			return fmt.Errorf("%q was filled in with %q; the handler got %+v", want.Name, values, filled)
		}
	}
	shown, err := saw(ctx, s, "the answer to a form")
	if err != nil {
		return err
	}
	if shown.To != s.me {
		return fmt.Errorf("the answer to a form was shown to %+v, want only %+v", shown.To, s.me)
	}
	return shown.has(standard)
}
