package console

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"paperboy/internal/chat"
)

const noPost = "There is no message to react to yet."

// reaction is an emoji that was typed, for papers of the list or, without
// numbers, for the latest message.
type reaction struct {
	emoji   string // as typed
	means   string // folded
	removed bool
	numbers []int
}

// parseReaction reads "👍", "👍 2", "🔖 2 3", "-👍 2" and the like. A line with
// anything else in it is words.
func parseReaction(line string) (r reaction, ok bool) {
	line, r.removed = strings.CutPrefix(line, "-")
	emoji, rest, ok := cutEmoji(line)
	if !ok {
		return reaction{}, false
	}
	r.emoji, r.means = emoji, folded(emoji)
	for _, f := range fields(rest) {
		n, err := strconv.ParseUint(f, 10, 16)
		if err != nil {
			return reaction{}, false
		}
		r.numbers = append(r.numbers, int(n))
	}
	return r, true
}

// react passes r on.
func (c *Console) react(ctx context.Context, h chat.Handler, r reaction) error {
	s := c.now()
	if len(r.numbers) == 0 {
		return c.reactToLatest(ctx, h, r, s)
	}
	if len(s.list.entries) == 0 {
		return c.say(noList)
	}
	for _, n := range r.numbers {
		if ctx.Err() != nil {
			return nil
		}
		if err := c.reactTo(ctx, h, r, s.list, n); err != nil {
			return err
		}
	}
	return nil
}

// reactToLatest finds what an emoji without numbers is meant for: a keycap for
// the latest post with cards, any other for what was shown last.
func (c *Console) reactToLatest(ctx context.Context, h chat.Handler, r reaction, s state) error {
	entries := s.list.entries
	n, keycap := keycapNumber(r.means)
	switch {
	case keycap && len(s.posts.entries) > 0:
		return c.reactByKeycap(ctx, h, r, s.posts, n)
	case keycap && len(entries) > 0:
		return c.say(fmt.Sprintf("%s votes where papers have been posted. In this list, +%d votes for paper %d.", r.emoji, n, n))
	case s.latest.ID != "" && s.posts.several(s.latest):
		n := number(s.posts.entries[0].Card)
		return c.say(fmt.Sprintf("The message above has several papers. Say for which it is: 👍 %d is for paper %d.", n, n))
	case s.latest.ID != "":
		return c.pass(ctx, h, r, s.latest, "the message above")
	case len(entries) == 1:
		return c.reactTo(ctx, h, r, s.list, number(entries[0].Card))
	case len(entries) > 1:
		n := number(entries[1].Card)
		return c.say(fmt.Sprintf("Which paper of the list is it for? %s %d is for paper %d.", r.emoji, n, n))
	}
	return c.say(noPost)
}

// reactByKeycap reacts with keycap n to the post that shows paper n.
func (c *Console) reactByKeycap(ctx context.Context, h chat.Handler, r reaction, posts list, n int) error {
	e, ok := posts.entry(n)
	if !ok {
		return c.say(fmt.Sprintf("There is no paper %d in the latest post.", n))
	}
	return c.pass(ctx, h, r, e.post, fmt.Sprintf("paper %d", n))
}

// reactTo reacts to paper n of the list. On a message with several papers an
// emoji is for none in particular, so that there the number says it.
func (c *Console) reactTo(ctx context.Context, h chat.Handler, r reaction, l list, n int) error {
	e, ok := l.entry(n)
	if !ok {
		return c.say(l.lacks(n))
	}
	number, ok := keycap(n)
	switch {
	case e.post.ID == "", e.shared && keeps(r.means):
		return c.pressFor(ctx, h, r, l, n)
	case e.shared && approves(r.means) && ok:
		r.means = number
	case e.shared:
		return c.say(fmt.Sprintf("On a message with several papers %s means none of them; 👍 %d votes and 🔖 %d saves.", r.emoji, n, n))
	}
	return c.pass(ctx, h, r, e.post, fmt.Sprintf("paper %d", n))
}

// pressFor presses the button that means what r does.
func (c *Console) pressFor(ctx context.Context, h chat.Handler, r reaction, l list, n int) error {
	switch {
	case approves(r.means) && r.removed:
		return c.do(ctx, h, l, order{chat.Unvote, n})
	case approves(r.means):
		return c.do(ctx, h, l, order{chat.Vote, n})
	case keeps(r.means) && !r.removed:
		return c.do(ctx, h, l, order{chat.Save, n})
	}
	if e, ok := l.entry(n); ok && keeps(r.means) {
		return c.say("To take it off your list: /papers unsave " + webLink(e.Link))
	}
	return c.say(fmt.Sprintf("This list is an answer to you and no post, so %s means nothing on it; 👍 %d votes and 🔖 %d saves.", r.emoji, n, n))
}

// pass hands a reaction over, and says so, since it shows nothing by itself.
func (c *Console) pass(ctx context.Context, h chat.Handler, r reaction, on chat.Post, what string) error {
	err := h.Reacted(ctx, chat.Reaction{Post: on, By: c.Person(), Emoji: r.means, Removed: r.removed, At: c.o.Now()})
	switch {
	case err != nil:
		c.o.Log.ErrorContext(ctx, "a reaction was not taken", "platform", c.Name(), "err", err)
		return c.say(fmt.Sprintf("Your %s on %s was not taken, and the reason has been logged. Please try again.", r.emoji, what))
	case r.removed:
		return c.say(fmt.Sprintf("You took your %s off %s.", r.emoji, what))
	}
	return c.say(fmt.Sprintf("You reacted with %s to %s.", r.emoji, what))
}
