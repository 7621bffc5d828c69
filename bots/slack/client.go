package slack

import (
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
)

// newClient is an HTTP client that tells what became of a request. It never
// tries again by itself: a message whose answer was lost would be posted twice.
func newClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 20
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
	return answer, err
}
