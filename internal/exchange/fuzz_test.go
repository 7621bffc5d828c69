package exchange

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"paperboy/internal/paper"
)

// check says what holds for whatever is read.
func check(t *testing.T, data []byte, format Format) {
	last := 0
	for rec := range Read(bytes.NewReader(data), format) {
		p := rec.Paper
		switch {
		case rec.Line < 1 || rec.Line < last:
			t.Errorf("line %d comes after line %d", rec.Line, last)
		case rec.Err != nil && p.ID != "":
			t.Errorf("line %d: both a paper (%s) and an error: %v", rec.Line, p.ID, rec.Err)
		case rec.Err == nil && p.ID == "":
			t.Errorf("line %d: neither a paper nor an error", rec.Line)
		case rec.Err != nil && (len(rec.Err.Error()) > 1000 || !utf8.ValidString(rec.Err.Error())):
			t.Errorf("line %d: an error that cannot be shown: %.2000q", rec.Line, rec.Err)
		case len(p.Title) > paper.MaxTitle || !utf8.ValidString(p.Title):
			t.Errorf("line %d: a title that is not clean: %.3000q", rec.Line, p.Title)
		}
		last = rec.Line
	}
}

func FuzzReadJSONL(f *testing.F) {
	f.Add([]byte(goodLines))
	f.Add([]byte(`{"id":"arxiv:2401.00010","authors":"A, B","sightings":[{"source":"a","day":"2024-01-01"}],"published":"2024-01-01"}`))
	f.Add([]byte("{\"id\":\"704.052\",\"title\":\"\\ud800\xff\",\"upvotes\":1e3}\n[[[[\n\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, FormatJSONL) })
}

func FuzzReadBibTeX(f *testing.F) {
	f.Add([]byte("@misc{k, title={T \\'{e} $x$}, doi=\"10.1000/x\" # jan, author={A, B and C}}\n@string(a = {b})"))
	f.Add([]byte("@misc{k,\n@misc{k}\n%\n@comment{@misc{k, eprint={2401.00010}, title={\\\\}}}"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, FormatBibTeX) })
}

func FuzzReadRIS(f *testing.F) {
	f.Add([]byte("TY  - JOUR\r\nTI  - T\r\nmore\r\nAU  - A, B\r\nDO  - 10.1000/x\r\nER  - \r\n"))
	f.Add([]byte("ER  -\nTY - \nPY  - 2024/13/45\nUR  - https://arxiv.org/abs/2401.00010\nTI - x"))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, data, FormatRIS) })
}

// FuzzEscapeTeX checks that a title cannot break out of its entry and comes back
// as it was, but for what TeX itself makes of dashes and quotes.
func FuzzEscapeTeX(f *testing.F) {
	for _, seed := range []string{`a & b`, `$x$ {`, `}{\`, `$5 and $10`, `\$`, `$a}$b{$`, "$ $", `$\$`, "$%$", "$$$x$", `{\}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = paper.Line(text, paper.MaxTitle)
		escaped := escapeTeX(text)
		if unpaired(escaped) {
			t.Errorf("escapeTeX(%q) = %q has braces without a partner", text, escaped)
		}
		got := paper.Line(decodeTeX(escaped, paper.MaxTitle), paper.MaxTitle)
		if want := paper.Line(asTeX(text), paper.MaxTitle); got != want && len(escaped) <= 4*paper.MaxTitle {
			t.Errorf("%q came back as %q, by way of %q", want, got, escaped)
		}
	})
}
