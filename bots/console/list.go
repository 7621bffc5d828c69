package console

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"paperboy/internal/chat"
)

const noList = "There is no list yet: type some words to search, or /papers to see today's papers."

// list is what the numbers people type refer to: the last message with cards,
// the pages that were turned to reach it, and the messages of its batch.
type list struct {
	entries []entry
	buttons []chat.Button // of the last message
	batch   string
	page    bool // of the list before it
}

// entry is a paper of a list.
type entry struct {
	chat.Card
	post   chat.Post // the message that shows it; the zero Post if that is an answer
	shared bool      // the message shows others too
}

// newList is the list that m is, which was sent as post or is an answer.
func newList(m chat.Message, post chat.Post) list {
	l := list{buttons: m.Buttons, page: m.Replace}
	if i := strings.LastIndexByte(m.Key, '/'); i > 0 {
		l.batch = m.Key[:i]
	}
	for _, c := range m.Cards {
		l.entries = append(l.entries, entry{c, post, len(m.Cards) > 1})
	}
	return l
}

// number of a card; the only card of a message needs none and is 1.
func number(c chat.Card) int { return cmp.Or(c.Number, 1) }

func (l list) entry(n int) (entry, bool) {
	for _, e := range l.entries {
		if number(e.Card) == n {
			return e, true
		}
	}
	return entry{}, false
}

// after is l with what the list before has besides: a terminal still shows that,
// and people may mean it.
func (l list) after(before list) list {
	var kept []entry
	for _, e := range before.entries {
		if _, again := l.entry(number(e.Card)); !again {
			kept = append(kept, e)
		}
	}
	l.entries = append(kept, l.entries...)
	return l
}

// several reports whether post shows more than one paper of l.
func (l list) several(post chat.Post) bool {
	return slices.ContainsFunc(l.entries, func(e entry) bool { return e.post == post && e.shared })
}

// numbers says which papers l has: "3", counted from one, or "11 to 20".
func (l list) numbers() string {
	low, high := number(l.entries[0].Card), number(l.entries[0].Card)
	for _, e := range l.entries {
		low, high = min(low, number(e.Card)), max(high, number(e.Card))
	}
	switch {
	case low == 1:
		return strconv.Itoa(high)
	case low == high:
		return fmt.Sprintf("only %d", high)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// lacks says that l has no paper n.
func (l list) lacks(n int) string {
	return fmt.Sprintf("There is no paper %d in the list above; it has %s.", n, l.numbers())
}

// hint says what may be typed about l, with the second paper as the example,
// since "+1" reads like plain approval.
func (l list) hint() chat.Text {
	example := l.entries[min(1, len(l.entries)-1)]
	n := number(example.Card)
	var can []string
	if _, ok := find(example.Buttons, chat.Vote); ok {
		can = append(can, fmt.Sprintf("+%d or 👍 %d votes for paper %d", n, n, n))
	}
	if webLink(example.Link) != "" {
		can = append(can, fmt.Sprintf("open %d shows its link", n))
	}
	if _, ok := find(l.buttons, chat.Next); ok {
		can = append(can, "next for more")
	}
	if len(can) == 0 {
		return nil
	}
	return chat.Plain("(" + strings.Join(can, ", ") + ")")
}

// find is the button that does deed.
func find(buttons []chat.Button, deed chat.Deed) (chat.Button, bool) {
	for _, b := range buttons {
		if b.Does == deed && b.Action != "" {
			return b, true
		}
	}
	return chat.Button{}, false
}

// open is the console's own deed: it prints the link of a paper.
const open chat.Deed = "open"

// order is something to do with a paper of the list.
type order struct {
	does   chat.Deed
	number int
}

// parseOrders reads "+2", "+2 5", "+2 -3", "open 2" and the like. A line with
// anything else in it is words and no order at all: "-2 layers", "open models".
func parseOrders(line string) []order {
	rest := fields(line)
	does, ok := verb(rest)
	if ok {
		rest = rest[1:]
	}
	var orders []order
	for _, f := range rest {
		if !ok {
			does, f = sign(does, f)
		}
		if f == "" {
			continue
		}
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil || does == "" {
			return nil
		}
		orders = append(orders, order{does, int(n)})
	}
	return orders
}

func fields(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' })
}

func verb(fields []string) (chat.Deed, bool) {
	if len(fields) == 0 {
		return "", false
	}
	switch d := chat.Deed(strings.ToLower(fields[0])); d {
	case open, chat.Save, chat.Similar:
		return d, true
	}
	return "", false
}

// sign is what the sign before a number means; without one, what the one before
// it meant.
func sign(before chat.Deed, f string) (chat.Deed, string) {
	if rest, ok := strings.CutPrefix(f, "+"); ok {
		return chat.Vote, rest
	}
	if rest, ok := strings.CutPrefix(f, "-"); ok {
		return chat.Unvote, rest
	}
	return before, f
}
