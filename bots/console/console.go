// Package console is the terminal as a chat: one place, one person, no account.
// It is the platform that a program without any settings talks through, and it
// works as well at the end of a pipe.
package console

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"paperboy/internal/chat"
)

const (
	name   = "console"
	space  = "local"
	screen = "terminal"

	defaultWidth = 80
)

// Console is a chat.Platform over one reader and one writer.
type Console struct {
	lines *lines
	out   io.Writer
	o     Options
	page  page
	start time.Time

	mu     sync.Mutex // guards out and what follows, so that messages stay whole
	state  state      // what people's lines refer to
	asking bool       // the prompt stands on the last line
	hinted bool
	posts  int             // how many IDs have been given out
	sent   map[string]sent // by Message.Key
}

// state is what is on the screen as far as people's lines refer to it.
type state struct {
	list   list      // what numbers mean
	posts  list      // the last batch of posts with cards
	latest chat.Post // what was shown last; the zero Post if that is an answer with cards
}

// Options are what differs from one terminal to the next. The zero Options fit
// a pipe.
type Options struct {
	User   string // the person's name; "you" if empty
	Width  int    // columns; 80 if 0
	Colour bool   // the terminal understands colours and the person wants them
	Links  bool   // the terminal understands OSC 8 hyperlinks
	// Prompt is printed when a line is awaited. With a prompt there are also
	// hints on what to type; a pipe gets neither.
	Prompt string
	Now    func() time.Time // time.Now if nil
	Log    *slog.Logger     // slog.Default() if nil
}

// New is the console that reads in and writes out.
func New(in io.Reader, out io.Writer, o Options) *Console {
	o.User = cmp.Or(escape(o.User), "you")
	o.Log = cmp.Or(o.Log, slog.Default())
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Console{
		lines: &lines{in: in, buf: bufio.NewReaderSize(in, maxLine)},
		out:   out,
		o:     o,
		page: page{
			width:  cmp.Or(max(o.Width, 0), defaultWidth),
			colour: o.Colour,
			links:  o.Links,
			reader: person(o.User),
		},
		start: o.Now(),
		sent:  map[string]sent{},
	}
}

// Name is "console".
func (c *Console) Name() string { return name }

// Place is the only place there is.
func (c *Console) Place() chat.Place {
	return chat.Place{Platform: name, Space: space, Channel: screen}
}

// Person is whoever sits in front of it.
func (c *Console) Person() chat.Person { return person(c.o.User) }

func person(user string) chat.Person {
	return chat.Person{Platform: name, Space: space, ID: user}
}

// post is a Post nobody has had before, in this run or an earlier one, since
// posts are remembered in the store. The caller holds mu.
func (c *Console) post() chat.Post {
	c.posts++
	return chat.Post{Place: c.Place(), ID: fmt.Sprintf("%d.%d", c.start.UnixMicro(), c.posts)}
}
