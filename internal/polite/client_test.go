package polite

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// server is the other side without a network, so that fake time passes while
// nobody does anything.
type server func(*http.Request) (*http.Response, error)

func (s server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return s(r)
}

func answer(status int, body string, headers ...string) *http.Response {
	a := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1}
	for i := 0; i+1 < len(headers); i += 2 {
		a.Header.Add(headers[i], headers[i+1])
	}
	return a
}

// asking is a client of s that always backs off for as long as it may.
func asking(s server) *Client {
	c := New(Options{Version: "1.0", Contact: "mailto:papers@example.org"})
	c.open, c.typed = s, s
	c.jitter = func(most time.Duration) time.Duration { return most }
	return c
}

// script answers the nth request with the nth answer and the last one for
// ever, and notes when each request came.
type script struct {
	answers []*http.Response
	start   time.Time
	came    []time.Duration
}

func (s *script) serve(*http.Request) (*http.Response, error) {
	s.came = append(s.came, time.Since(s.start))
	return s.answers[min(len(s.came), len(s.answers))-1], nil
}

func TestGetSaysWhoAsksAndForWhat(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, want := range map[string]string{
			"User-Agent": "paperboy/1.0 (+mailto:papers@example.org)",
			"Accept":     "application/json",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		w.Header().Set("ETag", `"one"`)
		w.Header().Set("Last-Modified", "Fri, 27 Feb 2026 10:00:00 GMT")
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `[]`)
	}))
	defer srv.Close()
	c := New(Options{Version: "1.0", Contact: "mailto:papers@example.org"})
	got, err := c.Get(t.Context(), Request{URL: strings.Replace(srv.URL, "http://", "http://name:password@", 1) + "/papers?day=1#top", Accept: "application/json"})
	if err != nil {
		t.Fatal(err)
	}
	if string(got.Body) != "[]" || got.ETag != `"one"` || got.LastModified != "Fri, 27 Feb 2026 10:00:00 GMT" ||
		got.ContentType != "application/json" || got.Status != 200 || got.URL != srv.URL+"/papers?day=1" {
		t.Errorf("Get = %+v", got)
	}
}

func TestUnchangedAnswerIsNotModified(t *testing.T) {
	c := asking(func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("If-None-Match") == `"one"` && r.Header.Get("If-Modified-Since") == "yesterday" {
			return answer(304, ""), nil
		}
		return answer(200, "news"), nil
	})
	got, err := c.Get(t.Context(), Request{URL: "https://example.org/", ETag: `"one"`, LastModified: "yesterday"})
	if err != nil || !got.NotModified {
		t.Errorf("Get with the ETag = %+v, %v; want NotModified", got, err)
	}
}

func TestUnaskedNotModifiedIsAnError(t *testing.T) {
	c := asking(func(*http.Request) (*http.Response, error) { return answer(304, ""), nil })
	_, err := c.Get(t.Context(), Request{URL: "https://example.org/"})
	if status := (*StatusError)(nil); !errors.As(err, &status) || status.Code != 304 {
		t.Errorf("Get = %v, want a StatusError of 304", err)
	}
}

func TestRequestsOfOnePaceKeepTheirDistance(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []*http.Response{answer(200, "")}, start: time.Now()}
		c := asking(s.serve)
		for _, url := range []string{"https://a.example.org/1", "https://b.example.org/2", "https://a.example.org/3"} {
			if _, err := c.Get(t.Context(), Request{URL: url, Pace: Pace{Key: "arxiv", Every: 3 * time.Second}}); err != nil {
				t.Fatal(err)
			}
		}
		if want := []time.Duration{0, 3 * time.Second, 6 * time.Second}; !slices.Equal(s.came, want) {
			t.Errorf("requests came at %v, want %v", s.came, want)
		}
	})
}

func TestHostsHaveAPaceOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []*http.Response{answer(200, "")}, start: time.Now()}
		c := asking(s.serve)
		for _, url := range []string{"https://a.example.org/1", "https://A.example.org/2", "https://b.example.org/"} {
			if _, err := c.Get(t.Context(), Request{URL: url}); err != nil {
				t.Fatal(err)
			}
		}
		if want := []time.Duration{0, time.Second, time.Second}; !slices.Equal(s.came, want) {
			t.Errorf("requests came at %v, want %v", s.came, want)
		}
	})
}

func TestOneConnectionAtATimePerPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most, other atomic.Int32
		c := asking(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "other.example.org" {
				other.Store(now.Load())
				return answer(200, ""), nil
			}
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(5 * time.Second) // far longer than the pace
			now.Add(-1)
			return answer(200, ""), nil
		})
		var all sync.WaitGroup
		get := func(url string) {
			all.Go(func() {
				if _, err := c.Get(t.Context(), Request{URL: url}); err != nil {
					t.Error(err)
				}
			})
		}
		for range 4 {
			get("https://slow.example.org/")
		}
		time.Sleep(time.Second)
		get("https://other.example.org/")
		all.Wait()
		if most.Load() != 1 || other.Load() != 1 {
			t.Errorf("%d requests at once to one host, %d while another was asked; want 1 and 1", most.Load(), other.Load())
		}
	})
}

func TestPassingFailuresAreTriedAgain(t *testing.T) {
	for _, status := range []int{408, 429, 500, 502, 503, 504} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []*http.Response{answer(status, ""), answer(status, ""), answer(200, "done")}, start: time.Now()}
			got, err := asking(s.serve).Get(t.Context(), Request{URL: "https://example.org/"})
			if err != nil || string(got.Body) != "done" {
				t.Fatalf("%d twice, then 200: Get = %+v, %v", status, got, err)
			}
			if want := []time.Duration{0, 2 * time.Second, 6 * time.Second}; !slices.Equal(s.came, want) {
				t.Errorf("%d: requests came at %v, want %v", status, s.came, want)
			}
		})
	}
}

func TestGetGivesUpAfterThreeTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		c := asking(func(*http.Request) (*http.Response, error) {
			tries++
			return answer(503, strings.Repeat("x", 9000)), nil
		})
		_, err := c.Get(t.Context(), Request{URL: "https://user:secret@example.org/papers?token=secret"})
		var status *StatusError
		if !errors.As(err, &status) {
			t.Fatalf("Get = %v, want a StatusError", err)
		}
		if tries != 3 || len(status.Body) != maxErrorBody || !Temporary(err) {
			t.Errorf("%d tries, %d bytes of body, temporary %v; want 3, %d, true", tries, len(status.Body), Temporary(err), maxErrorBody)
		}
		if want := "https://example.org/papers: answered 503 Service Unavailable"; err.Error() != want {
			t.Errorf("error %q, want %q", err, want)
		}
	})
}

func TestLastingFailuresAreNotTriedAgain(t *testing.T) {
	for _, status := range []int{400, 401, 403, 404, 410} {
		tries := 0
		c := asking(func(*http.Request) (*http.Response, error) {
			tries++
			return answer(status, "why"), nil
		})
		_, err := c.Get(t.Context(), Request{URL: "https://example.org/"})
		var se *StatusError
		if !errors.As(err, &se) || se.Code != status || string(se.Body) != "why" || tries != 1 || Temporary(err) {
			t.Errorf("%d: Get = %v after %d tries, temporary %v; want one try", status, err, tries, Temporary(err))
		}
	}
}

func TestShortRetryAfterIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []*http.Response{answer(429, "", "Retry-After", "20.5"), answer(200, "")}, start: time.Now()}
		if _, err := asking(s.serve).Get(t.Context(), Request{URL: "https://example.org/"}); err != nil {
			t.Fatal(err)
		}
		if want := []time.Duration{0, 20500 * time.Millisecond}; !slices.Equal(s.came, want) {
			t.Errorf("requests came at %v, want %v", s.came, want)
		}
	})
}

func TestLongRetryAfterIsToldAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []*http.Response{answer(503, "", "Retry-After", "600"), answer(200, "")}, start: time.Now()}
		c := asking(s.serve)
		ask := func() error {
			_, err := c.Get(t.Context(), Request{URL: "https://example.org/"})
			return err
		}
		err := ask()
		if after, ok := RetryAfter(err); !ok || after != 10*time.Minute || !Temporary(err) {
			t.Fatalf("Get = %v, RetryAfter %v, temporary %v; want 10m, true", err, after, Temporary(err))
		}
		for range 1000 { // however often: that must not push the moment further away
			time.Sleep(500 * time.Millisecond)
			err = ask()
		}
		if after, ok := RetryAfter(err); !ok || after != 100*time.Second || !Temporary(err) || len(s.came) != 1 {
			t.Fatalf("500 s later: %v, RetryAfter %v, %d requests; want 100s and 1", err, after, len(s.came))
		}
		time.Sleep(100 * time.Second)
		if err := ask(); err != nil || s.came[1] > 603*time.Second {
			t.Errorf("after the rest: %v, requests came at %v", err, s.came)
		}
	})
}

func TestUsedUpQuotaHoldsBackTheNextRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []*http.Response{answer(200, "", "RateLimit", `"api";r=0;t=9`), answer(200, "")}, start: time.Now()}
		c := asking(s.serve)
		for range 2 {
			if _, err := c.Get(t.Context(), Request{URL: "https://example.org/"}); err != nil {
				t.Fatal(err)
			}
		}
		if want := []time.Duration{0, 10 * time.Second}; !slices.Equal(s.came, want) {
			t.Errorf("requests came at %v, want %v", s.came, want)
		}
	})
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		c := asking(func(r *http.Request) (*http.Response, error) {
			tries++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var all sync.WaitGroup
		for range 3 { // one being answered, two waiting for their turn
			all.Go(func() {
				if _, err := c.Get(ctx, Request{URL: "https://example.org/"}); !errors.Is(err, context.DeadlineExceeded) || Temporary(err) {
					t.Errorf("Get = %v, want the end of its context", err)
				}
			})
		}
		all.Wait()
		if tries != 1 {
			t.Errorf("%d requests, want 1", tries)
		}
	})
}

// drip is a body that never ends and never hurries.
type drip struct{ ctx context.Context }

func (d drip) Read(p []byte) (int, error) {
	if err := sleep(d.ctx, time.Second); err != nil {
		return 0, err
	}
	p[0] = ' '
	return 1, nil
}
func (drip) Close() error { return nil }

func TestSlowAnswersAreCutOff(t *testing.T) {
	slow := map[string]server{
		"header": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"body": func(r *http.Request) (*http.Response, error) {
			a := answer(200, "")
			a.Body = drip{r.Context()}
			return a, nil
		},
		"body of an error": func(r *http.Request) (*http.Response, error) {
			a := answer(500, "")
			a.Body = drip{r.Context()}
			return a, nil
		},
	}
	for name, s := range slow {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := asking(s).Get(t.Context(), Request{URL: "https://example.org/"})
			if took := time.Since(start); took != 96*time.Second || !Temporary(err) { // three times 30 s, 2 s and 4 s between
				t.Errorf("%s: Get = %v after %v, want a temporary error after 96s", name, err, took)
			}
			if name != "body of an error" && err.Error() != "https://example.org/: example.org did not answer within 30s" {
				t.Errorf("%s: Get = %v", name, err)
			}
		})
	}
}

func TestBrokenConnections(t *testing.T) {
	tests := []struct {
		err       error
		want      string
		tries     int
		temporary bool
	}{
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, "example.org refused the connection", 1, true},
		{io.ErrUnexpectedEOF, "the connection to example.org broke: unexpected EOF", 3, true},
		{&net.DNSError{Err: "no such host", Name: "example.org", IsNotFound: true}, "there is no host named example.org", 1, false},
		{&net.DNSError{Err: "server misbehaving", Name: "example.org", IsTemporary: true}, "the connection to example.org broke: lookup example.org: server misbehaving", 3, true},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			tries := 0
			c := asking(func(*http.Request) (*http.Response, error) { tries++; return nil, tt.err })
			_, err := c.Get(t.Context(), Request{URL: "https://example.org/papers?token=secret"})
			if err == nil || err.Error() != "https://example.org/papers: "+tt.want || tries != tt.tries {
				t.Errorf("%v: Get = %v after %d tries, want %q after %d", tt.err, err, tries, tt.want, tt.tries)
			}
			if !errors.Is(err, tt.err) || Temporary(err) != tt.temporary {
				t.Errorf("%v: temporary %v, wraps it %v", tt.err, Temporary(err), errors.Is(err, tt.err))
			}
		})
	}
}

func TestTooLargeAnswersAreRefused(t *testing.T) {
	bomb := func() []byte {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(make([]byte, 8<<20))
		z.Close()
		return packed.Bytes()
	}()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/announced":
			w.Header().Set("Content-Length", "99999999")
		case "/endless":
			for r.Context().Err() == nil {
				w.Write(make([]byte, 64<<10))
			}
		case "/fits":
			w.Write(make([]byte, 1<<20))
		}
	}))
	defer srv.Close()
	for path, fits := range map[string]bool{"/bomb": false, "/announced": false, "/endless": false, "/fits": true} {
		c := New(Options{}) // a new one does not wait for the pace of the last
		got, err := c.Get(t.Context(), Request{URL: srv.URL + path, MaxBytes: 1 << 20})
		if fits != (err == nil) || fits != !errors.Is(err, ErrTooLarge) || Temporary(err) {
			t.Errorf("%s: Get = %v, temporary %v; fits should be %v", path, err, Temporary(err), fits)
		}
		if fits && len(got.Body) != 1<<20 {
			t.Errorf("%s: %d bytes, want all", path, len(got.Body))
		}
	}
}

func TestUnknownCodingIsRefused(t *testing.T) {
	c := asking(func(*http.Request) (*http.Response, error) { return answer(200, "?", "Content-Encoding", "br"), nil })
	if _, err := c.Get(t.Context(), Request{URL: "https://example.org/"}); !errors.Is(err, errCoding) || Temporary(err) {
		t.Errorf("Get = %v, temporary %v; want errCoding", err, Temporary(err))
	}
}

func TestRedirects(t *testing.T) {
	tests := []struct {
		name    string
		from    string
		to      map[string]string
		want    string // final address
		wantErr string
	}{
		{
			"relative, to another host, with a query", "http://example.org/a",
			map[string]string{"http://example.org/a": "/b", "http://example.org/b": "https://u:p@other.org/c?x=1#y"}, "https://other.org/c?x=1", "",
		},
		{
			"to an unsafe address", "https://example.org/a",
			map[string]string{"https://example.org/a": "http://example.org/a"}, "", "https://example.org/a: redirects from https to http, which is not safe to follow",
		},
		{
			"in a circle", "https://example.org/a",
			map[string]string{"https://example.org/a": "/b", "https://example.org/b": "/a"}, "", "https://example.org/a: redirected more than 5 times",
		},
		{
			"to a file", "https://example.org/a",
			map[string]string{"https://example.org/a": "file:///etc/passwd"}, "", "https://example.org/a: redirects to something that is not a web address",
		},
		{
			"to nonsense", "https://example.org/a",
			map[string]string{"https://example.org/a": "http://[::1"}, "", "https://example.org/a: redirects to something that is not a web address",
		},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			c := asking(func(r *http.Request) (*http.Response, error) {
				if to, ok := tt.to[r.URL.String()]; ok {
					return answer(302, "", "Location", to), nil
				}
				return answer(200, ""), nil
			})
			got, err := c.Get(t.Context(), Request{URL: tt.from})
			if tt.wantErr != "" {
				if err == nil || err.Error() != tt.wantErr {
					t.Errorf("%s: Get = %+v, %v; want error %q", tt.name, got, err, tt.wantErr)
				}
			} else if err != nil || got.URL != tt.want {
				t.Errorf("%s: Get = %+v, %v; want %q", tt.name, got, err, tt.want)
			}
		})
	}
}

func TestEveryRedirectIsPaced(t *testing.T) {
	for name, tt := range map[string]struct {
		pace Pace
		want []time.Duration
	}{
		"by host": {Pace{}, []time.Duration{0, time.Second, time.Second}},
		"by name": {Pace{Key: "arxiv", Every: 3 * time.Second}, []time.Duration{0, 3 * time.Second, 6 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &script{answers: []*http.Response{answer(301, "", "Location", "/b"), answer(301, "", "Location", "https://other.org/"), answer(200, "")}, start: time.Now()}
			if _, err := asking(s.serve).Get(t.Context(), Request{URL: "https://example.org/a", Pace: tt.pace}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(s.came, tt.want) {
				t.Errorf("%s: requests came at %v, want %v", name, s.came, tt.want)
			}
		})
	}
}

func TestOnlyWebAddressesAreAsked(t *testing.T) {
	for _, url := range []string{"", "ftp://example.org/", "file:///etc/passwd", "example.org", "https://", "https://:80/", "https://secret:word@[::1/", "javascript:alert(1)"} {
		c := asking(func(r *http.Request) (*http.Response, error) {
			t.Errorf("%q: asked for %s", url, r.URL)
			return answer(200, ""), nil
		})
		if _, err := c.Get(t.Context(), Request{URL: url}); !errors.Is(err, errAddress) {
			t.Errorf("Get(%q) = %v, want errAddress", url, err)
		}
	}
}

type brokenPacer struct{ err error }

func (p brokenPacer) Reserve(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, p.err
}
func (p brokenPacer) Hold(context.Context, string, time.Time) error { return p.err }

func TestNobodyIsAskedWithoutAPacer(t *testing.T) {
	broken := errors.New("database is closed")
	c := asking(func(*http.Request) (*http.Response, error) {
		t.Error("asked all the same")
		return answer(200, ""), nil
	})
	c.pacer = brokenPacer{broken}
	if _, err := c.Get(t.Context(), Request{URL: "https://example.org/"}); !errors.Is(err, broken) {
		t.Errorf("Get = %v, want %v", err, broken)
	}
}

func TestIdleHostsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := asking(func(*http.Request) (*http.Response, error) { return answer(200, ""), nil })
		for i := range 50 {
			if _, err := c.Get(t.Context(), Request{URL: fmt.Sprintf("https://h%d.example.org/", i)}); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		if lanes, moments := len(c.lanes.byKey), len(c.pacer.(*LocalPacer).free); lanes > 2 || moments > 2 {
			t.Errorf("%d lanes and %d moments are kept for 50 hosts asked long ago", lanes, moments)
		}
	})
}
