package discord

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"paperboy/internal/chat"
)

// Limits of components (https://docs.discord.com/developers/components/reference).
const (
	maxRows        = 5
	maxRowButtons  = 5
	maxLabel       = 80
	maxCustomID    = 100
	maxOptionLabel = 100

	// maxRowCards is how many cards have a row of buttons of their own. For more
	// there is a menu for each thing that can be done, which lists the papers.
	maxRowCards = 4
)

// Kinds of components, and styles of buttons.
const (
	kindRow    = 1
	kindButton = 2
	kindMenu   = 3

	stylePrimary   = 1
	styleSecondary = 2
	styleLink      = 5
)

// row is a line of components.
type row struct {
	Type       int         `json:"type"`
	Components []component `json:"components"`
}

// component is a button or a menu.
type component struct {
	Type        int      `json:"type"`
	Style       int      `json:"style,omitempty"`
	Label       string   `json:"label,omitempty"`
	CustomID    string   `json:"custom_id,omitempty"`
	URL         string   `json:"url,omitempty"`
	Options     []option `json:"options,omitempty"`
	Placeholder string   `json:"placeholder,omitempty"`
}

type option struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// components are what can be pressed. The action travels in the custom_id or in
// an option's value, so that they work as long as their message exists.
func components(m chat.Message) []row {
	l := layout{key: m.Key, rows: []row{}}
	own := m.Buttons[:min(len(m.Buttons), maxRowButtons)]
	if len(m.Cards) <= maxRowCards {
		for _, c := range m.Cards {
			l.row(c.Buttons, c, len(m.Cards) > 1)
		}
	} else {
		l.menus(m.Cards, maxRows-min(len(own), 1))
	}
	if l.key != "" && !l.keyed && !anyFits(own, l.key) {
		own = append(slices.Clone(own[:min(len(own), maxRowButtons-1)]), help)
	}
	l.row(own, chat.Card{}, false)
	return l.rows
}

// help is a button for messages that have none which could carry the key. Keys
// are at most chat.MaxKey long, so that it can.
var help = chat.Button{Label: "How this works", Action: "help"}

// layout lays components out.
type layout struct {
	rows  []row
	count int    // components with a custom_id
	key   string // of the message
	keyed bool   // the key is in a custom_id
}

// row adds a row of buttons, the rarest thing to do left out where there are too
// many.
func (l *layout) row(all []chat.Button, c chat.Card, numbered bool) {
	var out []component
	for _, b := range fit(all) {
		label := cmp.Or(plain(b.Label), string(b.Does), "Open")
		if numbered && c.Number > 0 {
			label = fmt.Sprintf("%d · %s", c.Number, label)
		}
		if e, ok := l.button(b, cut(label, maxLabel)); ok {
			out = append(out, e)
		}
	}
	if len(out) > 0 && len(l.rows) < maxRows {
		l.rows = append(l.rows, row{kindRow, out})
	}
}

// fit is as many buttons as a row takes.
func fit(all []chat.Button) []chat.Button {
	var out []chat.Button
	for _, b := range all {
		if len(all) <= maxRowButtons || b.Does != chat.Unvote {
			out = append(out, b)
		}
	}
	return out[:min(len(out), maxRowButtons)]
}

func (l *layout) button(b chat.Button, label string) (component, bool) {
	if b.Action == "" {
		link := webLink(b.Link)
		return component{Type: kindButton, Style: styleLink, Label: label, URL: link}, link != "" && len(link) <= maxLink
	}
	style := styleSecondary
	if b.Does == chat.Vote {
		style = stylePrimary
	}
	turns := b.Does == chat.Next || b.Does == chat.Prev
	return component{Type: kindButton, Style: style, Label: label, CustomID: l.id(turns, b.Action)}, true
}

// id is a custom_id, which no other of the message has. What begins it tells a
// turn of the page, whose answer takes the message's place.
func (l *layout) id(turns bool, action string) string {
	kind := "b"
	if turns {
		kind = "p"
	}
	l.count++
	plain := fmt.Sprintf("%s%d 0 %s", kind, l.count, action)
	if l.key == "" || l.keyed || !fits(l.key, action) {
		return plain
	}
	l.keyed = true
	return fmt.Sprintf("%s%d %d %s%s", kind, l.count, len(l.key), l.key, action)
}

// fits reports whether a custom_id has room for both: "b25 64 " goes before them.
func fits(key, action string) bool { return len(key)+len(action)+7 <= maxCustomID }

func anyFits(all []chat.Button, key string) bool {
	for _, b := range fit(all) {
		if b.Action != "" && fits(key, b.Action) {
			return true
		}
	}
	return false
}

// deeds are what menus are for, in their order.
var deeds = []chat.Deed{chat.Vote, chat.Save, chat.Similar, chat.Share, chat.Unvote}

// menus adds a menu for each thing that can be done with the cards.
func (l *layout) menus(all []chat.Card, most int) {
	labels := make([]string, len(all))
	for i, c := range all {
		labels[i] = optionLabel(c, i)
	}
	for _, deed := range deeds {
		menu := component{Type: kindMenu}
		seen := map[string]bool{}
		for i, c := range all {
			for _, b := range c.Buttons {
				if b.Does != deed || b.Action == "" || seen[b.Action] {
					continue
				}
				seen[b.Action] = true
				menu.Placeholder = cmp.Or(menu.Placeholder, cut(cmp.Or(plain(b.Label), string(deed)), 100)+"…")
				menu.Options = append(menu.Options, option{labels[i], b.Action})
			}
		}
		if len(menu.Options) == 0 || len(l.rows) >= most {
			continue
		}
		menu.Options = menu.Options[:min(len(menu.Options), 25)]
		menu.CustomID = l.id(false, "")
		l.rows = append(l.rows, row{kindRow, []component{menu}})
	}
}

func optionLabel(c chat.Card, i int) string {
	n := c.Number
	if n == 0 {
		n = i + 1
	}
	return cut(fmt.Sprintf("%d. %s", n, plain(c.Title.String())), maxOptionLabel)
}

// pressed is what a custom_id of ours says.
type pressed struct {
	turns       bool // the page
	form        bool // opens a form, or is one
	number      int  // that page of the form
	key, action string
}

// read undoes id.
func read(customID string) (p pressed, ok bool) {
	head, rest, ok := strings.Cut(customID, " ")
	length, rest, ok2 := strings.Cut(rest, " ")
	n, err := strconv.Atoi(length)
	if !ok || !ok2 || err != nil || n < 0 || n > len(rest) || head == "" || !strings.Contains("bpf", head[:1]) {
		return p, false
	}
	p = pressed{turns: head[0] == 'p', form: head[0] == 'f', key: rest[:n], action: rest[n:]}
	if p.form {
		p.number, err = strconv.Atoi(head[1:])
	}
	return p, err == nil && p.number >= 0
}
