package search

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"testing"
	"time"

	"paperboy/internal/paper"
)

// change is the papers of the n-th change: always the same ones.
func change(n int64) (some []paper.Paper) {
	r := rand.New(rand.NewPCG(uint64(n), 9))
	for range 1 + r.IntN(300) {
		some = append(some, somePaper(r, 3000))
	}
	return some
}

// TestMain lets the test binary be the process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("PAPERBOY_TEST_KILLED"); dir != "" {
		if err := putForever(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// putForever puts change after change, saves and merges without pause, and prints
// what is safe.
func putForever(dir string) error {
	ix, problem, err := Open(dir, "test")
	if err != nil || problem != nil {
		return fmt.Errorf("open: %v, %v", err, problem)
	}
	go ix.Tend(context.Background())
	for {
		n := ix.Upto() + 1
		ix.Put(change(n), n)
		if n%2 == 0 {
			if err := ix.Flush(); err != nil {
				return err
			}
			fmt.Println(n)
		}
	}
}

// A process killed at any moment leaves an index that is whole and has all that
// was saved.
func TestKilledAtAnyMomentNothingIsLost(t *testing.T) {
	dir := t.TempDir()
	safe := int64(0)
	for round := range 8 {
		safe = max(safe, runAndKill(t, dir, time.Duration(round*7)*time.Millisecond))
		ix, problem, err := Open(dir, "test")
		if err != nil || problem != nil {
			t.Fatalf("round %d: %v, %v", round, err, problem)
		}
		if ix.Upto() < safe {
			t.Fatalf("round %d: the index reaches up to %d, but %d was saved", round, ix.Upto(), safe)
		}
		sameAsPut(t, ix)
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if safe < 20 {
		t.Errorf("only %d changes were saved in all rounds", safe)
	}
}

// runAndKill lets a process save a few times and kills it a moment later. It
// returns the last change that the process said was saved.
func runAndKill(t *testing.T, dir string, after time.Duration) (safe int64) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "PAPERBOY_TEST_KILLED="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		if safe, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
	}
	cmd.Wait() // it was killed
	return safe
}

// sameAsPut compares ix with an index that was given the same changes at once.
func sameAsPut(t *testing.T, ix *Index) {
	want := New()
	for n := int64(1); n <= ix.Upto(); n++ {
		want.Put(change(n), n)
	}
	if ix.Len() != want.Len() {
		t.Fatalf("%d papers, want %d", ix.Len(), want.Len())
	}
	for _, text := range someQueries {
		opts := Options{Limit: 20}
		if a, b := ix.Search(Parse(text), opts), want.Search(Parse(text), opts); !reflect.DeepEqual(a.Hits, b.Hits) {
			t.Fatalf("%q finds %v, want %v", text, a.Hits, b.Hits)
		}
	}
}

// Papers that are replaced after a merge has chosen its files stay replaced when
// the index is opened again.
func TestReplacedWhileFilesAreChosenForAMerge(t *testing.T) {
	dir := t.TempDir()
	ix, _, err := Open(dir, "test")
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(1); n <= 2; n++ {
		ix.Put(change(n), n)
		if err := ix.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	chosen := ix.now.Load().parts
	ix.Put(change(1), 3)
	ix.merging.Lock()
	err = ix.save(t.Context(), chosen)
	ix.merging.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	want := ix.Len()
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	again, problem, err := Open(dir, "test")
	if err != nil || problem != nil {
		t.Fatal(err, problem)
	}
	defer again.Close()
	if again.Len() != want {
		t.Errorf("%d papers after opening again, want %d", again.Len(), want)
	}
}

// A merge that has to stop leaves the index as it was.
func TestStoppedMergeChangesNothing(t *testing.T) {
	ix, _, err := Open(t.TempDir(), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	for n := int64(1); n <= 3; n++ {
		ix.Put(change(n), n)
		if err := ix.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	before := ix.Stats()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := ix.save(ctx, ix.now.Load().parts); !errors.Is(err, context.Canceled) {
		t.Errorf("a merge that has to stop says %v", err)
	}
	if after := ix.Stats(); !reflect.DeepEqual(after, before) {
		t.Errorf("a merge that had to stop makes %+v of %+v", after, before)
	}
	if left := matching(ix.dir, "*"); len(left) != 5 { // three segments, the manifest and the lock
		t.Errorf("the folder has %v", left)
	}
	sameAsPut(t, ix)
}
