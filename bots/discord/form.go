package discord

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"paperboy/internal/chat"
)

// Limits of modals and what is in them
// (https://docs.discord.com/developers/components/using-modal-components).
const (
	maxModalTitle  = 45
	maxModalFields = 5
	maxFieldLabel  = 45
	maxFieldHint   = 100
	maxFieldText   = 4000
)

// Kinds of components of a modal, beside a menu.
const (
	kindText  = 4
	kindLabel = 18

	styleLine  = 1
	styleLines = 2
)

// modal is a form, or a page of one that is longer than a modal may be.
type modal struct {
	CustomID   string    `json:"custom_id"`
	Title      string    `json:"title"`
	Components []labeled `json:"components"`
}

// labeled is a field with what is written above it.
type labeled struct {
	Type        int    `json:"type"`
	Label       string `json:"label"`
	Description string `json:"description,omitempty"`
	Component   any    `json:"component"` // textField or menuField
}

type textField struct {
	Type     int    `json:"type"`
	CustomID string `json:"custom_id"`
	Style    int    `json:"style"`
	Value    string `json:"value,omitempty"`
	Required bool   `json:"required"`
	Max      int    `json:"max_length"`
}

type menuField struct {
	Type     int         `json:"type"`
	CustomID string      `json:"custom_id"`
	Options  []menuEntry `json:"options"`
	Required bool        `json:"required"`
	Least    int         `json:"min_values"`
	Most     int         `json:"max_values"`
}

type menuEntry struct {
	Label   string `json:"label"`
	Value   string `json:"value"`
	Default bool   `json:"default,omitempty"`
}

// pages is how many modals a form takes.
func pages(f chat.Form) int { return (len(f.Fields) + maxModalFields - 1) / maxModalFields }

// page are the fields of one of them, from 0.
func page(f chat.Form, n int) []chat.Field {
	from := min(n*maxModalFields, len(f.Fields))
	return f.Fields[from:min(from+maxModalFields, len(f.Fields))]
}

// modalOf is a page of a form.
func modalOf(f chat.Form, n int) modal {
	m := modal{CustomID: formID(f, n), Title: cut(cmp.Or(plain(f.Title), "Paperboy"), maxModalTitle)}
	if all := pages(f); all > 1 {
		which := fmt.Sprintf(" (%d of %d)", n+1, all)
		m.Title = cut(cmp.Or(plain(f.Title), "Paperboy"), maxModalTitle-len(which)) + which
	}
	for _, field := range page(f, n) {
		m.Components = append(m.Components, labeled{
			Type: kindLabel, Label: cut(cmp.Or(plain(field.Label), field.Name, "…"), maxFieldLabel), Description: cut(plain(field.Hint), maxFieldHint), Component: fieldOf(field),
		})
	}
	return m
}

func fieldOf(f chat.Field) any {
	if f.Kind == chat.OneOf || f.Kind == chat.Several {
		m := menuField{Type: kindMenu, CustomID: f.Name, Required: !f.Optional, Least: 1, Most: 1}
		for _, o := range f.Options {
			e := menuEntry{Label: cut(cmp.Or(plain(o.Label), o.Value, "…"), maxOptionLabel), Value: o.Value}
			for _, v := range f.Values {
				e.Default = e.Default || v == o.Value
			}
			m.Options = append(m.Options, e)
		}
		if f.Optional {
			m.Least = 0
		}
		if f.Kind == chat.Several {
			m.Most = len(m.Options)
		}
		return m
	}
	t := textField{Type: kindText, CustomID: f.Name, Style: styleLine, Required: !f.Optional, Max: min(cmp.Or(f.Max, maxFieldText), maxFieldText)}
	if f.Kind == chat.Lines {
		t.Style = styleLines
	}
	if len(f.Values) > 0 {
		t.Value = cut(chat.Harmless(f.Values[0]), t.Max)
	}
	return t
}

// formID is the custom_id of a page of a form, and of the button that opens it: it
// says what is needed to open it as long as its message exists. The guild is that
// of whoever presses.
func formID(f chat.Form, n int) string {
	where := direct
	if channel, err := strconv.ParseUint(f.In.Channel, 10, 64); err == nil {
		where = strconv.FormatUint(channel, 36)
	}
	return fmt.Sprintf("f%d %d %s%s", n, len(where), where, f.Name)
}

// direct stands for the conversation with whoever presses.
const direct = "@"

// form is the form that a custom_id is of, as far as it says, and its page.
func (i interaction) form() (f chat.Form, n int, ok bool) {
	p, ok := read(i.Data.CustomID)
	if !ok || !p.form {
		return f, 0, false
	}
	f = chat.Form{Name: p.action, In: chat.Direct(i.by())}
	if channel, err := strconv.ParseUint(p.key, 36, 64); err == nil && p.key != direct {
		f.In = place(i.Guild, strconv.FormatUint(channel, 10))
	}
	return f, p.number, true
}

// formButtons open pages of a form.
func formButtons(f chat.Form, which []int, label string) row {
	r := row{Type: kindRow}
	for _, n := range which[:min(len(which), maxRowButtons)] {
		var names []string
		for _, field := range page(f, n) {
			names = append(names, plain(field.Label))
		}
		r.Components = append(r.Components, component{
			Type: kindButton, Style: styleSecondary, Label: cut(cmp.Or(label, strings.Join(names, " · "), "Open"), maxLabel), CustomID: formID(f, n),
		})
	}
	return r
}

// openForm answers a press that opens a form. One that could not be taken is as it
// was filled in.
func (l *listener) openForm(ctx context.Context, i interaction) answer {
	f, n, _ := i.form()
	if draft, ok := l.drafts.of(i.by(), f, l.o.Now()); ok {
		return answer{Message: chat.Message{Text: chat.Plain("The form is still there."), Form: &draft}, page: n}
	}
	return answer{Message: l.h.Pressed(ctx, chat.Press{Action: f.Again(), By: i.by(), In: i.in(), At: moment(i.ID)}), page: n}
}

// submitted hands a form over. What is wrong with it is said in the answer, with a
// button that opens it again as it was filled in: a modal does not stay open.
func (l *listener) submitted(ctx context.Context, i interaction) answer {
	f, n, ok := i.form()
	if !ok {
		l.log.Debug("a form is not one of ours")
		return answer{Message: chat.Sorry()}
	}
	values := i.filled()
	v := l.h.Submitted(ctx, chat.Filled{Form: f.Name, In: f.In, Values: values, By: i.by(), At: moment(i.ID)})
	known, isKnown := l.drafts.opened(i.by(), f, l.o.Now())
	if isKnown {
		f = known
	}
	if len(v.Problems) > 0 {
		f.Fields = filledIn(f.Fields, values)
		l.drafts.keep(i.by(), f, l.o.Now())
		return answer{Message: chat.Message{Text: objections(f, v.Problems), Form: &f}, again: []int{n}, label: "Open it again"}
	}
	l.drafts.forget(i.by(), f)
	a := answer{Message: v.Answer}
	for other := range pages(f) {
		if other != n {
			a.again = append(a.again, other)
		}
	}
	if len(a.again) > 0 {
		a.Form = &f
	}
	return a
}

// filled are the values of a modal's fields.
func (i interaction) filled() map[string][]string {
	values := map[string][]string{}
	for _, c := range i.Data.Components {
		f := c.Component
		switch {
		case f.CustomID == "":
		case f.Type != kindText:
			values[f.CustomID] = f.Values
		case f.Value == "":
			values[f.CustomID] = nil
		default:
			values[f.CustomID] = []string{f.Value}
		}
	}
	return values
}

// filledIn are fields with what somebody put into them.
func filledIn(fields []chat.Field, values map[string][]string) []chat.Field {
	out := make([]chat.Field, len(fields))
	for i, f := range fields {
		if v, shown := values[f.Name]; shown {
			f.Values = v
		}
		out[i] = f
	}
	return out
}

// objections say what is wrong with which field.
func objections(f chat.Form, problems map[string]string) chat.Text {
	t := chat.Plain("That could not be saved yet:")
	for _, field := range f.Fields {
		if sentence, wrong := problems[field.Name]; wrong {
			t = append(t, chat.Span{Text: "\n" + cmp.Or(field.Label, field.Name) + ": ", Style: chat.Bold}, chat.Span{Text: sentence})
		}
	}
	if len(t) == 1 { // the form is not known any more
		for _, sentence := range problems {
			t = append(t, chat.Span{Text: "\n" + sentence})
		}
	}
	return t
}

const (
	// draftsKept is how many forms are remembered, and for how long.
	draftsKept = 1000
	draftsFor  = 15 * time.Minute
)

// drafts are forms that people have opened. Discord hands in only what was filled
// in.
type drafts struct {
	mu  sync.Mutex // guards what follows
	all map[draftKey]draft
}

type draftKey struct {
	by   chat.Person
	name string
	in   chat.Place
}

type draft struct {
	form  chat.Form
	taken bool // it was filled in and could not be saved, or could not be opened yet
	until time.Time
}

func keyOf(by chat.Person, f chat.Form) draftKey { return draftKey{by, f.Name, f.In} }

// opened is a form as it was opened.
func (d *drafts) opened(by chat.Person, f chat.Form, now time.Time) (chat.Form, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known, ok := d.all[keyOf(by, f)]
	return known.form, ok && now.Before(known.until)
}

// of is a form that is to be opened as it is here.
func (d *drafts) of(by chat.Person, f chat.Form, now time.Time) (chat.Form, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known, ok := d.all[keyOf(by, f)]
	return known.form, ok && known.taken && now.Before(known.until)
}

// show remembers a form that is opened. One that was filled in stays so.
func (d *drafts) show(by chat.Person, f chat.Form, now time.Time) {
	if _, taken := d.of(by, f, now); !taken {
		d.put(by, f, false, now)
	}
}

// keep remembers a form that is to be opened as it is.
func (d *drafts) keep(by chat.Person, f chat.Form, now time.Time) { d.put(by, f, true, now) }

func (d *drafts) put(by chat.Person, f chat.Form, taken bool, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.all == nil || len(d.all) >= draftsKept {
		d.all = map[draftKey]draft{}
	}
	d.all[keyOf(by, f)] = draft{f, taken, now.Add(draftsFor)}
}

func (d *drafts) forget(by chat.Person, f chat.Form) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.all, keyOf(by, f))
}
