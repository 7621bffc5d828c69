package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestWhoIsOnThisMachine(t *testing.T) {
	for _, c := range []struct {
		from, host, header string
		want               bool
	}{
		{"127.0.0.1:5000", "127.0.0.1:8080", "", true},
		{"127.0.0.1:5000", "localhost:8080", "", true},
		{"127.0.0.1:5000", "localhost", "", true},
		{"[::1]:5000", "[::1]:8080", "", true},
		{"[::ffff:127.0.0.1]:5000", "127.0.0.1:8080", "", true},
		{"192.0.2.1:5000", "127.0.0.1:8080", "", false},
		{"127.0.0.1:5000", "papers.example.org", "", false}, // a proxy, or a page that rebinds its name
		{"127.0.0.1:5000", "localhost.example.org:8080", "", false},
		{"127.0.0.1:5000", "127.0.0.1:8080", "X-Forwarded-For", false},
		{"127.0.0.1:5000", "127.0.0.1:8080", "Forwarded", false},
		{"", "127.0.0.1:8080", "", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/feeds/today.rss", nil)
		r.RemoteAddr, r.Host = c.from, c.host
		if c.header != "" {
			r.Header.Set(c.header, "192.0.2.1")
		}
		if got := onThisMachine(r); got != c.want {
			t.Errorf("from %s to %s with %q: %v, want %v", c.from, c.host, c.header, got, c.want)
		}
	}
}

func TestTheServersOwnAddress(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", ":8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://127.0.0.1:80",
		"[::]:8080": "http://127.0.0.1:8080", "papers.lab.example:8080": "http://papers.lab.example:8080",
	} {
		if got := localBase(addr); got != want {
			t.Errorf("localBase(%q) = %q, want %q", addr, got, want)
		}
	}
}
