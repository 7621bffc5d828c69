package slack

import (
	"math"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"sync/atomic"
)

// newClient is an HTTP client that tells what became of a request. It never
// tries again by itself: a message whose answer was lost would be posted twice.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64 // of people who ask at the same moment
	return &http.Client{Transport: traced{t}, Timeout: patience}
}

// unwritten marks the error of a request that did not get out.
type unwritten struct{ error }

func (u unwritten) Unwrap() error { return u.error }

// traced is a transport whose errors tell whether a request may have arrived.
type traced struct{ http.RoundTripper }

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	var written atomic.Bool
	// Headers go out with the connection's next flush, so that from here on the
	// service may have read the request.
	trace := &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }}
	answer, err := t.RoundTripper.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if err != nil && !written.Load() {
		return nil, unwritten{err}
	}
	if err == nil && answer.StatusCode == http.StatusTooManyRequests {
		wholeSeconds(answer.Header)
	}
	return answer, err
}

// wholeSeconds makes Retry-After what the library reads: it takes a fraction, or
// a date, for a broken answer.
func wholeSeconds(h http.Header) {
	const field = "Retry-After"
	after, err := strconv.ParseFloat(h.Get(field), 64)
	if err != nil || after < 0 || after > 24*60*60 {
		h.Del(field)
		return
	}
	h.Set(field, strconv.Itoa(int(math.Ceil(after))))
}
