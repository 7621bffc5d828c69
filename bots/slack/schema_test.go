package slack

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// published is where Slack's own payloads and limits are, beside the checkout.
var published = sync.OnceValue(func() string {
	for _, dir := range []string{os.Getenv("PAPERBOY_TEST_SLACK"), "/work/shared/data/slack", filepath.Join("..", "..", "..", "shared", "data", "slack")} {
		if _, err := os.Stat(filepath.Join(dir, "web-api.limits.schema.json.gz")); dir != "" && err == nil {
			return dir
		}
	}
	return ""
})

// needPublished skips a test where Slack's published files are not at hand.
func needPublished(t *testing.T) string {
	t.Helper()
	if published() == "" {
		t.Skip("Slack's published payloads and limits are not here; PAPERBOY_TEST_SLACK says where they are")
	}
	return published()
}

// definitions are JSON Schemas of the arguments of Web API methods, with their
// documented limits; nil where they are not at hand.
var definitions = sync.OnceValue(func() map[string]any {
	if published() == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(published(), "web-api.limits.schema.json.gz"))
	if err != nil {
		panic(err)
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		panic(err)
	}
	var schema struct{ Definitions map[string]any }
	if err := json.NewDecoder(r).Decode(&schema); err != nil {
		panic(err)
	}
	return schema.Definitions
})

// checkCall is what is wrong with a call of a Web API method.
func checkCall(method string, args map[string]any) error {
	var b strings.Builder
	for _, part := range strings.Split(method, ".") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return checkAs(b.String()+"Arguments", args)
}

// checkAs is what is wrong with v as a definition.
func checkAs(name string, v any) error {
	if definitions() == nil {
		return nil
	}
	if definitions()[name] == nil {
		return nil // apps.connections.open and its like have no arguments
	}
	if err := check(map[string]any{"$ref": "#/definitions/" + name}, v, name); err != nil {
		return err
	}
	return duplicates(v)
}

// duplicates finds block_ids and action_ids that are not unique, which no schema
// can say.
func duplicates(v any) error {
	blocks := map[string]bool{}
	args, _ := v.(map[string]any)
	if view, ok := args["view"].(map[string]any); ok {
		args = view
	}
	list, _ := args["blocks"].([]any)
	for _, b := range list {
		block := b.(map[string]any)
		if id, _ := block["block_id"].(string); id != "" {
			if blocks[id] {
				return fmt.Errorf("the block_id %q is there twice", id)
			}
			blocks[id] = true
		}
		actions := map[string]bool{}
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			id, _ := e.(map[string]any)["action_id"].(string)
			if id != "" && actions[id] {
				return fmt.Errorf("the action_id %q is in one block twice", id)
			}
			actions[id] = true
		}
	}
	return nil
}

// check is checkIn for the Web API's definitions.
func check(schema map[string]any, v any, at string) error {
	return checkIn(definitions(), schema, v, at)
}

// checkIn knows as much of JSON Schema as the published files use.
func checkIn(of, schema map[string]any, v any, at string) error {
	if ref, ok := schema["$ref"].(string); ok {
		named, known := of[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
		if !known { // of a type that the file does not have
			return nil
		}
		return checkIn(of, named, v, at)
	}
	if otherType(schema, v) {
		return errOtherType
	}
	if c, ok := schema["const"]; ok && !reflect.DeepEqual(c, v) {
		return fmt.Errorf("%s is %v, want %v", at, v, c)
	}
	if all, ok := schema["enum"].([]any); ok && !slices.ContainsFunc(all, func(e any) bool { return reflect.DeepEqual(e, v) }) {
		return fmt.Errorf("%s is %v, want one of %v", at, v, all)
	}
	for _, s := range list(schema["allOf"]) {
		if err := checkIn(of, s, v, at); err != nil {
			return err
		}
	}
	if err := checkAny(of, list(schema["anyOf"]), v, at); err != nil {
		return err
	}
	if not, ok := schema["not"].(map[string]any); ok && len(not) > 0 && checkIn(of, not, v, at) == nil {
		return fmt.Errorf("%s is what it must not be", at)
	}
	if !hasType(schema["type"], v) {
		return fmt.Errorf("%s is a %T, want a %v", at, v, schema["type"])
	}
	switch v := v.(type) {
	case string:
		return checkText(schema, v, at)
	case []any:
		return checkList(of, schema, v, at)
	case map[string]any:
		return checkObject(of, schema, v, at)
	}
	return nil
}

func list(v any) (schemas []map[string]any) {
	all, _ := v.([]any)
	for _, s := range all {
		schemas = append(schemas, s.(map[string]any))
	}
	return schemas
}

var errOtherType = errors.New("it is of another type")

// otherType tells at once the alternatives that v is none of.
func otherType(schema map[string]any, v any) bool {
	object, ok := v.(map[string]any)
	properties, _ := schema["properties"].(map[string]any)
	kind, _ := properties["type"].(map[string]any)
	return ok && kind["const"] != nil && object["type"] != nil && kind["const"] != object["type"]
}

// checkAny tells of the alternative that comes nearest: the one whose type is
// right.
func checkAny(of map[string]any, schemas []map[string]any, v any, at string) error {
	var nearest error
	for _, s := range schemas {
		err := checkIn(of, s, v, at)
		if err == nil {
			return nil
		}
		if nearest == nil || nearest == errOtherType {
			nearest = err
		}
	}
	return nearest
}

func hasType(want, v any) bool {
	if many, ok := want.([]any); ok {
		return slices.ContainsFunc(many, func(w any) bool { return hasType(w, v) })
	}
	ok := true
	switch want {
	case "string":
		_, ok = v.(string)
	case "number", "integer":
		_, ok = v.(float64)
	case "boolean":
		_, ok = v.(bool)
	case "array":
		_, ok = v.([]any)
	case "object":
		_, ok = v.(map[string]any)
	}
	return ok
}

func limit(schema map[string]any, key string, without int) int {
	if n, ok := schema[key].(float64); ok {
		return int(n)
	}
	return without
}

func checkText(schema map[string]any, v, at string) error {
	n := utf8.RuneCountInString(v)
	if n > limit(schema, "maxLength", n) || n < limit(schema, "minLength", 0) {
		return fmt.Errorf("%s has %d characters: %.60q…", at, n, v)
	}
	return nil
}

func checkList(of, schema map[string]any, v []any, at string) error {
	if len(v) > limit(schema, "maxItems", len(v)) || len(v) < limit(schema, "minItems", 0) {
		return fmt.Errorf("%s has %d items", at, len(v))
	}
	items, ok := schema["items"].(map[string]any)
	for i, item := range v {
		if !ok {
			break
		}
		if err := checkIn(of, items, item, fmt.Sprintf("%s[%d]", at, i)); err != nil {
			return err
		}
	}
	return nil
}

func checkObject(of, schema map[string]any, v map[string]any, at string) error {
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			return fmt.Errorf("%s lacks %s", at, name)
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, item := range v {
		s, known := properties[name].(map[string]any)
		others, open := schema["additionalProperties"].(map[string]any)
		switch {
		case known:
		case open:
			s = others
		case schema["additionalProperties"] == false:
			return fmt.Errorf("%s has %s, which is unknown", at, name)
		default:
			continue
		}
		if err := checkIn(of, s, item, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

// formArgs are the arguments of a call that was made as a form, whose values are
// texts: JSON where Slack wants more than that.
func formArgs(form url.Values) map[string]any {
	args := map[string]any{}
	for name, values := range form {
		v := values[0]
		var decoded any
		switch name {
		case "blocks", "unfurls", "metadata", "view", "attachments":
			if json.Unmarshal([]byte(v), &decoded) != nil {
				decoded = v
			}
		case "unfurl_links", "unfurl_media", "include_all_metadata", "exclude_archived", "return_im", "prevent_creation", "include_locale", "include_num_members":
			if b, err := strconv.ParseBool(v); err == nil {
				decoded = b
			}
		case "limit":
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				decoded = n
			}
		default:
			decoded = v
		}
		args[name] = decoded
	}
	return args
}
