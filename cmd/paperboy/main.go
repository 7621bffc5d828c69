// Paperboy brings the research papers of the day to where a team already talks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"paperboy/internal/settings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first signal asks for an orderly end; after it, a second one kills.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, os.Getenv))
}

// streams are where a command reads and writes. Answers go to out; logs and
// progress to err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// errFailed ends a command that has already said what went wrong.
var errFailed = errors.New("failed")

// run carries out one command line and returns the exit status: 0 for success,
// 1 where something failed, 2 for a line or setting that makes no sense.
func run(ctx context.Context, args []string, std streams, getenv func(string) string) int {
	var cli cli
	exited := -1 // set when kong has answered the line itself, as for --help
	parser, err := settings.New(&cli, getenv,
		kong.Name("paperboy"),
		kong.Description("Research papers, where your team already talks. Without a command it serves: feed, health and, on a terminal, a console to chat with."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(status int) { exited = status }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		panic("the grammar of the command line is wrong: " + err.Error())
	}
	line, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(std.err, "paperboy: %v\nRun \"paperboy --help\" to see what can be given.\n", err)
		return 2
	}
	switch err := line.Run(&cli.common); {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return 1
	default:
		fmt.Fprintf(std.err, "paperboy: %v\n", err)
		return 1
	}
}
