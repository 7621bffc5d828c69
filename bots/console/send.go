package console

import (
	"context"
	"fmt"
	"io"
	"time"

	"paperboy/internal/chat"
)

// sent is what Find knows of a message.
type sent struct {
	post chat.Post
	at   time.Time
}

// Send prints m. The post is one of the terminal, wherever it was sent. Send
// waits while another message is being printed, which ctx cannot break off.
func (c *Console) Send(ctx context.Context, to chat.Place, m chat.Message) (chat.Post, error) {
	if !c.shows(to) {
		return chat.Post{}, &chat.Refused{Reason: "the console has no such place", Gone: true}
	}
	if err := ctx.Err(); err != nil {
		return chat.Post{}, fmt.Errorf("send: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	post := c.post()
	whole, err := c.show(m, post)
	if err != nil && !whole {
		return chat.Post{}, err
	}
	if m.Key != "" {
		c.sent[m.Key] = sent{post, c.o.Now()}
	}
	if err != nil {
		return chat.Post{}, err
	}
	return post, nil
}

// Find looks among the messages of this run; what an earlier one printed has
// scrolled away.
func (c *Console) Find(_ context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, ok := c.sent[m.Key]
	if !ok || !c.shows(in) || s.at.Before(since) {
		return chat.Post{}, false, nil
	}
	return s.post, true, nil
}

// Manages is true of the person at the terminal.
func (c *Console) Manages(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	return by == c.Person() && c.shows(in), nil
}

// Pace is one message after the other, without a pause.
func (c *Console) Pace() chat.Pace { return chat.Pace{AtOnce: 1} }

// shows reports whether what is sent to a place appears here: the terminal is
// also where its person is alone with the bot.
func (c *Console) shows(p chat.Place) bool {
	return p == c.Place() || p == chat.Direct(c.Person())
}

// Write prints lines that are no message, such as a log's, between the prompts.
func (c *Console) Write(lines []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.print(string(lines)); err != nil {
		return 0, err
	}
	return len(lines), nil
}

// show prints m, and from then on its cards are what people's numbers mean. It
// reports whether all of m was written, which it may have been in spite of an
// error. The post is the zero one where m is an answer. The caller holds mu.
func (c *Console) show(m chat.Message, post chat.Post) (whole bool, err error) {
	text := c.page.render(m)
	if text == "" {
		return true, nil
	}
	l := newList(m, post)
	if len(l.entries) > 0 {
		text += c.hint(l)
	}
	if whole, err = c.print(text); whole {
		c.state = c.state.with(l, post)
	}
	return whole, err
}

// with is s when l has been shown, which may have no entries.
func (s state) with(l list, post chat.Post) state {
	if post.ID != "" {
		s.latest = post
	}
	if len(l.entries) == 0 {
		return s
	}
	switch {
	case post.ID == "" && l.page:
		l = l.after(s.list)
	case post.ID != "" && l.batch != "" && l.batch == s.posts.batch:
		l = l.after(s.posts)
	}
	s.list = l
	if post.ID == "" {
		s.latest = chat.Post{}
	} else {
		s.posts = l
	}
	return s
}

// print writes text between the prompts, at once, so that nothing comes between
// its lines. A person who is typing finds a fresh prompt below it.
func (c *Console) print(text string) (whole bool, err error) {
	if c.asking {
		text = "\n" + text + c.o.Prompt
	}
	n, err := io.WriteString(c.out, text)
	if err == nil {
		return true, nil
	}
	err = fmt.Errorf("print: %w", err)
	if n > 0 {
		err = &chat.Unsure{Err: err}
	}
	return n == len(text), err
}

// hint is printed once, below the first list, for people at a prompt.
func (c *Console) hint(l list) string {
	if c.o.Prompt == "" || c.hinted {
		return ""
	}
	hint := c.page.render(chat.Message{Foot: l.hint()})
	if hint == "" {
		return ""
	}
	c.hinted = true
	return hint + "\n"
}
