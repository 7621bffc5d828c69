package console

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"paperboy/internal/chat"
)

const noList = "There is no list yet: type some words to search, or /papers to see today's papers."

// list is the message that the numbers people type refer to: the last one with
// cards, and the pages that were turned to reach it.
type list struct{ chat.Message }

// number of a card; the only card of a message needs none and is 1.
func number(c chat.Card) int { return cmp.Or(c.Number, 1) }

func (l list) card(n int) (chat.Card, bool) {
	for _, c := range l.Cards {
		if number(c) == n {
			return c, true
		}
	}
	return chat.Card{}, false
}

// after is l with the cards of the list before, if l is another page of it: a
// terminal still shows those, and people may mean them.
func (l list) after(before list) list {
	if !l.Replace {
		return l
	}
	var cards []chat.Card
	for _, c := range before.Cards {
		if _, again := l.card(number(c)); !again {
			cards = append(cards, c)
		}
	}
	l.Cards = append(cards, l.Cards...)
	return l
}

// numbers says which papers l has: "3", counted from one, or "11 to 20".
func (l list) numbers() string {
	low, high := number(l.Cards[0]), number(l.Cards[0])
	for _, c := range l.Cards {
		low, high = min(low, number(c)), max(high, number(c))
	}
	switch {
	case low == 1:
		return strconv.Itoa(high)
	case low == high:
		return fmt.Sprintf("only %d", high)
	}
	return fmt.Sprintf("%d to %d", low, high)
}

// hint says what may be typed about l, with the second paper as the example,
// since "+1" reads like plain approval.
func (l list) hint() chat.Text {
	example := l.Cards[min(1, len(l.Cards)-1)]
	n := number(example)
	var can []string
	if _, ok := find(example.Buttons, chat.Vote); ok {
		can = append(can, fmt.Sprintf("+%d votes for paper %d", n, n))
	}
	if webLink(example.Link) != "" {
		can = append(can, fmt.Sprintf("open %d shows its link", n))
	}
	if _, ok := find(l.Buttons, chat.Next); ok {
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
	fields := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' })
	does, ok := verb(fields)
	if ok {
		fields = fields[1:]
	}
	var orders []order
	for _, f := range fields {
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
