package settings

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

type slackSettings struct {
	BotToken Secret `env:"SLACK_BOT_TOKEN" help:"Bot token, xoxb-…."`
}

// grammar is like the program's: settings of parts under one command, and a
// second command that shares some of them.
type grammar struct {
	File
	Verbose bool `help:"An argument, not a setting."`
	Serve   struct {
		Database string        `name:"database-url" env:"DATABASE_URL" default:"paperboy.db" help:"File or postgres://… | both."`
		Count    int           `env:"COUNT" default:"3" help:"How many."`
		Ratio    float64       `env:"RATIO" default:"0.5"`
		Web      bool          `env:"WEB" default:"true" negatable:""`
		Wait     time.Duration `env:"WAIT" default:"1m"`
		Level    slog.Level    `env:"LEVEL" default:"info"`
		Sources  []string      `env:"SOURCES" default:"arxiv,huggingface"`
		Slack    slackSettings `embed:"" prefix:"slack-"`
	} `cmd:"" default:"withargs"`
	Check struct {
		Database string `name:"database-url" env:"DATABASE_URL" default:"paperboy.db"`
	} `cmd:""`
}

// read parses args as the program would in a folder with files.
func read(t *testing.T, args string, env, files map[string]string) (grammar, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, data := range files {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var g grammar
	k, err := New(&g, func(name string) string { return env[name] }, kong.Name("paperboy"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse(strings.Fields(args))
	return g, err
}

func TestEachLevelGivesWayToTheOneBefore(t *testing.T) {
	levels := []struct {
		from  string
		apply func(args *string, env, files map[string]string)
	}{
		{"default", func(*string, map[string]string, map[string]string) {}},
		{"toml", func(_ *string, _, files map[string]string) {
			files["paperboy.toml"] = "database-url = 'toml'\ncount = 11\nslack.bot-token = 'toml'\nsources = ['toml', 'a,b']"
		}},
		{"secretfile", func(_ *string, env, files map[string]string) {
			for _, name := range []string{"DATABASE_URL", "SLACK_BOT_TOKEN", "SOURCES"} {
				env[name+"_FILE"], files["text"] = "text", "secretfile\n"
			}
			env["COUNT_FILE"], files["count"] = "count", "12\r\n"
		}},
		{"environment", func(_ *string, env, _ map[string]string) {
			for _, name := range []string{"DATABASE_URL", "SLACK_BOT_TOKEN", "SOURCES"} {
				env[name] = "environment"
				delete(env, name+"_FILE")
			}
			env["COUNT"] = "13"
			delete(env, "COUNT_FILE")
		}},
		{"flag", func(args *string, _, _ map[string]string) {
			*args = "--database-url=flag --count=14 --slack-bot-token=flag --sources=flag"
		}},
	}
	want := map[string][]any{
		"default":     {"paperboy.db", 3, "", []string{"arxiv", "huggingface"}},
		"toml":        {"toml", 11, "toml", []string{"toml", "a,b"}},
		"secretfile":  {"secretfile", 12, "secretfile", []string{"secretfile"}},
		"environment": {"environment", 13, "environment", []string{"environment"}},
		"flag":        {"flag", 14, "flag", []string{"flag"}},
	}
	args, env, files := "", map[string]string{}, map[string]string{}
	for _, level := range levels {
		level.apply(&args, env, files)
		t.Run(level.from, func(t *testing.T) {
			g, err := read(t, args, env, files)
			if err != nil {
				t.Fatal(err)
			}
			s := g.Serve
			got := []any{s.Database, s.Count, s.Slack.BotToken.Reveal(), s.Sources}
			if diff := cmp.Diff(want[level.from], got); diff != "" {
				t.Errorf("with everything up to the %s (-want +got):\n%s", level.from, diff)
			}
		})
	}
}

func TestAFlagWinsOverBrokenOtherValues(t *testing.T) {
	g, err := read(t, "--count=14", map[string]string{"COUNT": "many"}, nil)
	if err != nil || g.Serve.Count != 14 {
		t.Errorf("count %d, error %v; want 14 and none", g.Serve.Count, err)
	}
}

func TestEmptyVariablesAreNotSet(t *testing.T) {
	env := map[string]string{"COUNT": "", "DATABASE_URL": "", "SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": "token", "PAPERBOY_CONFIG": ""}
	g, err := read(t, "", env, map[string]string{"token": "xoxb"})
	if err != nil {
		t.Fatal(err)
	}
	if s := g.Serve; s.Count != 3 || s.Database != "paperboy.db" || s.Slack.BotToken != "xoxb" {
		t.Errorf("count %d, database %q, token %q; want the defaults and the file's token", s.Count, s.Database, s.Slack.BotToken.Reveal())
	}
}

func TestSettingsFileIsTheOneAskedFor(t *testing.T) {
	files := map[string]string{"paperboy.toml": "count = 1", "env.toml": "count = 2", "flag.toml": "count = 3"}
	for _, test := range []struct {
		args, env string
		want      int
	}{
		{"", "", 1},
		{"", "env.toml", 2},
		{"--config=flag.toml", "env.toml", 3},
		{"serve --config=flag.toml", "", 3},
	} {
		g, err := read(t, test.args, map[string]string{"PAPERBOY_CONFIG": test.env}, files)
		if err != nil || g.Serve.Count != test.want {
			t.Errorf("args %q, PAPERBOY_CONFIG %q: count %d, error %v; want %d", test.args, test.env, g.Serve.Count, err, test.want)
		}
	}
}

func TestTOMLTypesAndSpellings(t *testing.T) {
	g, err := read(t, "", nil, map[string]string{"paperboy.toml": `
		database_url = "postgres://localhost/papers"
		ratio = 2
		web = false
		wait = "90s"
		level = "debug"
		sources = []
		[slack]
		bot_token = "xoxb-1"
	`})
	if err != nil {
		t.Fatal(err)
	}
	s := g.Serve
	got := []any{s.Database, s.Ratio, s.Web, s.Wait, s.Level, len(s.Sources), s.Slack.BotToken.Reveal()}
	want := []any{"postgres://localhost/papers", 2.0, false, 90 * time.Second, slog.LevelDebug, 0, "xoxb-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func TestMistakesAreSentences(t *testing.T) {
	big := strings.Repeat("x", maxFile+1)
	for _, test := range []struct {
		name, args, env, files, want string
	}{
		{"both", "", "SLACK_BOT_TOKEN=hush SLACK_BOT_TOKEN_FILE=token", "",
			"--slack-bot-token: SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set; keep one of them"},
		{"missing secret file", "", "SLACK_BOT_TOKEN_FILE=absent", "",
			"--slack-bot-token: SLACK_BOT_TOKEN_FILE: the file absent cannot be read: no such file or directory"},
		{"secret file is a folder", "", "SLACK_BOT_TOKEN_FILE=/", "",
			"--slack-bot-token: SLACK_BOT_TOKEN_FILE: the file / cannot be read: is a directory"},
		{"large secret file", "", "SLACK_BOT_TOKEN_FILE=token", big,
			"--slack-bot-token: SLACK_BOT_TOKEN_FILE: the file token is larger than 64 KiB"},
		{"secret in the wrong place", "", "COUNT_FILE=token", "hush",
			"--count: the file that COUNT_FILE names holds no value for it"},
		{"variable", "", "COUNT=many", "",
			`--count: the value of COUNT is no good: expected a valid 64 bit int but got "many"`},
		{"missing settings file", "--config=absent.toml", "", "",
			"settings: the file absent.toml cannot be read: no such file or directory"},
		{"large settings file", "", "", big,
			"settings: the file paperboy.toml is larger than 64 KiB"},
		{"unknown key", "", "", "count = 1\ndatabse_url = 'x'",
			"paperboy.toml line 2: databse_url is not a setting; did you mean database-url?"},
		{"unknown key in a table", "", "", "[slack]\n\nbot-tokne = 'x'",
			"paperboy.toml line 3: slack.bot-tokne is not a setting; did you mean slack.bot-token?"},
		{"unlike anything", "", "", "colour = 'red'",
			"paperboy.toml line 1: colour is not a setting"},
		{"argument", "", "", "verbose = true",
			"paperboy.toml line 1: verbose is not a setting"},
		{"itself", "", "", "config = 'x'",
			"paperboy.toml line 1: config is not a setting"},
		{"twice", "", "", "database-url = 'x'\ndatabase_url = 'y'",
			"is set twice"},
		{"all of them", "", "", "count = 1.5\nweb = 'no'\nratio = '1'\nwait = 30\nlevel = 4\nsources = [1]\ndatabase-url = ['x']\n[slack]\nbot-token = 2026-02-27",
			"paperboy.toml line 1: count takes a whole number, not a number\n" +
				"paperboy.toml line 2: web takes true or false, not text\n" +
				"paperboy.toml line 3: ratio takes a number, not text\n" +
				"paperboy.toml line 4: wait takes text, not a whole number\n" +
				"paperboy.toml line 5: level takes text, not a whole number\n" +
				"paperboy.toml line 6: sources takes text, not a whole number\n" +
				"paperboy.toml line 7: database-url takes one value, not a list\n" +
				"paperboy.toml line 9: slack.bot-token takes text, not a date"},
		{"tables", "", "", "[[sources]]\nx = 1", "paperboy.toml line 1: sources takes text, not a table"},
		{"bad text", "", "", "wait = 'soon'",
			`paperboy.toml line 1: the value of wait is no good: expected duration but got "soon": time: invalid duration "soon"`},
		{"no quotes", "", "", "\n[slack]\nbot-token = hush",
			`paperboy.toml line 3 is not TOML (text is written key = "text"): expected value but found … instead`},
	} {
		t.Run(test.name, func(t *testing.T) {
			env := map[string]string{}
			for _, pair := range strings.Fields(test.env) {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
			files := map[string]string{}
			if test.files != "" {
				files["paperboy.toml"] = test.files
			}
			if strings.Contains(test.env, "=token") {
				files = map[string]string{"token": test.files}
			}
			_, err := read(t, test.args, env, files)
			if err == nil {
				t.Fatalf("no error, want %q", test.want)
			}
			if got := err.Error(); !strings.Contains(got, test.want) {
				t.Errorf("error\n%s\nwant\n%s", got, test.want)
			}
			if strings.Contains(err.Error(), "hush") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestHelpNamesTheVariables(t *testing.T) {
	var g grammar
	var out bytes.Buffer
	k, err := New(&g, func(string) string { return "" }, kong.Name("paperboy"), kong.Writers(&out, &out), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse([]string{"serve", "--help"}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"$SLACK_BOT_TOKEN", "$DATABASE_URL", "$PAPERBOY_CONFIG"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("help does not name %s:\n%s", want, &out)
		}
	}
}

func TestTableListsEverySettingOnce(t *testing.T) {
	var g grammar
	k, err := New(&g, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	want := "| Flag | Environment | Default | What it is |\n" +
		"|---|---|---|---|\n" +
		"| `--config` | `PAPERBOY_CONFIG` |  | A TOML file with settings; paperboy.toml is read if there is one. |\n" +
		"| `--database-url` | `DATABASE_URL` | `paperboy.db` | File or postgres://… \\| both. |\n" +
		"| `--count` | `COUNT` | `3` | How many. |\n" +
		"| `--ratio` | `RATIO` | `0.5` |  |\n" +
		"| `--web` | `WEB` | `true` |  |\n" +
		"| `--wait` | `WAIT` | `1m` |  |\n" +
		"| `--level` | `LEVEL` | `info` |  |\n" +
		"| `--sources` | `SOURCES` | `arxiv,huggingface` |  |\n" +
		"| `--slack-bot-token` | `SLACK_BOT_TOKEN` |  | Bot token, xoxb-…. |\n"
	if diff := cmp.Diff(want, Table(k.Model)); diff != "" {
		t.Errorf("Table (-want +got):\n%s", diff)
	}
}

// FuzzParse feeds settings files to the parser. A value that it takes must be
// one that the flag takes.
func FuzzParse(f *testing.F) {
	for _, data := range []string{"count = 1", "[slack]\nbot-token = 'x'", "sources = ['a', 'b']", "a.b.c = [[1]]", "[[x]]\n[x.y]", "count = 1e999"} {
		f.Add(data)
	}
	var g grammar
	k, err := New(&g, func(string) string { return "" })
	if err != nil {
		f.Fatal(err)
	}
	all := flags(k.Model)
	f.Fuzz(func(t *testing.T, data string) {
		values, err := parse("paperboy.toml", data, all)
		if err != nil && values != nil {
			t.Errorf("parse(%q) gives both values %v and error %v", data, values, err)
		}
		for _, flag := range all {
			if v, ok := values[flag.Name]; ok && try(flag, v) != nil {
				t.Errorf("parse(%q) took %v for --%s: %v", data, v, flag.Name, try(flag, v))
			}
		}
	})
}

func TestAFolderInPlaceOfTheSettingsFileIsAnError(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir(defaultFile, 0o700); err != nil {
		t.Fatal(err)
	}
	var g grammar
	k, err := New(&g, func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Parse(nil); err == nil {
		t.Error("a folder named paperboy.toml was passed over in silence")
	}
}
