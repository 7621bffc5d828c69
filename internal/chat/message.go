package chat

import (
	"strings"

	"paperboy/internal/paper"
)

// Message is what people see, in no platform's markup. Planned messages are
// stored as JSON.
type Message struct {
	// Key names a planned delivery, so that Find can tell whether it arrived; at
	// most MaxKey bytes. Messages of one batch have keys that differ in what
	// follows the last slash. Answers have none.
	Key string `json:",omitempty"`
	// Under is the ID of the post in whose thread this goes. A platform without
	// threads shows it as any other message.
	Under   string   `json:",omitempty"`
	Text    Text     `json:",omitempty"` // above the cards: a heading, or all there is to say
	Cards   []Card   `json:",omitempty"` // at most MaxCards
	Foot    Text     `json:",omitempty"` // below the cards, in small print
	Buttons []Button `json:",omitempty"` // for the message as a whole, such as the next page
	// Replace puts this answer in the place of the one whose button was pressed.
	Replace bool `json:",omitempty"`
	// Taken says, in an answer without words, that papers were taken in from what
	// was said. A platform that was told to puts a mark on it.
	Taken bool `json:",omitempty"`
	// Form is opened in the place of this answer where there are forms.
	Form *Form `json:",omitempty"`
}

// Limits that every platform can keep to, so that a Message is never split or
// turned away for its size.
const (
	MaxCards  = 10 // Discord shows ten embeds
	MaxAction = 80 // bytes of Button.Action; Discord takes 100 characters, some of them the platform's own
	MaxKey    = 64 // bytes of Message.Key; it travels in a button of Discord's
)

// Empty reports whether there is nothing to show.
func (m Message) Empty() bool {
	return len(m.Text) == 0 && len(m.Cards) == 0 && len(m.Foot) == 0
}

// Text is a run of spans. A line break is "\n" within a span.
type Text []Span

// Span is text in one style. Its content is plain and hostile: escape it.
type Span struct {
	Text  string `json:",omitempty"`
	Style Style  `json:",omitempty"`
	Link  string `json:",omitempty"` // http or https; the span is a link
	// Person is whom the span names. A platform that knows how shows the name
	// they have there, and notifies nobody; elsewhere it is Text.
	Person Person `json:",omitzero"`
	// Place is what the span names, likewise.
	Place Place `json:",omitzero"`
}

// Name is a span that names a person.
func Name(p Person) Span { return Span{Text: p.ID, Person: p} }

// Where is a span that names a place.
func Where(p Place) Span { return Span{Text: p.Channel, Place: p} }

// Style is a set of ways to set text apart. A platform leaves out what it lacks.
type Style uint8

// The styles.
const (
	Bold   Style = 1 << iota
	Italic       // also for matched words
	Code         // also for what a person could type
	Pre          // lines kept as they are, for copying: spaces count and none is broken
)

// Plain is text without style.
func Plain(s string) Text { return Text{{Text: s}} }

// String is the text alone.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Card is one paper, or one place for a paper, in a Message.
type Card struct {
	Paper   paper.ID `json:",omitempty"`
	Number  int      `json:",omitempty"` // its place in the list, from 1; 0 where it stands alone
	Title   Text     `json:",omitempty"` // may be up to paper.MaxTitle long; a platform shortens it
	Link    string   `json:",omitempty"` // where the title leads
	Byline  string   `json:",omitempty"` // "Shazeer et al. · 6 authors · 27 Feb 2026"
	Summary Text     `json:",omitempty"` // one or two sentences
	Why     Text     `json:",omitempty"` // why it is here: what matched, who shared it
	Counts  string   `json:",omitempty"` // "▲ 162 on Hugging Face · 3 here · 5 comments"
	Topics  []string `json:",omitempty"`
	Buttons []Button `json:",omitempty"`
}

// Button is something to press. It has an Action or a Link, not both.
type Button struct {
	Label  string `json:",omitempty"`
	Action string `json:",omitempty"` // comes back in Press.Action; at most MaxAction bytes
	Link   string `json:",omitempty"`
	// Does says what the action is for, so that a platform can offer it in its
	// own way (the console's +2 presses the Vote button of card 2).
	Does Deed `json:",omitempty"`
}

// Deed is what a button does.
type Deed string

// The deeds.
const (
	Vote    Deed = "vote"
	Unvote  Deed = "unvote"
	Save    Deed = "save"
	Similar Deed = "similar"
	Share   Deed = "share" // show the paper to everybody in the place
	Next    Deed = "next"
	Prev    Deed = "prev"
)
