package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
)

var errQuit = errors.New("quit")

// Listen answers the lines that are typed, one after the other, until the input
// or ctx ends or somebody types quit. Only one Listen may run at a time; a later
// one goes on where it stopped. See lines for what stays behind of a blocked
// read when ctx ends.
func (c *Console) Listen(ctx context.Context, h chat.Handler) error {
	h = chat.Safe(h, c.o.Log)
	for {
		line, err := c.await(ctx)
		switch {
		case err == io.EOF, ctx.Err() != nil:
			return nil
		case errors.Is(err, errTooLong):
			err = c.say(fmt.Sprintf("That line was too long and is skipped; %d KB are the most.", maxLine>>10))
		case err == nil:
			err = c.handle(ctx, h, strings.TrimSpace(line))
		}
		if errors.Is(err, errQuit) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("listen: %w", err)
		}
	}
}

// await prompts for a line.
func (c *Console) await(ctx context.Context) (string, error) {
	if err := c.ask(); err != nil {
		return "", err
	}
	line, err := c.lines.next(ctx)

	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asking && (err == io.EOF || ctx.Err() != nil) {
		// Nobody pressed Enter: leave the prompt's line to whoever writes next.
		// Nothing is lost if that cannot be written.
		_, _ = io.WriteString(c.out, "\n")
	}
	c.asking = false
	return line, err
}

func (c *Console) ask() error {
	if c.o.Prompt == "" {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, err := c.print(c.o.Prompt); err != nil {
		return err
	}
	c.asking = true
	return nil
}

// handle does what line says.
func (c *Console) handle(ctx context.Context, h chat.Handler, line string) error {
	if line == "" {
		return nil
	}
	if command, ok := strings.CutPrefix(line, "/"); ok {
		return c.command(ctx, h, command)
	}
	switch strings.ToLower(line) {
	case "quit", "exit":
		return errQuit
	case "help", "?":
		return c.command(ctx, h, "papers help")
	case "next", "more":
		return c.turn(ctx, h, chat.Next)
	case "prev":
		return c.turn(ctx, h, chat.Prev)
	}
	if orders := parseOrders(line); len(orders) > 0 {
		return c.carryOut(ctx, h, orders)
	}
	if r, ok := parseReaction(line); ok {
		return c.react(ctx, h, r)
	}
	return c.said(ctx, h, line)
}

// command hands over a line that began with a slash.
func (c *Console) command(ctx context.Context, h chat.Handler, line string) error {
	name, text, _ := strings.Cut(line, " ")
	name = strings.ToLower(name)
	if name != "papers" && name != "paperboy" {
		return c.say(fmt.Sprintf(`There is no command /%s here: type /papers and some words to search, or "help".`, paper.Line(name, 40)))
	}
	return c.answer(h.Command(ctx, chat.Command{
		Name: name,
		Text: strings.TrimSpace(text),
		By:   c.Person(),
		In:   c.Place(),
		At:   c.o.Now(),
	}))
}

// said hands over plain words.
func (c *Console) said(ctx context.Context, h chat.Handler, line string) error {
	c.mu.Lock()
	post := c.post()
	c.mu.Unlock()
	m, err := h.Said(ctx, chat.Said{Post: post, By: c.Person(), Text: line, Direct: true, At: c.o.Now()})
	if err != nil {
		c.o.Log.ErrorContext(ctx, "a line was not taken", "platform", c.Name(), "err", err)
		m = chat.Sorry()
	}
	return c.answer(m)
}

// turn presses the button that leads from the list to another page of it.
func (c *Console) turn(ctx context.Context, h chat.Handler, to chat.Deed) error {
	l := c.now().list
	if len(l.entries) == 0 {
		return c.say(noList)
	}
	b, ok := find(l.buttons, to)
	if !ok && to == chat.Next {
		return c.say("This is the end of the list.")
	}
	if !ok {
		return c.say("This is the beginning of the list.")
	}
	return c.press(ctx, h, b)
}

// carryOut presses buttons of the list as it was when the line was typed.
func (c *Console) carryOut(ctx context.Context, h chat.Handler, orders []order) error {
	l := c.now().list
	if len(l.entries) == 0 {
		return c.say(noList)
	}
	for _, o := range orders {
		if ctx.Err() != nil {
			return nil
		}
		if err := c.do(ctx, h, l, o); err != nil {
			return err
		}
	}
	return nil
}

func (c *Console) do(ctx context.Context, h chat.Handler, l list, o order) error {
	e, ok := l.entry(o.number)
	if !ok {
		return c.say(l.lacks(o.number))
	}
	if o.does == open {
		return c.open(o.number, e.Card)
	}
	b, ok := find(e.Buttons, o.does)
	if !ok {
		return c.say(fmt.Sprintf("That cannot be done with paper %d.", o.number))
	}
	return c.press(ctx, h, b)
}

// open prints where card leads. It starts no browser: the console may run on
// another machine than the person's.
func (c *Console) open(number int, card chat.Card) error {
	link := webLink(card.Link)
	if link == "" {
		return c.say(fmt.Sprintf("Paper %d has no link.", number))
	}
	return c.answer(chat.Message{Text: chat.Text{{Text: link, Link: link}}})
}

func (c *Console) press(ctx context.Context, h chat.Handler, b chat.Button) error {
	return c.answer(h.Pressed(ctx, chat.Press{Action: b.Action, By: c.Person(), In: c.Place(), At: c.o.Now()}))
}

func (c *Console) say(sentence string) error {
	return c.answer(chat.Message{Text: chat.Plain(sentence)})
}

func (c *Console) answer(m chat.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.show(m, chat.Post{})
	return err
}

// now is what is on the screen when a line is typed.
func (c *Console) now() state {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}
