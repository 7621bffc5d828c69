package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"sync"
	"time"
)

// pages is of how many addresses it is remembered when what they show changed.
const pages = 1000

// freshness knows since when each address shows what it shows. What people do
// changes a page without leaving a time, so the time is when the change was seen.
type freshness struct {
	mu   sync.Mutex // guards what follows
	seen map[string]version
}

type version struct {
	tag   string
	since time.Time
}

// since is when the page of an address was first seen as it is.
func (f *freshness) since(address, tag string, now time.Time) time.Time {
	key := hashOf([]byte(address)) // it may be secret, and long
	f.mu.Lock()
	defer f.mu.Unlock()
	if v, ok := f.seen[key]; ok && v.tag == tag {
		return v.since
	}
	v := version{tag, now.Truncate(time.Second)}
	// HTTP's times have no parts of a second: two versions of one must differ.
	if before, ok := f.seen[key]; ok && !v.since.After(before.since) {
		v.since = before.since.Add(time.Second)
	}
	if f.seen == nil || len(f.seen) >= pages {
		f.seen = map[string]version{}
	}
	f.seen[key] = v
	return v.since
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

// freshFor is how long a reader need not ask again, in seconds.
const freshFor = "300"

// serve answers with body, or that it has not changed. scope is "public", or
// "private" for what shared caches must not keep.
func (a *API) serve(w http.ResponseWriter, r *http.Request, kind string, body []byte, scope string) {
	tag := `"` + hashOf(body) + `"`
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("ETag", tag)
	h.Set("Cache-Control", scope+", max-age="+freshFor)
	http.ServeContent(w, r, "", a.fresh.since(r.URL.RequestURI(), tag, a.options.Now()), bytes.NewReader(body))
}

// scope is whether shared caches may keep what everybody sees who may read.
func (a *API) scope() string {
	if a.options.Public {
		return "public"
	}
	return "private"
}
