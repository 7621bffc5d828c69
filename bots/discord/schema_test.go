package discord

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// published is where Discord's own API description and examples are, beside the
// checkout.
var published = sync.OnceValue(func() string {
	for _, dir := range []string{os.Getenv("PAPERBOY_TEST_DISCORD"), filepath.Join("..", "..", "..", "shared", "data", "discord")} {
		if _, err := os.Stat(filepath.Join(dir, "openapi.json.gz")); dir != "" && err == nil {
			return dir
		}
	}
	return ""
})

// needPublished skips a test where Discord's published files are not at hand.
func needPublished(t *testing.T) string {
	t.Helper()
	if published() == "" {
		t.Skip("Discord's published API description is not here; PAPERBOY_TEST_DISCORD says where it is")
	}
	return published()
}

// description is as much of the API description as is needed.
type description struct {
	Paths      map[string]map[string]json.RawMessage
	Components struct{ Schemas map[string]any }
}

// openapi is Discord's description of its API; nil where it is not at hand.
var openapi = sync.OnceValue(func() *description {
	if published() == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(published(), "openapi.json.gz"))
	if err != nil {
		panic(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		panic(err)
	}
	var d description
	if err := json.NewDecoder(r).Decode(&d); err != nil {
		panic(err)
	}
	return &d
})

// checkRequest is what is wrong with a request, by the description and by the
// rules that it does not state.
func checkRequest(r *http.Request, path string, raw []byte) error {
	open := strings.HasPrefix(path, "/interactions/") || strings.HasPrefix(path, "/webhooks/")
	if got := r.Header.Get("Authorization"); !open && got != "Bot "+testToken {
		return errors.New("it has no token")
	}
	if !strings.HasPrefix(r.Header.Get("User-Agent"), "DiscordBot (") {
		return errors.New("it does not say what the bot is")
	}
	var body any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &body); err != nil {
			return err
		}
	}
	if err := checkPath(r.Method, path, body); err != nil {
		return err
	}
	m, _ := body.(map[string]any)
	if data, ok := m["data"].(map[string]any); ok && strings.HasPrefix(path, "/interactions/") {
		m = data
	}
	return unstated(m)
}

// checkPath finds the operation and checks the body by its schema.
func checkPath(method, path string, body any) error {
	if openapi() == nil {
		return nil
	}
	for template, operations := range openapi().Paths {
		raw, ok := operations[strings.ToLower(method)]
		if !ok || !fitsTemplate(template, path) {
			continue
		}
		var op struct {
			Body struct {
				Content map[string]struct{ Schema map[string]any }
			} `json:"requestBody"`
		}
		if err := json.Unmarshal(raw, &op); err != nil {
			return err
		}
		schema := op.Body.Content["application/json"].Schema
		if schema == nil && body != nil {
			return errors.New("it has a body where none belongs")
		}
		if schema == nil {
			return nil
		}
		return check(schema, body, "body")
	}
	return errors.New("there is no such operation")
}

// fitsTemplate prefers fixed parts: @original is no message's number.
func fitsTemplate(template, path string) bool {
	t, p := strings.Split(template, "/"), strings.Split(path, "/")
	if len(t) != len(p) {
		return false
	}
	for i := range t {
		variable := strings.HasPrefix(t[i], "{")
		if !variable && t[i] != p[i] || variable && strings.HasPrefix(p[i], "@") {
			return false
		}
	}
	return true
}

// check knows as much of JSON Schema as the description uses.
func check(schema map[string]any, v any, at string) error {
	if ref, ok := schema["$ref"].(string); ok {
		named, _ := openapi().Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(map[string]any)
		return check(named, v, at)
	}
	if want, ok := schema["type"]; ok && !hasType(want, v) {
		return fmt.Errorf("%s is a %T, want %v", at, v, want)
	}
	if c, ok := schema["const"]; ok && !reflect.DeepEqual(c, v) {
		return fmt.Errorf("%s is %v, want %v", at, v, c)
	}
	if all, ok := schema["enum"].([]any); ok && !slices.ContainsFunc(all, func(e any) bool { return reflect.DeepEqual(e, v) }) {
		return fmt.Errorf("%s is %v, want one of %v", at, v, all)
	}
	if err := checkOne(schema, v, at); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		return checkText(schema, v, at)
	case float64:
		if low, ok := schema["minimum"].(float64); ok && v < low {
			return fmt.Errorf("%s is %v, want %v at least", at, v, low)
		}
		if high, ok := schema["maximum"].(float64); ok && v > high {
			return fmt.Errorf("%s is %v, want %v at most", at, v, high)
		}
	case []any:
		return checkList(schema, v, at)
	case map[string]any:
		return checkObject(schema, v, at)
	}
	return nil
}

// checkOne wants one of the alternatives to fit, and tells of what is wrong with
// the one that comes nearest: of the right kind.
func checkOne(schema map[string]any, v any, at string) error {
	for _, key := range []string{"oneOf", "anyOf"} {
		all, _ := schema[key].([]any)
		var nearest error
		fits := len(all) == 0
		for _, s := range all {
			err := check(s.(map[string]any), v, at)
			fits = fits || err == nil
			if err != nil && (nearest == nil || strings.Count(err.Error(), ".") > strings.Count(nearest.Error(), ".")) {
				nearest = err
			}
		}
		if !fits {
			return nearest
		}
	}
	return nil
}

func hasType(want, v any) bool {
	if many, ok := want.([]any); ok {
		return slices.ContainsFunc(many, func(w any) bool { return hasType(w, v) })
	}
	switch v := v.(type) {
	case nil:
		return want == "null"
	case string:
		return want == "string"
	case bool:
		return want == "boolean"
	case float64:
		return want == "number" || want == "integer" && v == math.Trunc(v)
	case []any:
		return want == "array"
	}
	return want == "object"
}

// patterns are those of the description, compiled.
var patterns sync.Map

func pattern(p string) *regexp.Regexp {
	if known, ok := patterns.Load(p); ok {
		return known.(*regexp.Regexp)
	}
	compiled := regexp.MustCompile(p)
	patterns.Store(p, compiled)
	return compiled
}

func checkText(schema map[string]any, s, at string) error {
	n := float64(utf8.RuneCountInString(s))
	if most, ok := schema["maxLength"].(float64); ok && n > most {
		return fmt.Errorf("%s has %v characters, want %v at most", at, n, most)
	}
	if least, ok := schema["minLength"].(float64); ok && n < least {
		return fmt.Errorf("%s has %v characters, want %v at least", at, n, least)
	}
	if p, ok := schema["pattern"].(string); ok && !pattern(p).MatchString(s) {
		return fmt.Errorf("%s is %q, which does not match %s", at, s, p)
	}
	return nil
}

func checkList(schema map[string]any, list []any, at string) error {
	n := float64(len(list))
	if most, ok := schema["maxItems"].(float64); ok && n > most {
		return fmt.Errorf("%s has %v items, want %v at most", at, n, most)
	}
	if least, ok := schema["minItems"].(float64); ok && n < least {
		return fmt.Errorf("%s has %v items, want %v at least", at, n, least)
	}
	items, _ := schema["items"].(map[string]any)
	for i, v := range list {
		if err := check(items, v, fmt.Sprintf("%s.%d", at, i)); items != nil && err != nil {
			return err
		}
	}
	return nil
}

func checkObject(schema map[string]any, o map[string]any, at string) error {
	required, _ := schema["required"].([]any)
	for _, key := range required {
		if _, ok := o[key.(string)]; !ok {
			return fmt.Errorf("%s lacks %v", at, key)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for key, v := range o {
		s, known := properties[key].(map[string]any)
		if len(properties) > 0 && !known {
			return fmt.Errorf("%s has %q, which means nothing there", at, key)
		}
		if !known {
			s, known = schema["additionalProperties"].(map[string]any)
		}
		if known {
			if err := check(s, v, at+"."+key); err != nil {
				return err
			}
		}
	}
	return nil
}

// unstated are the rules for messages and forms that the description does not have.
func unstated(m map[string]any) error {
	if _, isForm := m["title"]; isForm && m["custom_id"] != nil {
		return formFits(m["components"].([]any))
	}
	if _, isMessage := m["allowed_mentions"]; !isMessage {
		return nil
	}
	if n := utf8.RuneCountInString(str(m, "content")); n > 2000 {
		return fmt.Errorf("the content has %d characters, want 2000 at most", n)
	}
	embeds, _ := m["embeds"].([]any)
	rows, _ := m["components"].([]any)
	if len(embeds) == 0 && str(m, "content") == "" {
		return errors.New("the message is empty")
	}
	total := 0
	for _, e := range embeds {
		n, err := embedSize(e.(map[string]any))
		if err != nil {
			return err
		}
		total += n
	}
	if total > 6000 {
		return fmt.Errorf("all embeds together have %d characters, want 6000 at most", total)
	}
	return rowsFit(rows)
}

func formFits(fields []any) error {
	if len(fields) > 5 {
		return fmt.Errorf("a form has %d fields, want 5 at most", len(fields))
	}
	ids := map[any]bool{}
	for _, f := range fields {
		f := f.(map[string]any)["component"].(map[string]any)
		if ids[f["custom_id"]] {
			return fmt.Errorf("the field %v is there twice", f["custom_id"])
		}
		ids[f["custom_id"]] = true
		chosen := 0.0
		options, _ := f["options"].([]any)
		for _, o := range options {
			if o.(map[string]any)["default"] == true {
				chosen++
			}
		}
		if most, ok := f["max_values"].(float64); ok && chosen > most || f["required"] == true && f["min_values"] == 0.0 {
			return fmt.Errorf("the menu %v begins with %v of %v options", f["custom_id"], chosen, most)
		}
	}
	return optionsOf(fields)
}

func optionsOf(fields []any) error {
	for _, f := range fields {
		if err := optionsFit(f.(map[string]any)["component"].(map[string]any)); err != nil {
			return err
		}
	}
	return nil
}

func embedSize(e map[string]any) (n int, err error) {
	for _, key := range []string{"title", "description"} {
		if v, ok := e[key]; ok && strings.TrimSpace(v.(string)) == "" {
			return 0, fmt.Errorf("an embed's %s is empty", key)
		}
		n += utf8.RuneCountInString(str(e, key))
	}
	for key, part := range map[string]string{"author": "name", "footer": "text"} {
		if o, ok := e[key].(map[string]any); ok {
			if strings.TrimSpace(str(o, part)) == "" {
				return 0, fmt.Errorf("an embed's %s is empty", key)
			}
			n += utf8.RuneCountInString(str(o, part))
		}
	}
	if n == 0 {
		err = errors.New("an embed is empty")
	}
	return n, err
}

func rowsFit(rows []any) error {
	if len(rows) > 5 {
		return fmt.Errorf("there are %d rows, want 5 at most", len(rows))
	}
	ids := map[string]bool{}
	for _, r := range rows {
		all := r.(map[string]any)["components"].([]any)
		for _, c := range all {
			c := c.(map[string]any)
			id, link := str(c, "custom_id"), str(c, "url")
			switch {
			case len(all) > 5 || c["type"] == float64(kindMenu) && len(all) > 1:
				return errors.New("a row has more in it than fits")
			case (id == "") == (link == ""):
				return fmt.Errorf("a component has the custom_id %q and the url %q", id, link)
			case id != "" && ids[id]:
				return fmt.Errorf("the custom_id %q is there twice", id)
			case c["type"] == float64(kindButton) && strings.TrimSpace(str(c, "label")) == "":
				return errors.New("a button has no label")
			}
			ids[id] = true
			if err := optionsFit(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func optionsFit(c map[string]any) error {
	values := map[string]bool{}
	options, _ := c["options"].([]any)
	for _, o := range options {
		v := str(o.(map[string]any), "value")
		if v == "" || values[v] || str(o.(map[string]any), "label") == "" {
			return fmt.Errorf("the option %q is empty or there twice", v)
		}
		values[v] = true
	}
	return nil
}
