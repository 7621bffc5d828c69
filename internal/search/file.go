package search

import (
	"bufio"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
)

// A file of a segment is its sections one after another and a table of them: of
// each section its length (8 bytes) and checksum (4); then a checksum of the
// table and the name of the format. Numbers are little-endian. Postings have
// checksums of their own (dictionary.go), so that a large file opens at once. A
// change of what is written, or of how text is cut into words, needs a new name.
const format = "paperboy search 5\n"

const tableRow = 12

// tableSize is how long what comes after the sections is.
func tableSize() int { return len(new(segment).sections())*tableRow + crc32.Size + len(format) }

// ErrDamaged says that a file holds no index of this version, or only some of
// one. The index has to be built anew.
var ErrDamaged = errors.New("not a search index of this version, or a damaged one")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeFile makes a file that stays after a power cut, or none.
func writeFile(path string, write func(io.Writer) error) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(path)
		}
	}()
	b := bufio.NewWriterSize(f, 1<<20)
	if err := write(b); err != nil {
		return err
	}
	if err := b.Flush(); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// syncFolder makes the names in a folder last. Windows has no such thing.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// writeSegment writes what merge makes of parts to a file, and returns how the
// papers are renumbered. The postings pass through; only the rest is held in
// memory. It stops when ctx ends.
func writeSegment(ctx context.Context, path string, parts []part) (renumber [][]uint32, err error) {
	err = writeFile(path, func(out io.Writer) error {
		posts := int64(0)
		w := &writer{write: func(data []byte) error {
			posts += int64(len(data))
			_, err := out.Write(data)
			return cmp.Or(ctx.Err(), err)
		}}
		var g *segment
		g, renumber = merge(parts, w)
		if w.err != nil {
			return w.err
		}
		return g.writeRest(out, posts)
	})
	return renumber, err
}

// writeRest writes all sections but the postings, and the table.
func (g *segment) writeRest(out io.Writer, posts int64) error {
	var table []byte
	for i, section := range g.sections() {
		size, sum := int64(len(*section)), crc32.Checksum(*section, castagnoli)
		if i == 0 {
			size, sum = posts, 0
		} else if _, err := out.Write(*section); err != nil {
			return err
		}
		table = binary.LittleEndian.AppendUint64(table, uint64(size))
		table = binary.LittleEndian.AppendUint32(table, sum)
	}
	table = binary.LittleEndian.AppendUint32(table, crc32.Checksum(table, castagnoli))
	_, err := out.Write(append(table, format...))
	return err
}

// openSegment maps a file. The segment is unmapped when nobody holds it any more.
func openSegment(path string) (*segment, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, fmt.Errorf("open search index: %w", err)
	}
	g, err := parseSegment(data)
	if err != nil {
		unmap()
		return nil, fmt.Errorf("open search index %s: %w", filepath.Base(path), err)
	}
	runtime.AddCleanup(g, func(unmap func()) { unmap() }, unmap)
	return g, nil
}

// parseSegment finds the sections in what was written.
func parseSegment(data []byte) (*segment, error) {
	at := len(data) - tableSize()
	if at < 0 || string(data[len(data)-len(format):]) != format {
		return nil, ErrDamaged
	}
	table := data[at : len(data)-len(format)-crc32.Size]
	if crc32.Checksum(table, castagnoli) != binary.LittleEndian.Uint32(data[at+len(table):]) {
		return nil, ErrDamaged
	}
	g, rest := new(segment), data[:at]
	for i, section := range g.sections() {
		size := binary.LittleEndian.Uint64(table[i*tableRow:])
		if size > uint64(len(rest)) {
			return nil, ErrDamaged
		}
		*section, rest = rest[:size:size], rest[size:]
		if i > 0 && crc32.Checksum(*section, castagnoli) != binary.LittleEndian.Uint32(table[i*tableRow+8:]) {
			return nil, ErrDamaged
		}
	}
	if len(rest) > 0 || len(g.posts) < padding {
		return nil, ErrDamaged
	}
	g.checked = make([]atomic.Uint32, g.dictionary.size()/32+1)
	return g, nil
}

// check reports whether all postings are what was written.
func (g *segment) check() error {
	for block := range g.dictionary.size() {
		if !g.whole(block) {
			return ErrDamaged
		}
	}
	return nil
}
