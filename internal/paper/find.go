package paper

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of FindIDs: far more than people write in a message.
const (
	MaxFindText = 100_000 // bytes; the rest is not looked at
	MaxFound    = 100     // papers
)

// FindIDs returns the papers that text names, in order of appearance, each once
// and with the highest version named. It knows arXiv ids, DOIs, the links of
// the sites table and our own "openreview:…" and "acl:…"; any other link names
// no paper.
//
// A bare number such as 2401.08383 counts only if it stands alone, its month is
// possible, and it is no amount of something: see standsAlone and amount.
func FindIDs(text string) []Ref {
	text = readable(opening(text))
	var found []Ref
	place := map[ID]int{}
	for i := 0; i < len(text); {
		refs, n := read(text, i)
		i += n
		for _, ref := range refs {
			at, again := place[ref.ID]
			switch {
			case again:
				found[at].Version = max(found[at].Version, ref.Version)
			case len(found) < MaxFound:
				place[ref.ID] = len(found)
				found = append(found, ref)
			}
		}
	}
	return found
}

// ParseID reads one ID in its stored form ("arxiv:2401.08383", "doi:10.…") or as
// a person would type it: a bare arXiv id, a DOI, a link. Any http or https link
// will do, since it was given on purpose; what is no paper we know another name
// for has SchemeURL.
func ParseID(s string) (Ref, bool) {
	if len(s) > MaxLink {
		return Ref{}, false
	}
	s = unwrapped(readable(s))
	if m := citation.FindStringSubmatch(s); m != nil {
		return ArXiv(m[1])
	}
	s = doiLabel.ReplaceAllString(s, "")
	if strings.ContainsFunc(s, unicode.IsSpace) {
		return Ref{}, false
	}
	if ref, ok := newRef(SchemeDOI, s); ok {
		return ref, true
	}
	scheme, value, _ := strings.Cut(s, ":")
	if ref, ok := newRef(strings.ToLower(scheme), value); ok {
		return ref, true
	}
	refs := fromLink(s)
	if refs == nil && carrier.MatchString(s) {
		refs = FindIDs(s)
	}
	switch len(refs) {
	case 0:
		return anyPage(s)
	case 1:
		return refs[0], true
	}
	return Ref{}, false // one link to a list of papers
}

var (
	// citation is an arXiv id as it stands in lists of references and on the
	// margin of a PDF: "arXiv preprint arXiv: 2301.11163v1 [cs.LG] 26 Jan 2023".
	citation = regexp.MustCompile(`(?i)^(?:arxiv\s+(?:e-?)?(?:pre)?prints?,?:?\s+)?(?:oai:)?(?:arxiv(?:\.org)?\s*[:：#/]?\s*)?` +
		`((?:` + archives + subject + `/)?\d[\d.]+(?:v\d+)?)(?:\.pdf)?(?:\s*\[[\w.-]+\])?(?:\s+\d{1,2} \w{3,9} \d{4})?$`)
	doiLabel = regexp.MustCompile(`(?i)^doi[\s:：=]+`)
)

// unwrapped is s without the brackets, quotes and full stops around it, and
// without a label: "<https://…|label>".
func unwrapped(s string) string {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	s, _, _ = strings.Cut(s, "|")
	if n, _ := enclosed(s); !strings.ContainsFunc(s[n:], unicode.IsLetter) {
		s = s[:n]
	}
	return strings.TrimRightFunc(s, func(r rune) bool {
		return strings.ContainsRune(".,;:!?'\"*`", r) || unicode.IsSpace(r) || r > unicode.MaxASCII && unicode.IsPunct(r)
	})
}

// opening is as much of text as FindIDs looks at, without a word cut in half
// unless that is longer than any link.
func opening(text string) string {
	if len(text) <= MaxFindText {
		return text
	}
	text = text[:MaxFindText]
	if i := strings.LastIndexAny(text, " \n\t,"); i > len(text)-MaxLink {
		return text[:i]
	}
	return text
}

// readable undoes what editors, chats and LaTeX do to ids.
func readable(s string) string {
	s = strings.Map(plainRune, strings.ToValidUTF8(s, "\uFFFD"))
	return sici.ReplaceAllStringFunc(unmarked.Replace(s), func(s string) string { return sealed.Replace(s) })
}

var (
	unmarked = strings.NewReplacer(`\_`, "_", "&amp;", "&", "&#x2F;", "/")
	// Some DOIs hold angle brackets, which else surround links: the SICI of
	// 10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O.
	sici   = regexp.MustCompile(`<[\w:.-]{3,40}>\d\.\d\.[A-Za-z]{2};\d(?:-[\w#])?`)
	sealed = strings.NewReplacer("<", "%3C", ">", "%3E", "#", "%23")
)

// plainRune drops what is unseen, such as zero-width spaces, and makes
// full-width digits and the hyphens of PDFs plain.
func plainRune(r rune) rune {
	switch {
	case r < 0x7f:
		return r
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r == '．':
		return '.'
	case r == '\u2010', r == '\u2011':
		return '-'
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// read reads what begins at text[i]: the papers it names and its length.
func read(text string, i int) ([]Ref, int) {
	n := wordLength(text[i:])
	if n == 0 { // a space, a bracket, a letter of another script
		_, size := utf8.DecodeRuneInString(text[i:])
		return nil, size
	}
	word := text[i : i+n]
	if !strings.ContainsAny(strings.TrimRight(word, ".:"), "./:%") {
		return nil, n // every name has one of these inside; most words have none
	}
	if beginsLink(word) {
		if refs := linkAt(text, i, i+n); refs != nil {
			return refs, n
		}
		return nil, n + restOfLink(text[i+n:]) // its parts are no names either
	}
	if k := knownHost(text, i, i+n); k >= 0 {
		return append(namesIn(text, i, i+k), linkAt(text, i+k, i+n)...), n
	}
	return namesIn(text, i, i+n), n
}

// wordLength is the length of the word that s begins with, in which a whole
// link or a whole DOI may stand: it ends at white space, at what is not ASCII,
// at quotes and at marks of emphasis, before another link, at a bracket that it
// did not open, and at a comma unless that belongs to a query.
func wordLength(s string) int {
	var closers []byte
	query := false
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c >= 0x7f, strings.IndexByte("<>\"'`|{}\\^*~", c) >= 0, c == ',' && !query:
			return i
		case c == '?':
			query = true
		case i > 0 && beginsLink(s[i:]):
			return i
		case c == '(' && i > 0:
			closers = append(closers, ')')
		case c == '[' && i > 0:
			closers = append(closers, ']')
		case c == '(', c == '[':
			return 0
		case c == ')', c == ']':
			if len(closers) == 0 || closers[len(closers)-1] != c {
				return i
			}
			closers = closers[:len(closers)-1]
		}
	}
	return len(s)
}

// beginsLink reports whether s begins with a link, plain or as it is carried in
// another one.
func beginsLink(s string) bool {
	return hasPrefixFold(s, "http") && linkStart.MatchString(s)
}

const linkScheme = `https?(?::|%(?:25){0,2}3a)(?:/|%(?:25){0,2}2f){2}`

var (
	linkStart = regexp.MustCompile(`(?i)^` + linkScheme)
	// carrier is a link that holds another one.
	carrier = regexp.MustCompile(`(?i)^https?://.*` + linkScheme)
)

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && s[0]|0x20 == prefix[0] && strings.EqualFold(s[:len(prefix)], prefix)
}

// restOfLink is how far a link goes on beyond its first comma or bracket.
func restOfLink(s string) int {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || beginsLink(s[i:]) {
			return i
		}
	}
	return len(s)
}

// linkAt is the papers that the link text[start:end] leads to. Chats and
// browsers shorten what they show with "…": then only a whole arXiv id is sure.
func linkAt(text string, start, end int) []Ref {
	link, trailing := text[start:end], ".,;:!?"
	if start > 0 && text[start-1] == '_' { // emphasis, or in https://urldefense.com/v3/__LINK__;…
		link, _, _ = strings.Cut(link, "__;")
		trailing += "_"
	}
	refs := fromLink(strings.TrimRight(link, trailing))
	if strings.HasPrefix(text[end:], "…") && len(refs) == 1 && refs[0].ID.Scheme() != SchemeArXiv {
		return nil
	}
	return refs
}

// aHost is a host with a path after it, and nothing before it that would make
// it part of a longer name or of a path.
var aHost = regexp.MustCompile(`(?i)(?:^|//|[^a-z0-9@./%-])((?:[a-z0-9-]+\.)+[a-z]{2,})\.?(?::\d+)?/`)

// knownHost is where in text[start:end] a link without "https://" begins that
// leads to a site of the table, else -1.
func knownHost(text string, start, end int) int {
	m := aHost.FindStringSubmatchIndex(text[start:end])
	if m == nil || rulesFor(text[start+m[2]:start+m[3]]) == nil {
		return -1
	}
	if before, _ := utf8.DecodeLastRuneInString(text[:start]); m[2] == 0 && partOfWord(before) {
		return -1
	}
	return m[2]
}

// aName is a name outside of links. Its groups: a DOI; what makes an arXiv id
// plain ("arXiv:", "oai:arXiv.org:"); the id, which some precede with the archive
// even where it is new (math.CO/1411.7683), or as dblp does (abs/1412.6980);
// the scheme and value of an ID of ours.
var aName = regexp.MustCompile(`(?i)(?:doi[:=/]*)?(10\.[1-9]\d{3,8}(?:\.\d+)*(?:/|%2f)[^?#&]+)` +
	`|((?:arxiv(?:e|\.org|[_-]?id)?|eprint=)[:=#./_-]{0,3}(?:archive/)?)?(` + archives + subject + `/\d{7}(?:v\d+)?|(?:(?:abs|` + archives + subject + `)/)?\d{4}\.\d{4,5}(?:v\d+)?)` +
	`|(openreview|acl):([\w.-]+)`)

// namesIn is the papers that text[start:end], which is no link, names.
func namesIn(text string, start, end int) (refs []Ref) {
	for _, m := range aName.FindAllStringSubmatchIndex(text[start:end], -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[start+m[2*i] : start+m[2*i+1]]
		}
		var ref Ref
		var ok bool
		from, to := start+m[0], start+m[1]
		if doi, prefix, id := group(1), group(2), group(3); doi != "" {
			ref, ok = newRef(SchemeDOI, doi)
			ok = ok && !continues(text, from) && !strings.HasPrefix(text[to:], "…")
		} else if id != "" {
			ref, ok = arXivIn(text, from, to, prefix, id)
		} else {
			ref, ok = newRef(strings.ToLower(group(4)), group(5))
			ok = ok && !continues(text, from)
		}
		if ok {
			refs = append(refs, ref)
		}
	}
	return refs
}

// arXivIn judges an id with its prefix, if any, that is text[from:to].
func arXivIn(text string, from, to int, prefix, id string) (Ref, bool) {
	archive, number, old := strings.Cut(id, "/")
	bare := prefix == "" && !old
	if strings.Contains(number, ".") { // an archive before a new id tells nothing
		id = number
	}
	ref, ok := ArXiv(id)
	switch {
	case !ok:
	case prefix != "" && archive != "abs": // which stands in paths, too
		next, _ := utf8.DecodeRuneInString(text[to:])
		ok = !unicode.IsLetter(next) && !unicode.IsDigit(next) || otherScript(next)
	case bare:
		ok = standsAlone(text, from, to) && !amount(text, from, to)
	default:
		ok = standsAlone(text, from, to)
	}
	return ref, ok
}
