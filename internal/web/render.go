package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed templates static
var files embed.FS

// pages are the templates, by the name of the page.
var pages = parse()

// parse reads every page into the frame that all have. White space between the
// tags of templates is for those who read them; it does not travel.
func parse() map[string]*template.Template {
	all := map[string]*template.Template{}
	shared := template.Must(template.New("").Funcs(template.FuncMap{"asset": asset, "list": list, "here": here}).Parse(source("frame.html") + source("parts.html")))
	names, err := fs.Glob(files, "templates/pages/*.html")
	if err != nil {
		panic("web: " + err.Error())
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		all[name] = template.Must(template.Must(shared.Clone()).Parse(source("pages/" + name + ".html")))
	}
	all[""] = shared
	return all
}

func source(name string) string {
	text, err := files.ReadFile("templates/" + name)
	if err != nil {
		panic("web: " + err.Error())
	}
	var b strings.Builder
	for l := range strings.Lines(string(text)) {
		l = strings.TrimSpace(l)
		b.WriteString(l)
		if !lone.MatchString(l) {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// lone is a line with one action and nothing to show.
var lone = regexp.MustCompile(`^(\{\{[^{}]*\}\})?$`)

// list is its arguments, for a template that takes several.
func list(all ...string) []string { return all }

// here reports whether the part of the page at a path is where the reader is.
func here(path, at string) bool {
	if path == "/" {
		return at == "/" || strings.HasPrefix(at, "/date/") || strings.HasPrefix(at, "/week/") || strings.HasPrefix(at, "/month/")
	}
	return at == path || strings.HasPrefix(at, path+"/")
}

// frame is what stands around every page.
type frame struct {
	Title    string
	At       string // the part of the page that it belongs to
	Query    string
	SignedIn bool
	Token    string
	Feeds    bool // that other parts of the program serve
	Content  any
}

// render answers with a page.
func (w *Web) render(out http.ResponseWriter, r *http.Request, v visit, status int, name, title string, content any) error {
	f := frame{Title: title, At: r.URL.Path, SignedIn: v.signedIn, Token: v.token, Feeds: w.options.Feeds != nil, Content: content}
	if s, ok := content.(searchPage); ok {
		f.Query = s.Query
	}
	return w.write(out, status, pages[name], "frame", f)
}

// part answers with a part of a page, for a script that puts it in its place.
func (w *Web) part(out http.ResponseWriter, _ *http.Request, status int, name string, content any) error {
	return w.write(out, status, pages[""], name, content)
}

// write makes the whole answer before it begins it, so that a fault is not half a
// page.
func (w *Web) write(out http.ResponseWriter, status int, t *template.Template, name string, data any) error {
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("make a page: %w", err)
	}
	h := out.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "private, no-store")
	}
	out.WriteHeader(status)
	_, err := out.Write(b.Bytes())
	return ignored(err)
}

// wantsPart reports whether a script asks, which puts the answer into the page.
func wantsPart(r *http.Request) bool { return r.Header.Get("X-Part") != "" }

// assets are the files that pages load, by name, each with a name for its content.
var assets = func() map[string]assetFile {
	all := map[string]assetFile{}
	names, err := fs.Glob(files, "static/*")
	if err != nil {
		panic("web: " + err.Error())
	}
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic("web: " + err.Error())
		}
		sum := sha256.Sum256(text)
		all[path.Base(name)] = assetFile{text, hex.EncodeToString(sum[:6])}
	}
	return all
}()

type assetFile struct {
	text    []byte
	edition string
}

// asset is the address of a file, which differs when the file does.
func asset(name string) string { return "/static/" + name + "?" + assets[name].edition }

// static serves a file. Under its full address it never changes.
func (w *Web) static(out http.ResponseWriter, r *http.Request) {
	a, ok := assets[r.PathValue("name")]
	if !ok {
		w.fail(out, r, visit{}, notFound("There is no such file."))
		return
	}
	h := out.Header()
	h.Set("ETag", `"`+a.edition+`"`)
	h.Set("Cache-Control", "public, no-cache")
	if r.URL.RawQuery == a.edition {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeContent(out, r, r.PathValue("name"), time.Time{}, bytes.NewReader(a.text))
}
