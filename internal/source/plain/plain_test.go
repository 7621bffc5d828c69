package plain

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParagraphs(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"Plain words.", "Plain words."},
		{"p<0.05 and a < b, c>d", "p<0.05 and a < b, c>d"},
		{"AT&amp;T &lt;3 &#8217;", "AT&T <3 ’"},
		{"<p>One <b>bold</b> claim.</p>\n<p>CO<sub>2</sub> &amp; more</p>", "One bold claim.\n\nCO2 & more"},
		{"one<br/>two<br><br>three", "one two\n\nthree"},
		{"<jats:title>Abstract</jats:title><jats:p>We show <jats:italic>x</jats:italic>.</jats:p>", "Abstract\n\nWe show x."},
		{"a</p><script>alert(1)</script><style>p{}</style>b", "a\n\nb"},
		{`<a href="javascript:alert(1)">click</a>`, "click"},
		{"<p>&lt;script&gt; is a word here</p>", "<script> is a word here"},
	}
	for _, tt := range tests {
		if got := Paragraphs(tt.in, 1000); got != tt.want {
			t.Errorf("Paragraphs(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestLineStaysWithinItsLimit(t *testing.T) {
	for _, in := range []string{strings.Repeat("<p>é</p>", 1<<20), strings.Repeat("&amp;", 1000), "\xff\xfe\x00<b>x</b>" + strings.Repeat("ß", 1000)} {
		if got := Line(in, 100); len(got) > 100 || !utf8.ValidString(got) || strings.ContainsAny(got, "\n\x00") || got == "" {
			t.Errorf("Line(%.20q…, 100) = %q", in, got)
		}
	}
}
