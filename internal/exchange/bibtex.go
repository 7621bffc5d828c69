package exchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
)

var errUnclosed = errors.New("is not closed: a brace is missing")

// entryStart begins an entry. Outside entries everything else is a comment; in
// an entry, one of these at the very start of a line means that the closing
// brace was forgotten.
var entryStart = regexp.MustCompile(`@[ \t]*([A-Za-z]+)[ \t]*([{(])`)

// A bibEntry is the text of one entry while it is being gathered.
type bibEntry struct {
	line   int    // 0 outside an entry
	kind   string // "article", "string", in small letters
	text   []byte // between the outer braces
	round  bool   // the outer ones are ( and )
	depth  int    // of open braces, the outer one included
	quoted bool
	err    error
}

// readBibTeX yields the entries of l, of whatever type.
func readBibTeX(l *lines, yield func(Record) bool) {
	r := bibReader{macros: newMacros(), yield: yield}
	for {
		text, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			r.unfinished(errUnclosed)
			return
		case errors.Is(err, errTooLong):
			if r.entry.line == 0 {
				r.entry.line = l.number
			}
			if !r.unfinished(fmt.Errorf("line %d %w", l.number, err)) {
				return
			}
		case err != nil:
			yield(l.stopped(err))
			return
		case !r.line(text, l.number):
			return
		}
	}
}

// A bibReader gathers entries from lines. Its methods report whether to go on.
type bibReader struct {
	entry  bibEntry
	macros *macros
	yield  func(Record) bool
}

func (r *bibReader) line(text []byte, number int) bool {
	if startsEntry(text) && !r.unfinished(errUnclosed) {
		return false
	}
	for {
		if r.entry.line == 0 {
			text = r.entry.open(text, number)
		}
		if r.entry.line == 0 {
			return true
		}
		rest, closed := r.entry.take(text)
		if !closed {
			return true
		}
		if !r.give() {
			return false
		}
		text = rest
	}
}

// unfinished gives up the entry at hand, if there is one.
func (r *bibReader) unfinished(why error) bool {
	if r.entry.line == 0 {
		return true
	}
	if r.entry.err == nil {
		r.entry.err = why
	}
	return r.give()
}

// give yields the entry at hand and is ready for the next.
func (r *bibReader) give() bool {
	record, ok := r.entry.record(r.macros)
	r.entry = bibEntry{}
	return !ok || r.yield(record)
}

func startsEntry(line []byte) bool {
	if len(line) == 0 || line[0] != '@' {
		return false
	}
	at := entryStart.FindIndex(line)
	return at != nil && at[0] == 0
}

// open begins an entry where the first one in line does, and returns what
// follows its brace. A line that begins with % is a comment, as most programs
// have it.
func (e *bibEntry) open(line []byte, number int) []byte {
	if bytes.IndexByte(line, '@') < 0 || bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("%")) {
		return nil
	}
	at := entryStart.FindSubmatchIndex(line)
	if at == nil {
		return nil
	}
	kind, brace := line[at[2]:at[3]], line[at[4]]
	*e = bibEntry{line: number, kind: string(bytes.ToLower(kind)), round: brace == '(', depth: 1}
	return line[at[1]:]
}

// take adds line to e up to the brace that closes e, and returns what follows it.
func (e *bibEntry) take(line []byte) (rest []byte, closed bool) {
	for i, c := range line {
		switch {
		case c == '{':
			e.depth++
		case c == '}':
			e.depth = max(e.depth-1, 0)
		case c == '"' && e.depth == 1:
			e.quoted = !e.quoted
		}
		if e.depth == 0 || c == ')' && e.round && e.depth == 1 && !e.quoted {
			e.keep(line[:i])
			return line[i+1:], true
		}
	}
	e.keep(line)
	e.keep([]byte("\n"))
	return nil, false
}

func (e *bibEntry) keep(text []byte) {
	if len(e.text)+len(text) > maxRecord {
		e.err = errTooLong
	}
	if e.err == nil {
		e.text = append(e.text, text...)
	} else {
		e.text = nil
	}
}

// record is the paper of e, if it is of the kind that has one.
func (e *bibEntry) record(macros *macros) (Record, bool) {
	rec := Record{Line: e.line}
	switch {
	case e.kind == "comment", e.kind == "preamble":
		return rec, false
	case e.err != nil:
		key, _, _ := bytes.Cut(e.text[:min(len(e.text), 200)], []byte(","))
		rec.Err = problem(string(key), e.err)
	case e.kind == "string":
		rec.Err = macros.define(string(e.text))
		return rec, rec.Err != nil
	default:
		rec.Paper, rec.Err = parseEntry(string(e.text), macros)
	}
	return rec, true
}
