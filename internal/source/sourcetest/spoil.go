package sourcetest

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

// spoiler turns a good answer into a bad one.
type spoiler struct {
	name  string
	spoil func(w http.ResponseWriter, good *httptest.ResponseRecorder)
	// fails says that nothing of the answer can be of use.
	fails bool
}

func spoilers(title string) []spoiler {
	status := func(code int) func(http.ResponseWriter, *httptest.ResponseRecorder) {
		return func(w http.ResponseWriter, _ *httptest.ResponseRecorder) { w.WriteHeader(code) }
	}
	body := func(change func([]byte) []byte) func(http.ResponseWriter, *httptest.ResponseRecorder) {
		return func(w http.ResponseWriter, good *httptest.ResponseRecorder) {
			maps.Copy(w.Header(), good.Header())
			w.Header().Del("Content-Length")
			w.Header().Del("ETag")
			w.WriteHeader(good.Code)
			w.Write(change(good.Body.Bytes()))
		}
	}
	retitled := func(to string) func(http.ResponseWriter, *httptest.ResponseRecorder) {
		return body(func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(title), []byte(to)) })
	}
	return []spoiler{
		{"status 500", status(http.StatusInternalServerError), true},
		{"status 429", status(http.StatusTooManyRequests), true},
		{"status 404", status(http.StatusNotFound), true},
		{"an empty answer", body(func([]byte) []byte { return nil }), true},
		{"an HTML page", body(func([]byte) []byte {
			return []byte("<!DOCTYPE html><html><head><title>502</title></head><body><p>Bad gateway<br></body></html>")
		}), true},
		{"a cut answer", body(func(b []byte) []byte { return bytes.TrimSpace(b)[:len(bytes.TrimSpace(b))*2/3] }), true},
		{"an answer without its last byte", body(func(b []byte) []byte { return bytes.TrimSpace(b)[:len(bytes.TrimSpace(b))-1] }), true},
		{"zero bytes", body(func(b []byte) []byte { return make([]byte, 1000) }), true},
		{"an endless answer", endless, true},
		{"deep nesting", body(func([]byte) []byte { return bytes.Repeat([]byte("["), 1<<20) }), true},
		{"a deep document", body(func([]byte) []byte { return bytes.Repeat([]byte("<feed>"), 1<<18) }), true},
		{"a title of 1 MB", retitled(string(bytes.Repeat([]byte("long "), 1<<18))), false},
		{"invalid UTF-8", retitled("\xff\xc0\x80\xed\xa0\x80"), false},
		{"control characters", retitled("\x00\x1b\x7f\u202e\u2028\r\n"), false},
	}
}

// endless sends the first half of a good answer and then never stops.
func endless(w http.ResponseWriter, good *httptest.ResponseRecorder) {
	w.WriteHeader(good.Code)
	more := good.Body.Bytes()[:good.Body.Len()/2]
	for {
		if _, err := w.Write(more); err != nil {
			return
		}
		more = bytes.Repeat([]byte(" "), 1<<16)
	}
}

// checkSpoiled spoils the first answer to each ask on the way to the present,
// and expects that asking again brings everything nevertheless.
func (f Fixture) checkSpoiled(t *testing.T, s spoiler) {
	var bad atomic.Bool // set while answers are to be spoiled
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !bad.Load() {
			f.Good.ServeHTTP(w, r)
			return
		}
		rec := httptest.NewRecorder()
		f.Good.ServeHTTP(rec, r)
		s.spoil(w, rec)
	}))
	defer server.Close()
	src := f.New(server.URL)
	pages, _ := f.walk(t, src, "")
	want := merged(nil, pages)

	var got []source.Page
	cursor := ""
	fetch := func(spoiled bool) (source.Page, error) {
		bad.Store(spoiled)
		page, err := src.Fetch(t.Context(), source.Ask{Cursor: cursor, Now: f.Now})
		if err == nil {
			got, cursor = append(got, page), page.Next
		}
		return page, err
	}
	for range maxFetches {
		page, err := fetch(true)
		if err == nil && s.fails && len(page.Papers) > 0 {
			t.Fatalf("Fetch = %d papers, want an error", len(page.Papers))
		}
		for _, p := range page.Papers {
			CheckPaper(t, src.Name(), p)
		}
		if err == nil && !page.More {
			break
		}
		if err != nil {
			if page, err = fetch(false); err != nil {
				t.Fatalf("Fetch(%q) after a bad answer: %v", cursor, err)
			}
			if !page.More {
				break
			}
		}
	}
	problems := 0
	for _, page := range got {
		problems += len(page.Problems)
	}
	if have := merged(nil, got); len(have)+problems < len(want) {
		t.Errorf("%d papers and %d problems came, want %d papers: some were skipped", len(have), problems, len(want))
	}
	f.checkSpoiledResolver(t, src, s, &bad)
}

func (f Fixture) checkSpoiledResolver(t *testing.T, src source.Source, s spoiler, bad *atomic.Bool) {
	resolver, ok := src.(source.Resolver)
	if !ok {
		return
	}
	bad.Store(true)
	papers, err := resolver.Resolve(t.Context(), []paper.Ref{{ID: f.Known}})
	if s.fails && len(papers) > 0 {
		t.Errorf("Resolve = %d papers, %v, want none", len(papers), err)
	}
	for _, p := range papers {
		CheckPaper(t, src.Name(), p)
	}
}

func (f Fixture) checkRetryAfter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	_, err := f.New(server.URL).Fetch(t.Context(), source.Ask{Now: f.Now})
	if after, ok := polite.RetryAfter(err); !ok || after != time.Hour {
		t.Errorf("Fetch: %v, which asks for %v of rest, want 1h", err, after)
	}
}

func (f Fixture) checkCancel(t *testing.T) {
	asked := make(chan struct{}, 10)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := f.New(server.URL).Fetch(ctx, source.Ask{Now: f.Now})
		done <- err
	}()
	<-asked
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Fetch: %v, want %v", err, context.Canceled)
		}
	case <-time.After(10 * time.Second):
		t.Error("Fetch goes on 10 s after its context ended")
	}
}
