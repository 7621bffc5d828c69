package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// FuzzRequests asks with any parameters: the answer is never a fault of ours.
func FuzzRequests(f *testing.F) {
	s := newScene(f, true, week()...)
	for _, query := range []string{"week=2026-W53", "since=0001-01-01&before=9999-12-31", "cursor=eyJPZiI6e319", "q=((((*&sort=new", "date=-001-01-01", "month=0000-00"} {
		f.Add("/api/papers", query)
	}
	f.Add("/api/papers/doi:10.1/\x00//..", "")
	f.Add("/feeds/top.rss", "period=")
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.URL = &url.URL{Path: path, RawQuery: query}
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%q?%q answers %d %s", path, query, w.Code, w.Body)
		}
	})
}
