package paper

import (
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
)

// maxID is more than the longest DOIs, in bytes.
const maxID = 300

// archives that old arXiv ids begin with; the list is closed since April 2007.
const archives = `(?:acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|` +
	`cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|` +
	`patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con)`

// subject is the class that an old id may name, which is no part of it.
const subject = `(?:\.[A-Za-z-]{2,9})?`

// Identifier forms of https://info.arxiv.org/help/arxiv_identifier.html.
var (
	arxivNew = regexp.MustCompile(`^(\d{2})(0[1-9]|1[0-2])\.(\d{4,5})(?:v([1-9]\d{0,3}))?$`)
	arxivOld = regexp.MustCompile(`^(` + archives + `)` + subject +
		`/((?:(?:9[1-9]|0[0-6])(?:0[1-9]|1[0-2])|070[1-3])\d{3})(?:v([1-9]\d{0,3}))?$`)
)

// Forms of the other names, in lower case except OpenReview's.
var (
	doiForm = regexp.MustCompile(`^10\.[1-9]\d{3,8}(?:\.\d+)*/[!#$'-;<=>@\[\]_a-z~]+$`)
	// bioRxiv and medRxiv, under Cold Spring Harbor's prefix and since December
	// 2025 under their own; the version is no part of the registered DOI.
	doiVersion = regexp.MustCompile(`^(10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?\d{6,8})v([1-9]\d{0,3})(?:\.[a-z.+-]*)?$`)
	openReview = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	urlHash    = regexp.MustCompile(`^[0-9a-f]{24}$`)
	aclNew     = regexp.MustCompile(`^(\d{4}\.[a-z0-9_-]+-[a-z0-9_]+\.\d+)(?:v([1-9]\d{0,3}))?(?:\.[a-z]+)?$`)
	aclOld     = regexp.MustCompile(`^([a-z]\d\d-\d{4})(?:v([1-9]\d{0,3}))?(?:\.[a-z]+)?$`)
)

// newRef is the Ref of a value that follows a scheme, in its canonical form.
func newRef(scheme, value string) (Ref, bool) {
	if len(value) > maxID {
		return Ref{}, false
	}
	switch scheme {
	case SchemeArXiv:
		return ArXiv(value)
	case SchemeDOI:
		return parseDOI(value)
	case SchemeACL:
		return parseACL(value)
	case SchemeOpenReview:
		if openReview.MatchString(value) {
			return versioned(scheme, value, ""), true
		}
	case SchemeURL:
		if urlHash.MatchString(value) {
			return versioned(scheme, value, ""), true
		}
	}
	return Ref{}, false
}

func versioned(scheme, value, version string) Ref {
	n, _ := strconv.Atoi(version) // at most four digits, or none: 0
	return Ref{ID: ID(scheme + ":" + value), Version: n}
}

// ArXiv reads an identifier as arXiv itself writes it, in any case: "2401.08383v2",
// "math/0611800". The subject class of an old one, as in "math.CA/0611800", is
// no part of its ID. Numbers have four digits until 2014 and five since, so one
// that lost a zero on its way names nothing.
func ArXiv(s string) (Ref, bool) {
	s = strings.ToLower(s)
	if m := arxivNew.FindStringSubmatch(s); m != nil {
		month, number := m[1]+m[2], m[3]
		if month < "0704" || (len(number) == 5) != (month >= "1501") {
			return Ref{}, false
		}
		return versioned(SchemeArXiv, month+"."+number, m[4]), true
	}
	if m := arxivOld.FindStringSubmatch(s); m != nil {
		return versioned(SchemeArXiv, m[1]+"/"+m[2], m[3]), true
	}
	return Ref{}, false
}

// parseDOI reads a DOI, percent-encoded or not. DOIs are compared without
// regard to case (https://www.doi.org/doi-handbook/HTML/case-sensitivity.html).
// A bracket left open tells that the end was cut off: such a DOI names nothing.
func parseDOI(s string) (Ref, bool) {
	s = strings.ToLower(unescape(s))
	n, open := enclosed(s)
	s = strings.TrimRight(s[:n], ".,;:!?'*_~/")
	if open || !doiForm.MatchString(s) {
		return Ref{}, false
	}
	if id, ok := strings.CutPrefix(s, "10.48550/arxiv."); ok {
		return ArXiv(id)
	}
	if m := doiVersion.FindStringSubmatch(s); m != nil {
		return versioned(SchemeDOI, m[1], m[2]), true
	}
	return versioned(SchemeDOI, s, ""), true
}

// parseACL reads an id of the ACL Anthology, with or without a file's ending.
// Since 2020 ids are in lower case; older ones such as P18-1001 in upper case.
func parseACL(s string) (Ref, bool) {
	s = strings.ToLower(s)
	if m := aclNew.FindStringSubmatch(s); m != nil {
		return versioned(SchemeACL, m[1], m[2]), true
	}
	if m := aclOld.FindStringSubmatch(s); m != nil {
		return versioned(SchemeACL, strings.ToUpper(m[1]), m[2]), true
	}
	return Ref{}, false
}

// enclosed is how much of s comes before a bracket that s closes but did not
// open; open reports whether s leaves a bracket open.
func enclosed(s string) (n int, open bool) {
	var closers []byte
	for i := range len(s) {
		switch c := s[i]; c {
		case '(':
			closers = append(closers, ')')
		case '[', '{', '<':
			closers = append(closers, c+2) // where ASCII has their partners
		case ')', ']', '}', '>':
			if len(closers) == 0 || closers[len(closers)-1] != c {
				return i, len(closers) > 0
			}
			closers = closers[:len(closers)-1]
		}
	}
	return len(s), len(closers) > 0
}

// unescape undoes percent-encoding, also where a link was encoded to be carried
// in a link; what is malformed stays as it is.
func unescape(s string) string {
	for range 3 {
		if !strings.Contains(s, "%") {
			break
		}
		s = escape.ReplaceAllStringFunc(s, func(e string) string {
			b, _ := hex.DecodeString(e[1:])
			return string(b)
		})
	}
	return s
}

var escape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
