package exchange

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func gzipped(tb testing.TB, text string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		tb.Fatal(err)
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestDetect(t *testing.T) {
	tests := []struct {
		peek, name string
		want       Format
	}{
		{`{"id": 1}`, "papers.bib", FormatJSONL},
		{"\ufeff\n {", "", FormatJSONL},
		{"TY  - JOUR\r\n", "", FormatRIS},
		{"Exported by a program\nTY  - JOUR\n", "x.txt", FormatRIS},
		{"@article{k,", "-", FormatBibTeX},
		{"% my papers", "", FormatBibTeX},
		{"My papers\n  @Article{k,", "", FormatBibTeX},
		{string(gzipped(t, `{"id": 1}`)), "x", FormatJSONL},
		{string(gzipped(t, strings.Repeat("TY  - JOUR\n", 9999))[:60]), "x", FormatRIS},
		{"", "papers.bib.gz", FormatBibTeX},
		{"", "PAPERS.RIS", FormatRIS},
		{"", "papers.jsonl", FormatJSONL},
		{"<html>", "papers.html", ""},
		{"\x1f\x8b", "", ""},
		{"", "", ""},
	}
	for _, test := range tests {
		if got := Detect([]byte(test.peek), test.name); got != test.want {
			t.Errorf("Detect(%q, %q) = %q, want %q", test.peek, test.name, got, test.want)
		}
	}
}

const goodLines = `{"id": "2401.00010", "title": "One"}` + "\n" + `{"id": "2401.00011", "title": "Two"}` + "\n"

func TestReadUnpacks(t *testing.T) {
	records := slices.Collect(Read(bytes.NewReader(gzipped(t, "\ufeff"+goodLines)), FormatJSONL))
	if len(records) != 2 || records[0].Err != nil || records[1].Paper.Title != "Two" {
		t.Errorf("got %+v, want two papers", records)
	}
}

func TestReadTellsWhereACutFileStops(t *testing.T) {
	var long strings.Builder // too long for the cut to leave nothing at all
	for i := range 5000 {
		long.WriteString(strings.Replace(goodLines, "One", strings.Repeat(string(rune('a'+i%26)), 1+i%97), 1))
	}
	packed := gzipped(t, long.String())
	for _, format := range []Format{FormatJSONL, FormatBibTeX, FormatRIS} {
		records := slices.Collect(Read(bytes.NewReader(packed[:len(packed)/2]), format))
		last := records[len(records)-1]
		if !errors.Is(last.Err, ErrStopped) || last.Line < 2 || !strings.Contains(last.Err.Error(), "the file is cut off") {
			t.Errorf("%s: got line %d: %v, want that reading stopped further on", format, last.Line, last.Err)
		}
		for _, rec := range records[:len(records)-1] {
			if rec.Err != nil {
				t.Errorf("%s: got line %d: %v, want only the last record to be bad", format, rec.Line, rec.Err)
			}
		}
	}
}

func TestReadOfWhatIsNotPacked(t *testing.T) {
	for _, text := range []string{"\x1f\x8b", "\x1f\x8bgarbage and more of it"} {
		records := slices.Collect(Read(strings.NewReader(text), FormatJSONL))
		if len(records) != 1 || !errors.Is(records[0].Err, ErrStopped) {
			t.Errorf("got %v of %q, want that reading stopped", records, text)
		}
	}
}

func TestReadRefusesAFormatForWritingOnly(t *testing.T) {
	records := slices.Collect(Read(strings.NewReader("id,title\n"), FormatCSV))
	if len(records) != 1 || records[0].Err == nil {
		t.Errorf("got %v, want a refusal", records)
	}
}

func TestReadCanBeLeftAtAnyRecord(t *testing.T) {
	files := map[Format]string{
		FormatJSONL:  strings.Repeat(goodLines, 5) + "no\n" + strings.Repeat(goodLines, 2*batchLines),
		FormatBibTeX: "@misc{k, doi={10.1000/x}, title={T}}@misc{no}\n@misc{open,\n@misc{" + strings.Repeat("x", 5<<20) + "\n@misc{no}\n@misc{open,",
		FormatRIS:    "TY  - A\nTY  - B\nER  -\nTY  - C\n" + strings.Repeat("x", 5<<20) + "\nTY  - D\n",
	}
	for format, text := range files {
		all := slices.Collect(Read(strings.NewReader(text), format))
		if len(all) < 4 {
			t.Fatalf("%s: got %d records, want more to leave at", format, len(all))
		}
		for n := 1; n <= min(len(all), 12); n++ {
			var got []int
			for rec := range Read(strings.NewReader(text), format) {
				if got = append(got, rec.Line); len(got) == n {
					break
				}
			}
			if last := got[len(got)-1]; len(got) != n || last != all[n-1].Line {
				t.Fatalf("%s: left after %d records, the last in line %d, want line %d", format, len(got), last, all[n-1].Line)
			}
		}
	}
}

// endless repeats its text until left bytes were read, and watches how much of
// the heap is in use meanwhile.
type endless struct {
	text string
	left int
	peak uint64 // in use, in bytes
}

func (e *endless) Read(b []byte) (int, error) {
	const often = 8 << 20
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(b, e.text)
	if e.left/often != (e.left-n)/often {
		e.peak = max(e.peak, heapInUse())
	}
	e.left -= n
	return n, nil
}

func heapInUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestReadHoldsLittleOfHugeFiles(t *testing.T) {
	const huge, little = 32 << 20, 16 << 20
	words := strings.Repeat("words ", 50)
	tests := map[string]struct {
		format      Format
		first, more string
	}{
		"one line":               {FormatJSONL, "{", "["},
		"one line of BibTeX":     {FormatBibTeX, "", "@a{"},
		"an entry without end":   {FormatBibTeX, "@misc{k, title={", "one more line of the title " + words + "\n"},
		"a record without end":   {FormatRIS, "TY  - JOUR\n", "AB  - one more field " + words + "\n"},
		"a field without end":    {FormatRIS, "TY  - JOUR\nTI  - T\n", "one more line of the title " + words + "\n"},
		"lines before any entry": {FormatBibTeX, "", "one more line of nothing " + words + "\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			file := &endless{text: strings.Repeat(test.more, 32<<10/len(test.more)), left: huge}
			before := heapInUse()
			for rec := range Read(io.MultiReader(strings.NewReader(test.first), file), test.format) {
				if rec.Err == nil {
					t.Fatalf("line %d: got a paper of nonsense: %+v", rec.Line, rec.Paper)
				}
			}
			if file.peak > before+little {
				t.Errorf("%d MiB more were in use during %d MiB of input", (file.peak-before)>>20, huge>>20)
			}
		})
	}
}
