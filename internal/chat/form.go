package chat

import "time"

// Form is what a person fills in at once, such as the settings of a channel. A
// platform that has no forms shows the message that carries it.
type Form struct {
	Name   string  `json:",omitempty"` // comes back in Filled.Form; at most MaxAction bytes
	In     Place   `json:",omitzero"`  // what it is about; comes back in Filled.In
	Title  string  `json:",omitempty"`
	Submit string  `json:",omitempty"` // the label of the button that hands it in
	Intro  Text    `json:",omitempty"` // above the fields
	Fields []Field `json:",omitempty"` // at most MaxFields
}

// Again is the action of a press that opens the form as things are then.
func (f Form) Again() string { return "form " + f.Name + " " + f.In.Channel }

// Field is one thing to fill in.
type Field struct {
	Name     string   `json:",omitempty"` // differs from those of its neighbours
	Label    string   `json:",omitempty"`
	Hint     string   `json:",omitempty"` // below it, in small print
	Kind     Kind     `json:",omitempty"`
	Options  []Option `json:",omitempty"` // of OneOf and Several; at most MaxOptions
	Values   []string `json:",omitempty"` // what stands there to begin with
	Optional bool     `json:",omitempty"`
	Max      int      `json:",omitempty"` // characters of Line and Lines; 0: as many as the platform takes
}

// Option is something to choose.
type Option struct{ Value, Label string }

// Kind is how a field is filled in.
type Kind string

// The kinds. All but Several have one value; Lines has line breaks in it.
const (
	Line    Kind = "line"
	Lines   Kind = "lines"
	OneOf   Kind = "one of"
	Several Kind = "several"
)

// Limits that every platform can keep to.
const (
	MaxFields  = 20
	MaxOptions = 25
)

// Filled is a form that a person handed in.
type Filled struct {
	Form string // Form.Name
	In   Place  // Form.In
	// Values has an entry for every field that was shown, though it may be empty.
	// A platform may show a part of a long form at a time; the other fields stay
	// as they are.
	Values map[string][]string
	By     Person
	At     time.Time
}

// Shown reports whether a field was there to be filled in.
func (f Filled) Shown(field string) bool {
	_, ok := f.Values[field]
	return ok
}

// Value is the first value of a field; "" if it has none.
func (f Filled) Value(field string) string {
	if v := f.Values[field]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Verdict is what becomes of a form. With problems it stays open and shows them;
// otherwise it is over, and the person alone gets the answer.
type Verdict struct {
	Problems map[string]string // sentences, by Field.Name
	Answer   Message
}

// SearchForm is the action of a press that opens the form to search with, for
// platforms with a place of their own for such a thing.
const SearchForm = "form search"
