package search

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"paperboy/internal/paper"
)

// reopened opens a folder, which is closed at the end of the test.
func reopened(t *testing.T, dir string) (ix *Index, problem error) {
	t.Helper()
	ix, problem, err := Open(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix, problem
}

// saved is a closed index in a folder, of two files and with a dead paper.
func saved(t *testing.T) *Index {
	t.Helper()
	ix, _ := reopened(t, t.TempDir())
	ix.Put(samples(), 3)
	if err := ix.Flush(); err != nil {
		t.Fatal(err)
	}
	ix.Put([]paper.Paper{{ID: "a:moe", Title: "Zebra"}, {ID: "g:new", Title: "Okapi"}}, 42)
	if err := errors.Join(ix.Flush(), ix.Close()); err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestOpenGivesBackWhatWasSaved(t *testing.T) {
	ix := saved(t)
	again, problem := reopened(t, ix.dir)
	if again.Len() != 7 || again.Upto() != 42 || problem != nil {
		t.Errorf("%d papers up to %d, want 7 up to 42; %v", again.Len(), again.Upto(), problem)
	}
	for _, text := range append(typical, hardest...) {
		opts := Options{Limit: 10}
		if got, want := again.Search(Parse(text), opts), ix.Search(Parse(text), opts); !reflect.DeepEqual(got.Hits, want.Hits) {
			t.Errorf("%q finds %v after opening, %v before", text, got.Hits, want.Hits)
		}
	}
	again.Put([]paper.Paper{{ID: "g:new", Title: "Quagga"}}, 43)
	if got := ids(again.Search(Parse("quagga OR okapi"), Options{Limit: 10})); got != "g" {
		t.Errorf("after opening and a change %q is found, want g", got)
	}
	if st, err := Check(ix.dir); err != nil || st.Papers != 7 || st.Dead != 1 || len(st.Segments) != 2 {
		t.Errorf("Check gives %+v, %v", st, err)
	}
}

// damage calls try with the folder once for every way of damaging a file.
func damage(t *testing.T, dir string, try func(what, name string)) {
	paths := append(matching(dir, "*.seg"), filepath.Join(dir, manifestName))
	for _, path := range paths {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		with := func(what string, data []byte) {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			try(what, filepath.Base(path))
		}
		for i := 0; i < len(whole); i += 1 + len(whole)/80 {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << (i % 8)
			with("a flipped bit", flipped)
		}
		for n := 0; n < len(whole); n += 1 + len(whole)/25 {
			with("a torn file", whole[:n])
		}
		with("a longer file", append(bytes.Clone(whole), 0))
		with("another format", []byte("SQLite format 3\x00"))
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamageIsNoticed(t *testing.T) {
	dir := saved(t).dir
	damage(t, dir, func(what, name string) {
		if _, err := Check(dir); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s in %s: Check gives %v, want ErrDamaged", what, name, err)
		}
	})
	if _, err := Check(dir); err != nil {
		t.Errorf("Check of the whole index gives %v", err)
	}
}

// A damaged index answers with what is whole, asks to be fed anew, and is whole
// after that.
func TestADamagedIndexHeals(t *testing.T) {
	original := saved(t)
	dir := original.dir
	right := make(map[string]string)
	for _, text := range append(typical, hardest...) {
		right[text] = ids(original.Search(Parse(text), Options{Limit: 10}))
	}
	damage(t, dir, func(what, name string) {
		ix, problem, err := Open(dir, "test")
		if err != nil {
			t.Fatal(err)
		}
		defer ix.Close()
		ix.lock = nil // it must not save what the next try is to find
		for _, text := range append(typical, hardest...) {
			ix.Search(Parse(text), Options{Limit: 10})
		}
		if problem == nil && !ix.Mend() {
			if _, err := Check(dir); err == nil {
				t.Fatalf("%s in %s was not noticed", what, name)
			}
			return // nothing that anybody asked for
		}
		if ix.Upto() != 0 {
			t.Fatalf("%s in %s: the index reaches up to %d, want 0, to be fed anew", what, name, ix.Upto())
		}
		ix.Put(samples(), 3)
		ix.Put([]paper.Paper{{ID: "a:moe", Title: "Zebra"}, {ID: "g:new", Title: "Okapi"}}, 42)
		for text, want := range right {
			if got := ids(ix.Search(Parse(text), Options{Limit: 10})); got != want {
				t.Fatalf("%s in %s: healed, %q finds %q, want %q", what, name, text, got, want)
			}
		}
	})
}

func TestTwoProcessesShareAnIndex(t *testing.T) {
	dir := saved(t).dir
	first, _ := reopened(t, dir)
	second, problem := reopened(t, dir)
	if problem != nil || second.Kept() || second.Len() != 7 {
		t.Errorf("the second has %d papers, is kept: %t; %v", second.Len(), second.Kept(), problem)
	}
	second.Put([]paper.Paper{{ID: "h", Title: "Quagga"}}, 43)
	if err := second.Flush(); err != nil || ids(second.Search(Parse("quagga"), Options{Limit: 1})) != "h" {
		t.Errorf("the second does not find its own paper; %v", err)
	}
	if got := ids(first.Search(Parse("quagga"), Options{Limit: 1})); got != "" {
		t.Errorf("the first finds %q", got)
	}
}

func TestOpenSpoilsNobodysFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(path, "test"); err == nil {
		t.Error("a file of somebody else's passes for the folder of an index")
	}
	if got, _ := os.ReadFile(path); string(got) != "mine" {
		t.Errorf("the file has become %q", got)
	}
	if err := os.WriteFile(path, []byte("paperboy search 2\nold"), 0o600); err != nil {
		t.Fatal(err)
	}
	if ix, problem := reopened(t, path); problem != nil || !ix.Kept() {
		t.Errorf("in the place of an index of an earlier version: kept %t, %v", ix.Kept(), problem)
	}
}

// FuzzSegment gives the reader files that are not what was written, checksums
// included.
func FuzzSegment(f *testing.F) {
	var whole bytes.Buffer
	g := build(samples())
	whole.Write(g.posts)
	if err := g.writeRest(&whole, int64(len(g.posts))); err != nil {
		f.Fatal(err)
	}
	f.Add(whole.Bytes())
	f.Add([]byte(format))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := parseSegment(data)
		if err != nil {
			return
		}
		if g.check() == nil && !bytes.Equal(data, whole.Bytes()) {
			t.Fatal("a file that was never written passes for a segment")
		}
	})
}

func FuzzManifest(f *testing.F) {
	f.Add(manifest{feed: "x", upto: 7, files: []manifestFile{{"1.seg", []uint32{3, 1}}}}.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if m, err := parseManifest(data); err == nil && !bytes.Equal(m.bytes(), data) {
			t.Fatalf("%q is read as %+v", data, m)
		}
	})
}
