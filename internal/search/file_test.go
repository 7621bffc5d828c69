package search

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"paperboy/internal/paper"
)

// saved is an index with several parts and dead papers, and its file's bytes.
func saved(t *testing.T) (ix *Index, path string, data []byte) {
	t.Helper()
	ix = New("test")
	ix.Put(samples(), 3)
	ix.Put([]paper.Paper{{ID: "a:moe", Title: "Zebra"}, {ID: "g:new", Title: "Okapi"}}, 42)
	path = filepath.Join(t.TempDir(), "index")
	if err := ix.Save(path); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return ix, path, data
}

func TestLoadGivesBackWhatWasSaved(t *testing.T) {
	ix, path, data := saved(t)
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if again.Len() != 7 || again.Upto() != 42 {
		t.Errorf("%d papers up to %d, want 7 up to 42", again.Len(), again.Upto())
	}
	for _, text := range typical {
		opts := Options{Limit: 10}
		if got, want := again.Search(Parse(text), opts), ix.Search(Parse(text), opts); !reflect.DeepEqual(got.Hits, want.Hits) {
			t.Errorf("%q finds %v after loading, %v before", text, got.Hits, want.Hits)
		}
	}
	if got := ids(again.Search(Parse("moe zebra okapi"), Options{Limit: 10})); got == "" {
		t.Error("nothing is found after loading")
	}
	if err := again.Save(path); err != nil {
		t.Fatal(err)
	}
	if twice, _ := os.ReadFile(path); !bytes.Equal(twice, data) {
		t.Error("saving what was loaded gives another file")
	}
	again.Put([]paper.Paper{{ID: "g:new", Title: "Quagga"}}, 43)
	if got := ids(again.Search(Parse("quagga OR okapi"), Options{Limit: 10})); got != "g" {
		t.Errorf("after loading and a change %q is found, want g", got)
	}
}

func TestLoadNoticesDamage(t *testing.T) {
	_, path, data := saved(t)
	check := func(what string, damaged []byte) {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if ix, err := Load(path); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s: Load gives %v, %v; want ErrDamaged", what, ix, err)
		}
	}
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 1 << (i % 8)
		check("a flipped bit", flipped)
	}
	for n := 0; n < len(data); n += 7 {
		check("a torn file", data[:n])
	}
	check("a longer file", append(bytes.Clone(data), 0))
	check("another format", []byte("SQLite format 3\x00"))
}

func TestLoadOfNothingSaysSo(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Load gives %v, want fs.ErrNotExist", err)
	}
}

func TestSaveLeavesNothingBehindWhenItFails(t *testing.T) {
	dir := t.TempDir()
	if err := New("test").Save(filepath.Join(dir, "missing", "index")); err == nil {
		t.Error("saving into a missing folder gives no error")
	}
	path := filepath.Join(dir, "index")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := New("test").Save(path); err == nil {
		t.Error("saving over a folder gives no error")
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%v remain, want the folder alone", left)
	}
}
