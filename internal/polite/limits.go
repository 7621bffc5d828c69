package polite

import (
	"iter"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxRest bounds what a server can ask for, on purpose or by a slip.
const maxRest = 24 * time.Hour

// restAsked is how long the sender of these headers wants to be left alone.
func restAsked(status int, h http.Header, now time.Time) time.Duration {
	rest := rateLimit(h.Values("RateLimit"), h.Values("RateLimit-Policy"), status == http.StatusTooManyRequests)
	if status >= 400 {
		rest = max(rest, retryAfter(h.Get("Retry-After"), now))
	}
	return rest
}

// retryAfter reads seconds, with or without decimals, or a date.
func retryAfter(s string, now time.Time) time.Duration {
	if rest, ok := seconds(s); ok {
		return rest
	}
	if at, err := http.ParseTime(s); err == nil {
		return min(max(0, at.Sub(now)), maxRest)
	}
	return 0
}

func seconds(s string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(n) || n < 0 {
		return 0, false
	}
	return time.Duration(min(n, maxRest.Seconds()) * float64(time.Second)), true
}

// rateLimit reads both forms in use of a header that is still a draft,
//
//	RateLimit: "api";r=0;t=55
//	RateLimit: limit=100, remaining=0, reset=55
//
// and returns the time until all quotas that are used up start afresh. Where
// that is not said, it is the window of RateLimit-Policy: "api";q=500;w=300.
// With refused, some quota is used up even if none admits it.
func rateLimit(limits, policies []string, refused bool) time.Duration {
	var window, spent, longest time.Duration
	for p := range quotas(policies) {
		window = max(window, p.window)
	}
	for q := range quotas(limits) {
		longest = max(longest, q.reset)
		switch {
		case q.spent && q.reset == unsaid:
			spent = max(spent, window)
		case q.spent:
			spent = max(spent, q.reset)
		}
	}
	if spent == 0 && refused {
		spent = longest
	}
	if spent == 0 {
		return 0
	}
	return min(spent+time.Second, maxRest) // the time left is rounded down
}

// quota is one item of a RateLimit or RateLimit-Policy header.
type quota struct {
	spent         bool
	reset, window time.Duration // or unsaid
}

const unsaid time.Duration = -1

// quotas yields the items of headers. The parts of the older form, which are
// items of their own, make up the last one.
func quotas(headers []string) iter.Seq[quota] {
	return func(yield func(quota) bool) {
		older := quota{reset: unsaid, window: unsaid}
		for item := range fields(strings.Join(headers, ","), ',') {
			q := quota{reset: unsaid, window: unsaid}
			for param := range fields(item, ';') {
				name, value, _ := strings.Cut(strings.TrimSpace(param), "=")
				n, ok := seconds(value)
				if !ok {
					continue
				}
				switch strings.ToLower(name) {
				case "r":
					q.spent = n == 0
				case "t":
					q.reset = n
				case "w":
					q.window = n
				case "remaining":
					older.spent = n == 0
				case "reset":
					older.reset = n
				}
			}
			if !yield(q) {
				return
			}
		}
		yield(older)
	}
}

// fields splits s at every sep outside of quotes.
func fields(s string, sep byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch c := s[i]; {
			case c == '\\' && quoted:
				i++
			case c == '"':
				quoted = !quoted
			case c == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}
