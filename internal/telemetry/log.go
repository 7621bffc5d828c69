// Package telemetry tells how the program is doing: logs, metrics and health,
// and the server that shows the latter two.
package telemetry

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/term"
)

// maxValue is how many bytes of one value a log line shows.
const maxValue = 2_000

// Logger writes lines to w: as "text" for people, as "json" for machines, or as
// "auto", which is text on a terminal and JSON elsewhere. Secrets have no place
// in a log; should one come, its key or its looks keep it out in most cases.
func Logger(w io.Writer, format string, level slog.Leveler) *slog.Logger {
	if format == "auto" {
		format = "json"
		if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
			format = "text"
		}
	}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: forPeople}))
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: forMachines}))
}

// forPeople shows the time of day where the reader is.
func forPeople(groups []string, a slog.Attr) slog.Attr {
	if isTime(groups, a) {
		return slog.String(a.Key, a.Value.Time().Local().Format("15:04:05"))
	}
	return clean(groups, a)
}

// forMachines shows times in UTC, which the JSON handler writes as RFC 3339.
func forMachines(groups []string, a slog.Attr) slog.Attr {
	if isTime(groups, a) {
		return slog.Time(a.Key, a.Value.Time().UTC())
	}
	return clean(groups, a)
}

func isTime(groups []string, a slog.Attr) bool {
	return len(groups) == 0 && a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime
}

// What gives a secret away: a key that ends like slack_token, the user of an
// address (a password in https://user:password@host, a token in some), and
// token=… in an address or a connection string.
var (
	secretKey   = regexp.MustCompile(`(?i)(token|secret|password|authorization)$`)
	userOfURL   = regexp.MustCompile(`://[^/\s"']*@`)
	secretParam = regexp.MustCompile(`(?i)((?:token|secret|password)=)[^\s&"']+`)
)

// clean hides what looks like a secret and shortens what is absurdly long.
func clean(groups []string, a slog.Attr) slog.Attr {
	if secretKey.MatchString(a.Key) || slices.ContainsFunc(groups, secretKey.MatchString) {
		return slog.String(a.Key, "[hidden]")
	}
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(cleanText(a.Value.String()))
	case slog.KindAny:
		a.Value = cleanAny(a.Value)
	}
	return a
}

// cleanAny leaves a value that needs no cleaning to the handler, which knows
// more ways to write it. fmt survives values whose methods panic.
func cleanAny(v slog.Value) slog.Value {
	if err, ok := v.Any().(error); ok {
		return slog.StringValue(cleanText(fmt.Sprint(err)))
	}
	shown := fmt.Sprintf("%+v", v.Any())
	if text := cleanText(shown); text != shown {
		return slog.StringValue(text)
	}
	return v
}

func cleanText(s string) string {
	size := len(s)
	s = s[:min(size, 2*maxValue)] // little work for huge values, and no secret split by the cut below
	if strings.Contains(s, "@") {
		s = userOfURL.ReplaceAllString(s, "://[hidden]@")
	}
	if strings.Contains(s, "=") {
		s = secretParam.ReplaceAllString(s, "${1}[hidden]")
	}
	if size <= maxValue {
		return s
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:min(len(s), maxValue)], ""), size)
}
