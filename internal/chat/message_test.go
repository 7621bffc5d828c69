package chat

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full gives every field under v a value.
func full(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			full(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		full(v.Index(0)) // the other one stays empty
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		full(v.Elem())
	case reflect.String:
		v.SetString("<é> & \"\n")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Uint8:
		v.SetUint(uint64(Bold | Pre))
	default:
		panic("no value for " + v.Type().String())
	}
}

func TestMessageSurvivesBeingStored(t *testing.T) {
	var m Message
	full(reflect.ValueOf(&m).Elem())
	for _, m := range []Message{m, {}} {
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var got Message
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if diff := cmp.Diff(m, got); diff != "" {
			t.Errorf("stored as %s (-want +got):\n%s", b, diff)
		}
	}
}

func TestEmptyFieldsAreNotStored(t *testing.T) {
	b, err := json.Marshal(Message{Key: "k", Text: Plain("Picks"), Cards: []Card{{Number: 1}}})
	if want := `{"Key":"k","Text":[{"Text":"Picks"}],"Cards":[{"Number":1}]}`; string(b) != want || err != nil {
		t.Errorf("stored as %s, %v, want %s", b, err, want)
	}
}

func TestDirectPlaceLeadsToItsPerson(t *testing.T) {
	ann := Person{Platform: "p", Space: "s", ID: "ann"}
	if got, ok := Direct(ann).Person(); got != ann || !ok {
		t.Errorf("Direct(%v).Person() = %v, %t", ann, got, ok)
	}
	for _, channel := range []string{"general", "", "@"} {
		if got, ok := (Place{Platform: "p", Space: "s", Channel: channel}).Person(); ok {
			t.Errorf("the channel %q leads to the person %v, want nobody", channel, got)
		}
	}
}
