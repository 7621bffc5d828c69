package main

import (
	"io"
	"os"
	"os/user"

	"golang.org/x/term"

	"paperboy/bots/console"
)

// terminal returns the console over std: with a prompt, colours and hints where
// a person sits at it, plain at the end of a pipe.
func terminal(std streams, getenv func(string) string) *console.Console {
	o := console.Options{User: userName()}
	if isTerminal(std.in) {
		o.Prompt = "> "
	}
	if out, ok := std.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) {
		capable := getenv("TERM") != "dumb"
		o.Colour = capable && getenv("NO_COLOR") == ""
		o.Links = capable
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			o.Width = min(width, 100)
		}
	}
	return console.New(std.in, std.out, o)
}

// checkPlatforms says which platforms are set up. The console needs no token.
func checkPlatforms() checkup {
	return checkup{what: "chat platforms", result: "the console, which needs no token; this version has no other"}
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// userName tells the persons on one machine apart.
func userName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}
