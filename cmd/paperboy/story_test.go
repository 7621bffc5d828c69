package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
)

// world is everything outside of one Paperboy: its database, and services on
// loopback that list papers of the last days.
type world struct {
	*testing.T
	env     map[string]string
	perDay  int
	asked   atomic.Int64 // requests to the daily list
	onAsked []func(n int64)
}

// newWorld has so many daily papers a day; arXiv lists none and knows one. The
// daily list calls onAsked before each answer.
func newWorld(t *testing.T, perDay int, onAsked ...func(n int64)) *world {
	w := &world{T: t, perDay: perDay, onAsked: onAsked}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/daily_papers", w.daily)
	mux.HandleFunc("GET /api/papers/{id}", http.NotFound)
	mux.HandleFunc("GET /arxiv/query", arxivQuery)
	mux.HandleFunc("GET /arxiv/{format}/{categories}", arxivFeed)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	w.env = map[string]string{
		"DATABASE_URL": storetest.Address(t), "PAPERBOY_INDEX": filepath.Join(t.TempDir(), "index"), "PAPERBOY_LOG_FORMAT": "text",
		"HUGGINGFACE_URL": server.URL, "ARXIV_API_URL": server.URL + "/arxiv/query", "ARXIV_FEED_URL": server.URL + "/arxiv", "DOI_URL": server.URL,
		"PAPERBOY_SOURCES": "huggingface", "PAPERBOY_TIMEZONE": "UTC",
	}
	return w
}

func (w *world) daily(out http.ResponseWriter, r *http.Request) {
	n := w.asked.Add(1)
	for _, do := range w.onAsked {
		do(n)
	}
	day, err := time.Parse(time.DateOnly, r.FormValue("date"))
	if err != nil {
		http.Error(out, `{"error":"bad date"}`, http.StatusBadRequest)
		return
	}
	entries := []any{}
	if p := r.FormValue("p"); p == "" || p == "0" {
		for i := range w.perDay {
			entries = append(entries, dailyEntry(day, i, w.perDay-i))
		}
	}
	json.NewEncoder(out).Encode(entries)
}

func dailyEntry(day time.Time, i, votes int) any {
	stamp := day.Format("2006-01-02T15:04:05.000Z")
	id := fmt.Sprintf("%s.%05d", day.Format("0601"), day.Day()*1000+i)
	return map[string]any{
		"title": "Paper " + id, "numComments": i, "publishedAt": day.Add(-5 * time.Hour),
		"paper": map[string]any{
			"id": id, "title": "Paper\n  " + id, "summary": "On routing experts.", "upvotes": votes,
			"publishedAt": stamp, "submittedOnDailyAt": stamp, "authors": []any{map[string]any{"name": "Ada Lovelace"}},
		},
	}
}

func arxivQuery(out http.ResponseWriter, r *http.Request) {
	entry := ""
	if r.FormValue("id_list") == "1706.03762" {
		entry = `<entry><id>http://arxiv.org/abs/1706.03762v7</id><title>Attention Is All You Need</title>
			<published>2017-06-12T17:57:34Z</published><updated>2023-08-02T00:41:18Z</updated><summary>On attention.</summary>
			<author><name>Ashish Vaswani</name></author><category term="cs.CL"/></entry>`
	}
	fmt.Fprintf(out, `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
		<opensearch:totalResults>%d</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>%s</feed>`, strings.Count(entry, "<entry>"), entry)
}

func arxivFeed(out http.ResponseWriter, r *http.Request) {
	io.WriteString(out, `<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>updates</title></feed>`)
}

// paperboy runs one command line in this process to its end.
func (w *world) paperboy(input string, args ...string) (stdout string) {
	w.Helper()
	var out, errs bytes.Buffer
	status := run(w.Context(), args, streams{strings.NewReader(input), &out, &errs}, func(name string) string { return w.env[name] })
	if status != 0 {
		w.Fatalf("paperboy %s ended with %d\n%s%s", strings.Join(args, " "), status, out.String(), errs.String())
	}
	return out.String()
}

func contains(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, s := range want {
		if !strings.Contains(got, s) {
			t.Errorf("%q is missing in:\n%s", s, got)
		}
	}
}

// TestStoryIngestAndSearch is the first and third story: papers come in from a
// source, once, and are found, paged, voted for and listed.
func TestStoryIngestAndSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	contains(t, w.paperboy("", "ingest"), "huggingface: 24 new papers, 0 changed")
	contains(t, w.paperboy("", "ingest"), "huggingface: 0 new papers, 0 changed")
	contains(t, w.paperboy("", "status"), "24 papers in the feed", "huggingface", "fine")
	today := time.Now().UTC()
	id := fmt.Sprintf("%s.%05d", today.Format("0601"), today.Day()*1000)
	got := w.paperboy("/papers routing\nmore\n+1\n/papers today\n/papers top day\n/papers cite "+id+"\n", "chat")
	contains(t, got, "24 papers for “routing”", "11 to 20 of 24", "You voted for", "Papers of "+today.Format("Monday, 2 January 2006"),
		"▲ 3 on Hugging Face", "Voted for here today", "1 vote here", "@misc{lovelace")
}

// TestAPipeIsAnsweredInFull has a feed whose index is on another machine, or lost.
func TestAPipeIsAnsweredInFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	papers := make([]paper.Paper, 1000)
	for i := range papers {
		papers[i] = paper.Paper{ID: paper.ID(fmt.Sprintf("doi:10.1/%d", i)), Title: "Routing experts"}
	}
	if _, err := openStore(t, w.env["DATABASE_URL"]).SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
	if got := w.paperboy("/papers routing\n", "chat"); !strings.HasPrefix(got, "1,000 papers for “routing”\n\n") {
		t.Errorf("the answer begins with %.200q", got)
	}
}

// TestStoryPastedLink is the fifth story, on the console: a link joins the feed.
func TestStoryPastedLink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	got := w.paperboy("look at https://arxiv.org/pdf/1706.03762v7.pdf#page=3\n/papers today\n", "chat")
	contains(t, got, "Added to the feed.", "Attention Is All You Need", "Papers of "+time.Now().UTC().Format("Monday, 2 January 2006"))
}

// TestStoryServe runs the whole program and ends it as SIGTERM does.
func TestStoryServe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.env["PAPERBOY_SOURCES"] = "huggingface,arxiv"
	w.env["PAPERBOY_ADDR"] = freeAddr(t)
	ctx, stop := context.WithCancel(t.Context())
	var out, errs lockedBuffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, nil, streams{strings.NewReader(""), &out, &errs}, func(name string) string { return w.env[name] })
	}()
	base := "http://" + w.env["PAPERBOY_ADDR"]
	eventually(t, func() bool { status, _ := get(base + "/readyz"); return status == http.StatusOK })
	if status, body := get(base + "/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz answers %d %q", status, body)
	}
	eventually(t, func() bool { return strings.Contains(w.paperboy("", "status"), "huggingface") })
	eventually(t, func() bool {
		_, body := get(base + "/metrics")
		return strings.Contains(body, `paperboy_papers_saved_total{result="added",source="huggingface"} 16`)
	})
	for _, path := range []string{"/feeds/today.rss", "/api/papers"} {
		if status, body := get(base + path); status != http.StatusOK || !strings.Contains(body, "arxiv.org/abs/") {
			t.Errorf("%s answers %d %s", path, status, body)
		}
	}
	contains(t, w.paperboy("", "healthcheck"), "ok")
	eventually(t, func() bool {
		_, body := get(base + "/")
		return strings.Contains(body, "Papers") && strings.Contains(body, "▲ 2 on Hugging Face")
	})
	w.visitThePage(base)
	stop()
	select {
	case status := <-ended:
		if status != 0 {
			t.Errorf("serve ended with %d:\n%s%s", status, out.String(), errs.String())
		}
	case <-time.After(stopWithin):
		t.Errorf("serve did not end within %s:\n%s", stopWithin, errs.String())
	}
}

// TestKilledInTheMiddle kills an ingest as kill -9 does, and reads on.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	reached, killed := make(chan struct{}), make(chan struct{})
	w := newWorld(t, 4, func(n int64) {
		if n == 4 {
			close(reached)
		}
		if n >= 4 {
			<-killed
		}
	})
	cmd := exec.CommandContext(t.Context(), "paperboy", "ingest")
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-reached
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	close(killed)
	if err := cmd.Wait(); err == nil {
		t.Fatal("the ingest was not killed")
	}
	db := openStore(t, w.env["DATABASE_URL"])
	n, err := db.CountPapers(t.Context())
	if err != nil || n == 0 || n >= 32 || n%4 != 0 {
		t.Fatalf("after the kill the feed has %d papers (%v); want whole pages of 4 and not all 32", n, err)
	}
	contains(t, w.paperboy("", "ingest"), fmt.Sprintf("huggingface: %d new papers, 0 changed", 32-n))
	if n, err := db.CountPapers(t.Context()); n != 32 || err != nil {
		t.Errorf("in the end the feed has %d papers (%v), want 32", n, err)
	}
}

func openStore(t *testing.T, address string) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// freeAddr is a loopback address that nobody listened on a moment ago.
func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func get(url string) (status int, body string) {
	answer, err := http.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text)
}

// eventually waits for what another goroutine brings about.
func eventually(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(30 * time.Second); !done(); {
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("it did not happen within 30 s")
		}
	}
}

// lockedBuffer is a buffer that a running program writes to.
type lockedBuffer struct {
	mu sync.Mutex // guards b
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
