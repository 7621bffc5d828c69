package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// description is what the tests need of openapi.json.
type description struct {
	OpenAPI string
	Paths   map[string]struct {
		Get struct {
			Summary    string
			Parameters []struct {
				Name, In, Description string
				Required              bool
			}
			Responses map[string]json.RawMessage
		}
	}
}

// schemas compiles the schemas of the description, whose types no other part may
// break unnoticed.
func schemas(t *testing.T, s *scene) func(pointer string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(body(t, s.get("/api/openapi.json"))))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020) // which OpenAPI 3.1 builds on
	c.AssertFormat()
	if err := c.AddResource("https://papers.example.org/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return func(pointer string) *jsonschema.Schema {
		t.Helper()
		schema, err := c.Compile("https://papers.example.org/openapi.json#" + pointer)
		if err != nil {
			t.Fatalf("%s: %v", pointer, err)
		}
		return schema
	}
}

// escaped is a part of a JSON pointer.
func escaped(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "%", "%25").Replace(s)
}

func TestEveryAnswerIsAsDescribed(t *testing.T) {
	s := newScene(t, true, week()...)
	s.vote(ada, "arxiv:2602.00001")
	schema := schemas(t, s)
	_, private := s.make(team.Feed{What: team.Today})
	_, channel := s.make(team.Feed{What: team.Picked, Place: place})
	export, _, err := s.Export(t.Context(), ada, now)
	if err != nil {
		t.Fatal(err)
	}
	nobody, _, err := s.Export(t.Context(), chat.Person{Platform: "test", ID: "nobody"}, now)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range [][2]string{
		{"/api/papers", "/api/papers"}, {"/api/papers", "/api/papers?month=2026-02&limit=2"}, {"/api/papers", "/api/papers?date=1999-01-01"}, {"/api/papers", "/api/papers?limit=x"},
		{"/api/papers/{id}", "/api/papers/arxiv:2602.00001"}, {"/api/papers/{id}", "/api/papers/doi:10.1038/s42256-020-0208-z"}, {"/api/papers/{id}", "/api/papers/nobody"},
		{"/api/search", "/api/search?q=experts"}, {"/api/search", "/api/search?q=nothingwhatsoever"}, {"/api/search", "/api/search"},
		{"/api/openapi.json", "/api/openapi.json"}, {"/api/openapi.json", "/api/openapi.json?x=1"},
		{"/api/export/{secret}", export}, {"/api/export/{secret}", nobody}, {"/api/export/{secret}", "/api/export/x"},
		{"/feeds/today.{format}", "/feeds/today.json"}, {"/feeds/today.{format}", "/feeds/today.json?x=1"},
		{"/feeds/topic.{format}", "/feeds/topic.json?q=experts"}, {"/feeds/search.{format}", "/feeds/search.json?q=experts"}, {"/feeds/top.{format}", "/feeds/top.json"},
		{"/feeds/private/{secret}.{format}", private.JSON}, {"/feeds/channel/{secret}.{format}", channel.JSON}, {"/feeds/channel/{secret}.{format}", "/feeds/channel/x.json"},
	} {
		path, address := c[0], c[1]
		seen[path] = true
		r := s.get(address)
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		pointer := fmt.Sprintf("/paths/%s/get/responses/%d/content/%s/schema", escaped(path), r.StatusCode, escaped(kind))
		if r.StatusCode != http.StatusOK {
			names := map[int]string{http.StatusBadRequest: "BadRequest", http.StatusNotFound: "NotFound"}
			pointer = "/components/responses/" + names[r.StatusCode] + "/content/" + escaped(kind) + "/schema"
		}
		got, err := jsonschema.UnmarshalJSON(r.Body)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if err := schema(pointer).Validate(got); err != nil {
			t.Errorf("%s is not as described: %v", address, err)
		}
	}
	stranger := newScene(t, false)
	for _, address := range []string{"/api/papers", "/api/search?q=x", "/feeds/today.json"} {
		got, err := jsonschema.UnmarshalJSON(stranger.get(address).Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema("/components/responses/Forbidden/content/" + escaped("application/problem+json") + "/schema").Validate(got); err != nil {
			t.Errorf("%s for a stranger: %v", address, err)
		}
	}
	for path := range read[description](t, s.get("/api/openapi.json")).Paths {
		if !seen[path] {
			t.Errorf("%s is described and not tested", path)
		}
	}
}

// TestTheDescriptionIsOfTheRoutesThereAre compares both ways: a feed of its own
// address stands for a file of /feeds/.
func TestTheDescriptionIsOfTheRoutesThereAre(t *testing.T) {
	s := newScene(t, true, week()...)
	doc := read[description](t, s.get("/api/openapi.json"))
	if doc.OpenAPI != "3.1.0" {
		t.Errorf("the description is of OpenAPI %s", doc.OpenAPI)
	}
	var described []string
	for path, ops := range doc.Paths {
		pattern := strings.NewReplacer("{id}", "{id...}", "{secret}.{format}", "{file}").Replace(path)
		if name, ok := strings.CutSuffix(pattern, ".{format}"); ok {
			pattern = "/feeds/{file}"
			if !strings.HasPrefix(name, "/feeds/") {
				t.Errorf("%s is no feed", path)
			}
		}
		described = append(described, "GET "+pattern)
		if len(ops.Get.Responses) < 3 && path != "/api/openapi.json" || ops.Get.Summary == "" {
			t.Errorf("%s is described in few words", path)
		}
		for _, p := range ops.Get.Parameters {
			if p.Description == "" || p.In == "path" && (!p.Required || !strings.Contains(path, "{"+p.Name+"}")) {
				t.Errorf("the parameter %s of %s is %+v", p.Name, path, p)
			}
			if p.In == "query" && !accepted(t, s, path, p.Name) {
				t.Errorf("%s does not know its parameter %s", path, p.Name)
			}
		}
	}
	slices.Sort(described)
	routes := s.Patterns()
	slices.Sort(routes)
	if got := slices.Compact(described); !slices.Equal(got, routes) {
		t.Errorf("described are %q, and there are %q", got, routes)
	}
}

// accepted reports whether a path knows a parameter, whatever its value.
func accepted(t *testing.T, s *scene, path, name string) bool {
	address := strings.NewReplacer("{format}", "json", "{id}", "arxiv:2602.00001").Replace(path)
	return !strings.Contains(body(t, s.get(address+"?"+name+"=%00")), "no parameter")
}
