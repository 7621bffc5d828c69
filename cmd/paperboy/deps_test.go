package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pkg is a package of this module, as go list tells it.
type pkg struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string // of the program, not of its tests
}

func modulePackages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	list.Dir = filepath.Join("..", "..")
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// within reports whether path is one of folders or below one.
func within(path string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool {
		f = "paperboy/" + f
		return path == f || strings.HasPrefix(path, f+"/")
	})
}

var (
	// pure packages are nouns, contracts and what takes data in and gives data out.
	pure = []string{"internal/date", "internal/paper", "internal/team", "internal/chat"}
	// plain packages turn data into other data: neither I/O nor the store.
	plain = []string{"internal/card", "internal/english", "internal/search", "internal/recommend", "internal/exchange"}
	// work packages meet only in the store.
	work = []string{"internal/ingest", "internal/daily", "internal/outbox", "internal/bot", "internal/mail", "internal/web"}
	// below are what work packages share; they know none of those.
	below = []string{"internal/store", "internal/library", "internal/picks"}
	// outside is I/O, which pure packages leave to others.
	outside = []string{"os", "os/exec", "net", "net/http", "database/sql", "syscall", "io/fs", "embed"}
	// one has the only folders that may import a library.
	one = map[string][]string{
		"github.com/slack-go/slack":           {"bots/slack"},
		"github.com/gorilla/websocket":        {"bots/slack", "bots/discord"},
		"github.com/bwmarrin/discordgo":       {"bots/discord"},
		"github.com/jackc/pgx":                {"internal/store"},
		"modernc.org/sqlite":                  {"internal/store", "internal/bench"},
		"github.com/pressly/goose":            {"internal/store"},
		"database/sql":                        {"internal/store", "internal/bench"},
		"github.com/mmcdole/gofeed":           {"internal/source/rss"},
		"github.com/BurntSushi/toml":          {"internal/settings"},
		"github.com/alecthomas/kong":          {"internal/settings", "cmd/paperboy"},
		"github.com/prometheus/client_golang": {"internal/telemetry", "cmd/paperboy"},
	}
)

// TestImportRules holds the rules that let a newcomer know where things are.
func TestImportRules(t *testing.T) {
	for _, p := range modulePackages(t) {
		contract := p.ImportPath == "paperboy/internal/source"
		for _, imported := range p.Imports {
			switch {
			case within(p.ImportPath, "internal") && within(imported, "bots", "cmd"):
				t.Errorf("%s imports %s: internal knows no platform", p.ImportPath, imported)
			case (within(p.ImportPath, pure...) || contract) && slices.Contains(outside, imported):
				t.Errorf("%s imports %s: nouns and contracts do no I/O", p.ImportPath, imported)
			case (within(p.ImportPath, pure...) || contract) && within(imported, "internal") && !within(imported, pure...):
				t.Errorf("%s imports %s: nouns and contracts know only each other", p.ImportPath, imported)
			case within(p.ImportPath, work...) && within(imported, work...) && p.ImportPath != imported:
				t.Errorf("%s imports %s: work packages meet only in the store", p.ImportPath, imported)
			case within(p.ImportPath, plain...) && (strings.HasPrefix(imported, "net") || imported == "database/sql" || within(imported, "internal/store")):
				t.Errorf("%s imports %s: it takes data in and gives data out", p.ImportPath, imported)
			case within(p.ImportPath, below...) && within(imported, work...):
				t.Errorf("%s imports %s: what work packages share knows none of them", p.ImportPath, imported)
			case within(p.ImportPath, "internal/recommend") && within(imported, "internal") && !within(imported, slices.Concat(pure, []string{"internal/english"})...):
				t.Errorf("%s imports %s: recommend knows only nouns", p.ImportPath, imported)
			case within(p.ImportPath, "internal/card") && slices.Contains(outside, imported), p.ImportPath == "paperboy/internal/english" && within(imported, ""):
				t.Errorf("%s imports %s: it makes words of data", p.ImportPath, imported)
			case within(p.ImportPath, "bots") && within(imported, "internal") && !within(imported, "internal/chat", "internal/paper", "internal/date"):
				t.Errorf("%s imports %s: a platform translates and decides nothing", p.ImportPath, imported)
			}
			for library, folders := range one {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && !within(p.ImportPath, folders...) {
					t.Errorf("%s imports %s, which belongs into %s", p.ImportPath, imported, strings.Join(folders, " or "))
				}
			}
		}
	}
}

// TestPlatformsAreNamedInOnePlace looks for platforms' names in the program,
// comments aside.
func TestPlatformsAreNamedInOnePlace(t *testing.T) {
	names := []string{"slack", "discord"}
	for _, dir := range subfolders(t, filepath.Join("..", "..", "bots")) {
		if name := filepath.Base(dir); name != "bottest" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, p := range modulePackages(t) {
		for _, file := range p.GoFiles {
			for _, name := range names {
				if within(p.ImportPath, "bots/"+name, "bots/bottest") || p.ImportPath == "paperboy/cmd/paperboy" {
					continue
				}
				if at := mentions(t, filepath.Join(p.Dir, file), name); at != "" {
					t.Errorf("%s names the platform %s", at, name)
				}
			}
		}
	}
}

// TestSearchHasNoClock looks for time.Now where time comes in as a value.
func TestSearchHasNoClock(t *testing.T) {
	for _, p := range modulePackages(t) {
		if !within(p.ImportPath, slices.Concat(pure, plain, []string{"internal/source", "internal/picks"})...) {
			continue
		}
		for _, file := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(text, []byte("time.Now()")) {
				t.Errorf("%s/%s asks the clock: time comes in as a value", p.ImportPath, file)
			}
		}
	}
}

func subfolders(t *testing.T, dir string) (dirs []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			dirs = append(dirs, filepath.Join(dir, e.Name()))
		}
	}
	return dirs
}

// mentions says where a file has the name as an identifier or a text of its own.
func mentions(t *testing.T, file, name string) (at string) {
	t.Helper()
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if strings.EqualFold(n.Name, name) {
				at = set.Position(n.Pos()).String()
			}
		case *ast.BasicLit:
			if n.Kind == token.STRING && strings.EqualFold(strings.Trim(n.Value, "\"`"), name) {
				at = set.Position(n.Pos()).String()
			}
		}
		return at == ""
	})
	return at
}
