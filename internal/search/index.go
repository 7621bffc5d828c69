package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"paperboy/internal/paper"
)

// Index is the searchable form of the papers. It is derived data, which can be
// rebuilt from the store at any time. Any number of goroutines may search while
// others put papers in; a search sees the papers of one moment.
type Index struct {
	dir  string // where it is kept; "" for memory only
	feed string
	lock *os.File // held by the one process that writes to dir

	now     atomic.Pointer[snapshot]
	writing sync.Mutex // guards changes of now, and saved
	saved   int64      // how far the index on disk reaches
	merging sync.Mutex // held by who merges or saves, one after the other
	files   int        // numbers given to files; guarded by merging
	wake    chan struct{}
	broken  atomic.Bool // a segment turned out to be damaged

	spelling spelling
}

// snapshot is the papers at one moment. It never changes.
type snapshot struct {
	parts []part
	live  int   // papers
	upto  int64 // see Put
}

func newSnapshot(parts []part, upto int64) *snapshot {
	s := &snapshot{parts: parts, upto: upto}
	for i := range parts {
		s.live += parts[i].live()
	}
	return s
}

// New is an index in memory.
func New() *Index {
	ix := &Index{wake: make(chan struct{}, 1)}
	ix.now.Store(new(snapshot))
	return ix
}

// Open opens the index of a feed that is kept in a folder, and makes the folder
// if there is none. What is there and no whole index of that feed is begun anew;
// then problem says why. Where another process has the folder open, the index
// starts from what that has saved, and is not saved itself.
func Open(dir, feed string) (ix *Index, problem, err error) {
	ix = New()
	ix.dir, ix.feed = dir, feed
	if err := makeFolder(dir); err != nil {
		return nil, nil, fmt.Errorf("open search index: %w", err)
	}
	lock, mine, err := lockFile(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, nil, fmt.Errorf("open search index: %w", err)
	}
	ix.lock = lock
	m, problem := ix.load()
	if mine {
		ix.tidy(m)
	}
	return ix, problem, nil
}

// makeFolder makes the folder of an index, in the place of the file that earlier
// versions kept it in.
func makeFolder(dir string) error {
	if head, err := os.ReadFile(dir); err == nil && bytes.HasPrefix(head, []byte("paperboy search ")) {
		if err := os.Remove(dir); err != nil {
			return err
		}
	}
	return os.MkdirAll(dir, 0o700)
}

// load starts from what is kept in the folder, as the manifest says.
func (ix *Index) load() (m manifest, problem error) {
	m, err := readManifest(ix.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return manifest{}, nil
	case err != nil:
		return manifest{}, err
	case m.feed != ix.feed:
		return manifest{}, errors.New("it is of another feed")
	}
	parts, problem := m.open(ix.dir)
	for i := range parts {
		parts[i].damaged = ix.isBroken
	}
	if problem != nil { // what is missing is not known: all has to be put again
		m.upto = 0
	}
	ix.now.Store(newSnapshot(parts, m.upto))
	ix.saved = m.upto
	return m, problem
}

func readManifest(dir string) (manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return manifest{}, err
	}
	return parseManifest(data)
}

const segmentSuffix = ".seg"

// tidy removes the segments that m does not name.
func (ix *Index) tidy(m manifest) {
	for _, path := range matching(ix.dir, "[0-9]*"+segmentSuffix) {
		name := filepath.Base(path)
		if n, err := strconv.Atoi(strings.TrimSuffix(name, segmentSuffix)); err == nil {
			ix.files = max(ix.files, n) // numbers are not given twice
		}
		if !slices.ContainsFunc(m.files, func(f manifestFile) bool { return f.name == name }) {
			_ = os.Remove(path) // the next time will try again
		}
	}
}

func matching(dir, pattern string) []string {
	found, _ := filepath.Glob(filepath.Join(escaped(dir), pattern)) // fails only for a bad pattern
	return found
}

// escaped is a path that stands for itself in a pattern.
func escaped(path string) string {
	if filepath.Separator == '\\' {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// Close gives the folder free for another process. What was not saved is
// forgotten.
func (ix *Index) Close() error {
	if ix.lock == nil {
		return nil
	}
	return ix.lock.Close()
}

// Kept reports whether Flush saves the index.
func (ix *Index) Kept() bool { return ix.lock != nil }

// batch is how many papers are built at a time, which takes about 5 kB of memory
// for each.
const batch = 5000

// tooMany parts make searches slow: then Put waits for a merge.
const tooMany = 40

// Put adds papers, each in place of an earlier one with its ID; the last of
// several in one call counts. upto is how far in the store's sequence of changes
// the index now reaches; Upto gives it back, also after Flush and Open.
func (ix *Index) Put(papers []paper.Paper, upto int64) {
	many := len(papers) >= batch
	for len(papers) > batch {
		ix.put(build(papers[:batch]), ix.Upto())
		papers = papers[batch:]
	}
	ix.put(build(papers), upto) // at once, so that what is saved is whole
	if many {                   // nobody else may be merging
		ix.merge()
	}
	for len(ix.now.Load().parts) > tooMany && ix.merge() {
	}
	select {
	case ix.wake <- struct{}{}:
	default:
	}
}

func (ix *Index) put(fresh *segment, upto int64) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	old := ix.now.Load()
	parts := slices.Clone(old.parts)
	if fresh.size() > 0 {
		for i := range parts {
			parts[i] = parts[i].replacedBy(fresh)
		}
		parts = append(parts, newPart(fresh))
	}
	ix.now.Store(newSnapshot(parts, upto))
}

// Reset forgets all papers.
func (ix *Index) Reset() {
	ix.merging.Lock()
	defer ix.merging.Unlock()
	ix.writing.Lock()
	defer ix.writing.Unlock()
	ix.now.Store(new(snapshot))
	ix.saved = -1
}

// Upto is how far in the store's sequence of changes the index reaches.
func (ix *Index) Upto() int64 { return ix.now.Load().upto }

// Unsaved is how many changes of that sequence the index on disk lacks.
func (ix *Index) Unsaved() int64 {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	return ix.now.Load().upto - ix.saved
}

// Len is the number of papers.
func (ix *Index) Len() int { return ix.now.Load().live }

// quiet is how long nothing has come when an index is settled.
const quiet = time.Minute

// Tend merges parts as they pile up, until ctx ends, and settles the index when no
// papers have come for a while. Searches go on meanwhile.
func (ix *Index) Tend(ctx context.Context) {
	for {
		for ctx.Err() == nil && ix.mergeIf(ctx, crowd) {
		}
		select {
		case <-ctx.Done():
			return
		case <-ix.wake:
		case <-time.After(quiet):
			ix.Settle(ctx)
		}
	}
}

// Settle merges parts that need not be merged, but make searches faster if they are,
// until ctx ends.
func (ix *Index) Settle(ctx context.Context) {
	for ctx.Err() == nil && ix.mergeIf(ctx, settled) {
	}
}

// Flush saves the index in its folder, if it has one and anything is new.
func (ix *Index) Flush() error {
	if !ix.Kept() {
		return nil
	}
	ix.merging.Lock()
	defer ix.merging.Unlock()
	if ix.Unsaved() == 0 {
		return nil
	}
	return ix.save(context.Background(), nil)
}

// save writes what is in memory to a file, makes one of the files of crowd, and
// commits both. The caller holds merging.
func (ix *Index) save(ctx context.Context, crowd []part) error {
	s := ix.now.Load()
	m := manifest{feed: ix.feed, upto: s.upto}
	var fresh, crowded []part // papers may have died since crowd was chosen
	for _, p := range s.parts {
		switch {
		case p.file == "":
			fresh = append(fresh, p)
		case slices.ContainsFunc(crowd, func(q part) bool { return q.segment == p.segment }):
			crowded = append(crowded, p)
		default:
			m.files = append(m.files, manifestFile{p.file, p.deaths})
		}
	}
	for _, some := range [][]part{fresh, crowded} {
		if len(some) == 0 {
			continue
		}
		name, err := ix.mergeToFile(ctx, some)
		if err != nil {
			return err
		}
		m.files = append(m.files, manifestFile{name: name})
	}
	return ix.commit(m)
}

// commit makes m the index on disk.
func (ix *Index) commit(m manifest) error {
	if err := m.write(ix.dir); err != nil {
		return fmt.Errorf("save search index: %w", err)
	}
	ix.writing.Lock()
	ix.saved = m.upto
	ix.writing.Unlock()
	ix.tidy(m)
	return nil
}

const (
	// mergeAt is how many parts of about one size pile up before they become one.
	mergeAt = 8
	// mergeMost is how many papers a part has at most, so that merging takes
	// bounded memory and time; parts of half of it stay as they are.
	mergeMost = 1 << 20
	// toFile is how many papers in memory go to a file.
	toFile = 1 << 15
)

// merge does the most urgent piece of merging, and reports whether there was one.
func (ix *Index) merge() bool { return ix.mergeIf(context.Background(), crowd) }

// mergeIf merges the parts that choose takes from those in memory, or else on disk.
// It gives up what it writes when ctx ends.
func (ix *Index) mergeIf(ctx context.Context, choose func([]part) []part) bool {
	ix.merging.Lock()
	defer ix.merging.Unlock()
	parts := ix.now.Load().parts
	var memory, disk []part
	inMemory := 0
	for _, p := range parts {
		if p.file == "" {
			memory, inMemory = append(memory, p), inMemory+p.live()
		} else {
			disk = append(disk, p)
		}
	}
	if some := choose(memory); some != nil {
		g, renumber := merge(some, new(writer))
		ix.swap(some, newPart(g), renumber)
		return true
	}
	// What fails here is tried again, and told, by Flush.
	if some := choose(disk); ix.Kept() && (some != nil || inMemory >= toFile) {
		return ix.save(ctx, some) == nil
	}
	return false
}

// crowd is parts that are to become one: when mergeAt or more hold at least as
// many papers as the next larger one, or when a part is to a third dead. So there
// are about mergeAt + log2(papers) parts at most, and a paper is copied a few
// times in its life.
func crowd(parts []part) []part { return together(parts, mergeAt, 1) }

// settled is what crowd is for an index to which nothing is added: two parts are
// many then, and one may be some times as large as the others.
func settled(parts []part) []part { return together(parts, 2, 4) }

// together is at least so many of parts, of which the largest is at most times as
// large as the others, or one that is to a third dead.
func together(parts []part, atLeast, times int) []part {
	parts = slices.DeleteFunc(slices.Clone(parts), func(p part) bool { return p.live() > mergeMost/2 && 3*len(p.deaths) < p.size() })
	slices.SortStableFunc(parts, func(a, b part) int { return a.live() - b.live() })
	smaller, upto := 0, 0 // papers in parts before this one, parts to merge
	for i := range parts {
		size := parts[i].live()
		if smaller+size > mergeMost {
			break
		}
		if i+1 >= atLeast && size <= times*smaller {
			upto = i + 1
		}
		smaller += size
	}
	if upto > 0 {
		return parts[:upto]
	}
	i := slices.IndexFunc(parts, func(p part) bool { return 3*len(p.deaths) >= p.size() && len(p.deaths) > 0 })
	if i < 0 {
		return nil
	}
	return parts[i : i+1]
}

// mergeToFile makes one part of some, in a file, and returns its name.
func (ix *Index) mergeToFile(ctx context.Context, some []part) (name string, err error) {
	ix.files++
	name = fmt.Sprintf("%06d%s", ix.files, segmentSuffix)
	path := filepath.Join(ix.dir, name)
	renumber, err := writeSegment(ctx, path, some)
	if err != nil {
		return "", fmt.Errorf("save search index: %w", err)
	}
	g, err := openSegment(path)
	if err != nil {
		return "", err
	}
	g.damaged = ix.isBroken
	p := newPart(g)
	p.file = name
	ix.swap(some, p, renumber)
	return name, nil
}

// swap puts merged in the place of some. Papers that were replaced meanwhile die
// in it as well.
func (ix *Index) swap(some []part, merged part, renumber [][]uint32) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	old := ix.now.Load()
	var parts []part
	for _, p := range old.parts {
		i := slices.IndexFunc(some, func(q part) bool { return q.segment == p.segment })
		if i < 0 {
			parts = append(parts, p)
			continue
		}
		for _, doc := range p.deaths[len(some[i].deaths):] {
			merged.kill(renumber[i][doc])
		}
	}
	if merged.size() > 0 {
		parts = append(parts, merged)
	}
	ix.now.Store(newSnapshot(parts, old.upto))
}

// isBroken is told when postings turn out to be damaged.
func (ix *Index) isBroken() {
	ix.broken.Store(true)
	select {
	case ix.wake <- struct{}{}:
	default:
	}
}

// Mend gives up segments that turned out to be damaged, and reports whether there
// are any. The index then reaches nowhere and has to be fed anew, while it answers
// with what is left. It is for whoever calls Put, between two calls.
func (ix *Index) Mend() bool {
	if !ix.broken.CompareAndSwap(true, false) {
		return false
	}
	ix.merging.Lock()
	defer ix.merging.Unlock()
	ix.writing.Lock()
	defer ix.writing.Unlock()
	old := ix.now.Load()
	var parts []part
	for _, p := range old.parts {
		if p.check() == nil {
			parts = append(parts, p)
		}
	}
	ix.now.Store(newSnapshot(parts, 0))
	ix.saved = -1
	return true
}

// Stats are what an index consists of.
type Stats struct {
	Papers, Dead int   // Dead are replaced papers that still take room
	Upto         int64 // see Put
	Bytes        int64 // in files
	Memory       int64 // of what is not in a file yet
	Segments     []SegmentStats
}

// SegmentStats are about one segment.
type SegmentStats struct {
	File         string // "" for one in memory
	Papers, Dead int
	Bytes        int64
}

// Stats describes the index at this moment.
func (ix *Index) Stats() Stats {
	s := ix.now.Load()
	st := Stats{Papers: s.live, Upto: s.upto}
	for i := range s.parts {
		p := &s.parts[i]
		one := SegmentStats{File: p.file, Papers: p.live(), Dead: len(p.deaths)}
		for _, section := range p.sections() {
			one.Bytes += int64(len(*section))
		}
		if p.file == "" {
			st.Memory += one.Bytes
		} else {
			st.Bytes += one.Bytes
		}
		st.Dead += one.Dead
		st.Segments = append(st.Segments, one)
	}
	return st
}

// Check reads all of an index that is kept in dir and returns its Stats, or
// ErrDamaged.
func Check(dir string) (Stats, error) {
	m, err := readManifest(dir)
	if err != nil {
		return Stats{}, fmt.Errorf("check search index: %w", err)
	}
	parts, problem := m.open(dir)
	ix := New()
	ix.now.Store(newSnapshot(parts, m.upto))
	if problem != nil {
		return ix.Stats(), fmt.Errorf("check search index: %w", problem)
	}
	for i := range parts {
		if err := parts[i].check(); err != nil {
			return ix.Stats(), fmt.Errorf("check search index %s: %w", parts[i].file, err)
		}
	}
	return ix.Stats(), nil
}
