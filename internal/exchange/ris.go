package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"paperboy/internal/paper"
)

// risTag begins a line of RIS (https://en.wikipedia.org/wiki/RIS_(file_format)).
// The format wants two spaces before the dash; some programs write one.
var risTag = regexp.MustCompile(`^([A-Z][A-Z0-9]) {1,2}-(?: |$)`)

// A risRecord is what stands between TY and ER.
type risRecord struct {
	line   int // 0 outside a record
	size   int
	fields []risField
	err    error
}

// fieldCost is what a field takes up besides its value, in bytes, at least.
const fieldCost = 48

type risField struct {
	tag   string
	value []byte
}

// readRIS yields the records of l. A line without a tag continues the one
// before it, and a TY ends a record that has no ER.
func readRIS(l *lines, yield func(Record) bool) {
	var rec risRecord
	for {
		text, err := l.next()
		switch {
		case errors.Is(err, errTooLong):
			rec.err = fmt.Errorf("line %d %w", l.number, err)
			if rec.line == 0 {
				rec.line = l.number
			}
			continue
		case errors.Is(err, io.EOF):
			if rec.line > 0 {
				yield(rec.record())
			}
			return
		case err != nil:
			yield(l.stopped(err))
			return
		}
		tag, value := cutTag(string(text))
		if (tag == "TY" || tag == "ER") && rec.line > 0 {
			if !yield(rec.record()) {
				return
			}
			rec = risRecord{}
		}
		switch {
		case tag == "TY":
			rec = risRecord{line: l.number}
		case rec.line > 0 && tag != "ER":
			rec.add(tag, value)
		}
	}
}

func cutTag(line string) (tag, value string) {
	if m := risTag.FindStringSubmatch(line); m != nil {
		return m[1], strings.TrimSpace(line[len(m[0]):])
	}
	return "", strings.TrimSpace(line)
}

func (r *risRecord) add(tag, value string) {
	if r.size += len(value) + fieldCost; r.size > maxRecord {
		r.err, r.fields = errTooLong, nil
	}
	switch last := len(r.fields) - 1; {
	case r.err != nil, tag == "" && (value == "" || last < 0):
	case tag == "":
		r.fields[last].value = append(append(r.fields[last].value, ' '), value...)
	default:
		r.fields = append(r.fields, risField{tag, []byte(value)})
	}
}

func (r *risRecord) record() Record {
	rec := Record{Line: r.line, Err: r.err}
	if r.err == nil {
		rec.Paper, rec.Err = r.paper()
	}
	return rec
}

func (r *risRecord) paper() (paper.Paper, error) {
	var p paper.Paper
	var which cited
	var on partial
	for _, f := range r.fields {
		value := string(f.value)
		switch f.tag {
		case "TI", "T1":
			p.Title = cmp.Or(p.Title, value)
		case "AU", "A1":
			p.Authors = append(p.Authors, fromRISName(value))
		case "AB", "N2":
			p.Abstract = cmp.Or(p.Abstract, value)
		case "KW":
			p.Keywords = append(p.Keywords, value)
		case "DA", "PY", "Y1":
			on = on.or(parsePartial(value))
		case "DO":
			which.doi = cmp.Or(which.doi, value)
		case "UR", "AN", "ID", "L1", "L2":
			which.ids = append(which.ids, value)
		case "JO", "T2", "JF":
			p.Venue = cmp.Or(p.Venue, value)
			which.texts = append(which.texts, value)
		case "N1", "M1":
			which.texts = append(which.texts, value)
		}
	}
	return which.finish(p, on, p.Title)
}
