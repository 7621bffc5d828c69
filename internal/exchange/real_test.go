package exchange

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"paperboy/internal/paper"
)

// realFile opens a file of real data, which lies outside the project.
func realFile(tb testing.TB, name string) *os.File {
	tb.Helper()
	folder := os.Getenv("PAPERBOY_DATA")
	if folder == "" {
		folder = filepath.Join(moduleRoot(tb), "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(folder, name))
	if err != nil {
		tb.Skipf("the real data is not here (set PAPERBOY_DATA): %v", err)
	}
	tb.Cleanup(func() { f.Close() })
	return f
}

func moduleRoot(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
	}
	tb.Fatal("no go.mod above the test's folder")
	return ""
}

func TestReadRealFiles(t *testing.T) {
	tests := []struct {
		file                                   string
		papers, distinct, sightings, noAuthors int
	}{
		// 878 papers are in the file twice, one time with an id that lost its zeros.
		{"arxiv-100k.jsonl.gz", 100_749, 99_871, 100_749, 0},
		{"huggingface-daily.jsonl.gz", 11_896, 11_896, 10_790, 1_297},
	}
	for _, test := range tests {
		t.Run(test.file, func(t *testing.T) {
			if testing.Short() {
				t.Skip("takes seconds")
			}
			t.Parallel()
			var papers, sightings, noAuthors int
			distinct := map[paper.ID]bool{}
			for rec := range Read(realFile(t, test.file), FormatJSONL) {
				if rec.Err != nil {
					t.Fatalf("line %d: %v", rec.Line, rec.Err)
				}
				p := rec.Paper
				papers++
				distinct[p.ID] = true
				sightings += len(p.Sightings)
				if len(p.Authors) == 0 {
					noAuthors++
				}
				if p.ID.Scheme() != paper.SchemeArXiv || p.Title == "" || p.Abstract == "" {
					t.Fatalf("line %d: a paper without id, title or abstract: %+v", rec.Line, p)
				}
			}
			got := fmt.Sprint(papers, len(distinct), sightings, noAuthors)
			if want := fmt.Sprint(test.papers, test.distinct, test.sightings, test.noAuthors); got != want {
				t.Errorf("papers, distinct ones, sightings, papers without authors: got %s, want %s", got, want)
			}
		})
	}
}

// BenchmarkReadRealFile is an import without the database: unpack, decode and
// clean 100,749 papers.
func BenchmarkReadRealFile(b *testing.B) {
	f := realFile(b, "arxiv-100k.jsonl.gz")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			b.Fatal(err)
		}
		for rec := range Read(f, FormatJSONL) {
			if rec.Err != nil {
				b.Fatalf("line %d: %v", rec.Line, rec.Err)
			}
			n++
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "papers/s")
}
