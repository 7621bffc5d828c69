package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"paperboy/internal/settings"
)

func TestTextIsForPeopleAndJSONForMachines(t *testing.T) {
	at := time.Date(2026, 2, 27, 23, 59, 8, 123456789, time.FixedZone("", 3600))
	for _, test := range []struct{ format, want string }{
		{"text", "time=" + at.Local().Format("15:04:05") + ` level=INFO msg="papers saved" source=arxiv count=3 title="a\x1b[31m\nb"` + "\n"},
		{"json", `{"time":"2026-02-27T22:59:08.123456789Z","level":"INFO","msg":"papers saved","source":"arxiv","count":3,"title":"a\u001b[31m\nb"}` + "\n"},
		{"auto", `{"time":"2026-02-27T22:59:08.123456789Z","level":"INFO","msg":"papers saved","source":"arxiv","count":3,"title":"a\u001b[31m\nb"}` + "\n"},
	} {
		var out bytes.Buffer
		record := slog.NewRecord(at, slog.LevelInfo, "papers saved", 0)
		record.Add("source", "arxiv", "count", 3, "title", "a\x1b[31m\nb")
		if err := Logger(&out, test.format, slog.LevelInfo).Handler().Handle(context.Background(), record); err != nil {
			t.Fatal(err)
		}
		if out.String() != test.want {
			t.Errorf("format %s writes\n%swant\n%s", test.format, &out, test.want)
		}
	}
}

func TestLevelHoldsLinesBack(t *testing.T) {
	var out bytes.Buffer
	log := Logger(&out, "text", slog.LevelWarn)
	log.Info("quiet")
	log.Warn("loud")
	if got := out.String(); strings.Contains(got, "quiet") || !strings.Contains(got, "loud") {
		t.Errorf("at level warn the log is %q, want only the warning", got)
	}
}

// broken is an error whose Error panics, as a nil pointer in an interface does.
type broken struct{}

func (*broken) Error() string { panic("no text") }

func TestLogsHoldNoSecrets(t *testing.T) {
	const hush = "hush-1234"
	address, err := url.Parse("postgres://paperboy:" + hush + "@db:5432/papers")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := Logger(&out, format, slog.LevelInfo)
		log.Info("dial "+address.String(),
			"secret type", settings.Secret(hush),
			"kept", struct{ Kept settings.Secret }{hush},
			"token", hush, "slack_token", hush, "botToken", []string{hush}, "Authorization", "Bot "+hush, "db-password", hush,
			"url", address, "text url", "see "+address.String(),
			"err", fmt.Errorf("connect: %w", errors.New("cannot reach "+address.String())),
			"query", "https://api.example.org/x?access_token="+hush+"&page=2",
			"dsn", "host=db password="+hush+" user=paperboy",
			slog.Group("secret", "value", hush),
			"list", []any{address.String()},
			"cut", strings.Repeat("x", maxValue-len("postgres://paperboy:hush-"))+address.String(),
			"nil", error((*broken)(nil)),
		)
		log.WithGroup("password").With("a", hush).Info("in a group", "b", hush)
		if strings.Contains(out.String(), "hush") {
			t.Errorf("the %s log shows a secret:\n%s", format, &out)
		}
		for _, want := range []string{"db:5432/papers", "page=2", "user=paperboy", "cannot reach", "in a group"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the %s log lost %q, which is no secret:\n%s", format, want, &out)
			}
		}
	}
}

func TestHarmlessValuesStayAsTheyAre(t *testing.T) {
	var out bytes.Buffer
	Logger(&out, "json", slog.LevelInfo).Info("x", "tokens", 5, "list", []string{"a", "b"}, "flag", true,
		"took", time.Second, "mail", "a@example.org", "title", "P=NP at https://arxiv.org/abs/2401.08383")
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	delete(got, "time")
	want := `map[flag:true level:INFO list:[a b] mail:a@example.org msg:x title:P=NP at https://arxiv.org/abs/2401.08383 tokens:5 took:1e+09]`
	if s := fmt.Sprint(got); s != want {
		t.Errorf("logged\n%s\nwant\n%s", s, want)
	}
}

func TestHugeValuesAreCut(t *testing.T) {
	huge := strings.Repeat("é", 5<<20)
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		Logger(&out, format, slog.LevelInfo).Info(huge, "title", huge, "err", errors.New(huge), "list", []string{huge})
		if out.Len() > 5*maxValue || !strings.Contains(out.String(), "(10485760 bytes)") {
			t.Errorf("a %s line of three values of 10 MB has %d bytes and should say so:\n%.300s", format, out.Len(), &out)
		}
		if strings.Contains(out.String(), "\uFFFD") {
			t.Errorf("the cut of the %s line split a character", format)
		}
	}
}
