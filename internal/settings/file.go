package settings

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// parse reads a settings file. Its keys are the names of flags, with - or _,
// and a table's name goes before the keys in it: [slack] bot-token is
// --slack-bot-token. All mistakes are reported at once, each with its line.
func parse(path, data string, all []*kong.Flag) (map[string]any, error) {
	var top map[string]toml.Primitive
	meta, err := toml.Decode(data, &top)
	if err != nil {
		return nil, syntaxError(path, err)
	}
	r := reader{meta: meta, flags: all, values: map[string]any{}}
	r.table(nil, top)
	if len(r.mistakes) == 0 {
		return r.values, nil
	}
	slices.SortFunc(r.mistakes, func(a, b toml.ParseError) int { return a.Position.Start - b.Position.Start })
	var errs []error
	for _, m := range r.mistakes {
		errs = append(errs, fmt.Errorf("%s line %d: %s", path, m.Position.Line, m.Message))
	}
	return nil, errors.Join(errs...)
}

// quoted is what TOML's messages repeat of the file: it may be a secret that
// lost its quotes.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']{2,}'`)

func syntaxError(path string, err error) error {
	e, ok := errors.AsType[toml.ParseError](err)
	if !ok {
		return fmt.Errorf("%s is not TOML", path)
	}
	return fmt.Errorf("%s line %d is not TOML (text is written key = \"text\"): %s",
		path, e.Position.Line, quoted.ReplaceAllString(e.Message, "…"))
}

// reader walks the tables of one file.
type reader struct {
	meta     toml.MetaData
	flags    []*kong.Flag
	values   map[string]any
	mistakes []toml.ParseError
}

func (r *reader) table(path toml.Key, entries map[string]toml.Primitive) {
	for key, entry := range entries {
		at := append(slices.Clone(path), key)
		// A table that is only named on the way, as a is in a.b = 1, has no type.
		if kind := r.meta.Type(at...); kind == "Hash" || kind == "" {
			var inner map[string]toml.Primitive
			r.note(r.meta.PrimitiveDecode(entry, &inner))
			r.table(at, inner)
			continue
		}
		r.note(r.meta.PrimitiveDecode(entry, &leaf{r, at}))
	}
}

// note keeps a mistake, to which PrimitiveDecode has added its line.
func (r *reader) note(err error) {
	if e, ok := errors.AsType[toml.ParseError](err); ok {
		r.mistakes = append(r.mistakes, e)
	}
}

// leaf is one key with a value. It is a toml.Unmarshaler because that is the
// way to learn the line of a key.
type leaf struct {
	*reader
	key toml.Key
}

// UnmarshalTOML keeps the value if there is a flag for it.
func (l *leaf) UnmarshalTOML(value any) error {
	name := flagName(l.key...)
	i := slices.IndexFunc(l.flags, func(f *kong.Flag) bool { return f.Name == name && !isConfig(f) })
	if i < 0 {
		return l.unknown(name)
	}
	if _, twice := l.values[name]; twice {
		return fmt.Errorf("%s is set twice", l.key)
	}
	if err := fits(l.flags[i], value); err != nil {
		return fmt.Errorf("%s %w", l.key, err)
	}
	if err := try(l.flags[i], value); err != nil {
		return fmt.Errorf("the value of %s is no good: %w", l.key, err)
	}
	l.values[name] = value
	return nil
}

// flagName is the flag that a key stands for.
func flagName(key ...string) string {
	return strings.ReplaceAll(strings.Join(key, "-"), "_", "-")
}

// unknown suggests the setting whose name is the most like name, written the
// way the key is.
func (l *leaf) unknown(name string) error {
	var names []string
	for _, f := range l.flags {
		if !isConfig(f) {
			names = append(names, f.Name)
		}
	}
	near := nearest(name, names)
	if near == "" {
		return fmt.Errorf("%s is not a setting", l.key)
	}
	table := l.key[:len(l.key)-1]
	if rest, ok := strings.CutPrefix(near, flagName(table...)+"-"); ok {
		near = append(slices.Clone(table), rest).String()
	}
	return fmt.Errorf("%s is not a setting; did you mean %s?", l.key, near)
}

// fits reports whether a value has the type that the flag takes. kong alone
// would round 2.5 for a whole number and take 30 for so many nanoseconds.
func fits(flag *kong.Flag, value any) error {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	} else if !flag.IsSlice() {
		return errors.New("takes one value, not a list")
	}
	t := flag.Target.Type()
	if flag.IsSlice() {
		t = t.Elem()
	}
	for _, v := range list {
		if want := takes(t); !slices.Contains(want, nameOf(v)) {
			return fmt.Errorf("takes %s, not %s", want[0], nameOf(v))
		}
	}
	return nil
}

// takes lists what TOML may have for a Go type, the best name first. Types that
// read text, durations among them, are numbers only inside.
func takes(t reflect.Type) []string {
	text := reflect.TypeFor[encoding.TextUnmarshaler]()
	if t == reflect.TypeFor[time.Duration]() || t.Implements(text) || reflect.PointerTo(t).Implements(text) {
		return []string{"text"}
	}
	switch k := t.Kind(); {
	case k == reflect.Bool:
		return []string{"true or false"}
	case reflect.Int <= k && k <= reflect.Uint64:
		return []string{"a whole number"}
	case k == reflect.Float32 || k == reflect.Float64:
		return []string{"a number", "a whole number"}
	}
	return []string{"text"}
}

// nameOf is what people call the type of a TOML value.
func nameOf(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number"
	case time.Time:
		return "a date"
	case []any:
		return "a list"
	}
	return "a table"
}
