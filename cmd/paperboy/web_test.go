package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var (
	linkShown  = regexp.MustCompile(`http://\S+/signin/\S+`)
	tokenShown = regexp.MustCompile(`name="token" value="([^"]+)"`)
	paperShown = regexp.MustCompile(`action="(/paper/[^"]+)"`)
)

// visitThePage signs in by a link from the console, as a person does who runs the
// page in a container, votes, and finds the vote in the chat.
func (w *world) visitThePage(base string) {
	w.Helper()
	link := linkShown.FindString(w.paperboy("/papers web\n", "chat"))
	if !strings.HasPrefix(link, base) {
		w.Fatalf("the link %q is not of %s", link, base)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	read := func(r *http.Response, err error) string {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil || r.StatusCode != http.StatusOK {
			w.Fatalf("%s answers %d, %v:\n%s", r.Request.URL, r.StatusCode, err, body)
		}
		return string(body)
	}
	contains(w.T, read(client.Get(link)), "Sign in as")
	home := read(client.PostForm(link, nil))
	contains(w.T, home, `href="/me"`)
	token, form := tokenShown.FindStringSubmatch(home), paperShown.FindStringSubmatch(home)
	if token == nil || form == nil {
		w.Fatalf("there is no vote to press:\n%s", home)
	}
	contains(w.T, read(client.PostForm(base+form[1], url.Values{"token": token[1:], "do": {"vote"}})), `aria-pressed="true"`)
	contains(w.T, w.paperboy("/papers top day\n", "chat"), "Voted for here today", "1 vote here")
}

func TestTheAddressOfThePage(t *testing.T) {
	for _, c := range []struct{ addr, url, want, err string }{
		{"127.0.0.1:8080", "", "http://127.0.0.1:8080", ""},
		{"0.0.0.0:8080", "", "http://localhost:8080", ""},
		{":8080", "", "http://localhost:8080", ""},
		{"[::]:8080", "", "http://localhost:8080", ""},
		{"[::1]:8080", "", "http://[::1]:8080", ""},
		{"127.0.0.1:8080", "https://papers.example.org/", "https://papers.example.org", ""},
		{"127.0.0.1:8080", "http://papers.lan:81", "http://papers.lan:81", ""},
		{"127.0.0.1:8080", "papers.example.org", "", "PAPERBOY_URL is"},
		{"127.0.0.1:8080", "https://papers.example.org/team", "", "no path behind it"},
		{"127.0.0.1:8080", "ftp://papers.example.org", "", "PAPERBOY_URL is"},
		{"127.0.0.1:8080", "https://ann:secret@papers.example.org", "", "PAPERBOY_URL is"},
		{"127.0.0.1:8080", "https://", "", "PAPERBOY_URL is"},
	} {
		got, err := webSettings{Addr: c.addr, URL: c.url}.base()
		if got != c.want || (err != nil) != (c.err != "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("at %q with the URL %q: %q, %v, want %q, %q", c.addr, c.url, got, err, c.want, c.err)
		}
	}
}
