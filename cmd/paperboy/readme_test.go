package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperboy/internal/settings"
)

var update = flag.Bool("update", false, "write the README's settings table anew")

// The table stands between these lines.
const (
	tableBegins = "<!-- settings: go test ./cmd/paperboy -run README -update -->\n"
	tableEnds   = "<!-- end of settings -->"
)

func TestREADMEListsEverySetting(t *testing.T) {
	file := filepath.Join("..", "..", "README.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), tableBegins)
	got, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		t.Fatalf("README.md has no settings table between %q and %q", tableBegins, tableEnds)
	}
	parser, err := settings.New(new(cli), func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Table(parser.Model)
	if *update {
		if err := os.WriteFile(file, []byte(before+tableBegins+want+tableEnds+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != want {
		t.Errorf("the settings table in README.md is out of date; run go test ./cmd/paperboy -run README -update\ngot:\n%s\nwant:\n%s", got, want)
	}
}
