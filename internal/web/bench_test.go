package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkPages measures whole answers, on SQLite, without the network. The first
// byte leaves when the answer is whole.
func BenchmarkPages(b *testing.B) {
	s := newSite(b, month())
	for _, path := range []string{"/", "/date/2026-02-27", "/month/2026-02", "/search?q=diffusion+experts", "/paper/arxiv:2602.00100", "/topics"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest("GET", path, nil)
				r.RemoteAddr, r.Host = s.from, "127.0.0.1:8080"
				w := httptest.NewRecorder()
				s.clock.pass(1e9)
				if s.handler.ServeHTTP(w, r); w.Code != http.StatusOK {
					b.Fatalf("%s answers %d", path, w.Code)
				}
			}
		})
	}
}
