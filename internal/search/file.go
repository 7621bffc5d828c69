package search

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
)

// A saved index is its format's name, Feed with its length before it, Upto, the number of parts, and of each part
// the dead papers and the sections of the segment, each with its length before
// it; then a checksum of it all. Numbers are little-endian. A change of what is
// written, or of how text is cut into words, needs a new name.
const format = "paperboy search 3\n"

// PartSuffix is the pattern of what the name of an unfinished file ends in. One
// is left behind only where the process was killed while it saved.
const PartSuffix = ".*.part"

// ErrDamaged says that a file holds no index of this version, or only some of
// one. The index has to be built anew.
var ErrDamaged = errors.New("not a search index of this version, or a damaged one")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Save writes the index to a file. The file appears whole or not at all, and
// stays after a power cut.
func (ix *Index) Save(path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+PartSuffix)
	if err != nil {
		return fmt.Errorf("save search index: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("save search index: %w", err)
		}
	}()
	if err := ix.now.Load().write(f, ix.feed); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename in the folder last. Windows has no such thing.
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

// write writes s and the checksum.
func (s *snapshot) write(w io.Writer, feed string) error {
	sum := crc32.New(castagnoli)
	out := io.MultiWriter(w, sum)
	head := binary.LittleEndian.AppendUint64([]byte(format), uint64(len(feed)))
	head = append(head, feed...)
	head = binary.LittleEndian.AppendUint64(head, uint64(s.upto))
	head = binary.LittleEndian.AppendUint64(head, uint64(len(s.parts)))
	if _, err := out.Write(head); err != nil {
		return err
	}
	for i := range s.parts {
		p := &s.parts[i]
		pieces := [][]byte{p.dead.bytes()}
		for _, section := range p.sections() {
			pieces = append(pieces, *section)
		}
		for _, piece := range pieces {
			if _, err := out.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(piece)))); err != nil {
				return err
			}
			if _, err := out.Write(piece); err != nil {
				return err
			}
		}
	}
	_, err := w.Write(sum.Sum(nil))
	return err
}

// Load opens a saved index. The error is ErrDamaged, or of the file system.
func Load(path string) (*Index, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load search index: %w", err)
	}
	s, feed, err := parseSnapshot(data)
	if err != nil {
		return nil, fmt.Errorf("load search index %s: %w", path, err)
	}
	ix := &Index{feed: feed}
	ix.now.Store(s)
	return ix, nil
}

// parseSnapshot reads what write wrote. The snapshot keeps data.
func parseSnapshot(data []byte) (s *snapshot, feed string, err error) {
	end := len(data) - crc32.Size
	if end < 0 || !bytes.HasPrefix(data, []byte(format)) ||
		crc32.Checksum(data[:end], castagnoli) != binary.BigEndian.Uint32(data[end:]) {
		return nil, "", ErrDamaged
	}
	r := reader{rest: data[len(format):end]}
	feed = string(r.piece())
	upto := int64(r.number())
	parts := make([]part, 0)
	for n := r.number(); n > 0 && !r.short; n-- {
		p := part{dead: bitsOf(r.piece()), segment: new(segment)}
		for _, section := range p.sections() {
			*section = r.piece()
		}
		parts = append(parts, p)
	}
	if r.short || len(r.rest) > 0 {
		return nil, "", ErrDamaged
	}
	return newSnapshot(parts, upto), feed, nil
}

// reader takes numbers and pieces from bytes until they run short.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) number() uint64 {
	if len(r.rest) < 8 {
		r.short, r.rest = true, nil
		return 0
	}
	n := binary.LittleEndian.Uint64(r.rest)
	r.rest = r.rest[8:]
	return n
}

func (r *reader) piece() []byte {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.short, r.rest = true, nil
		return nil
	}
	piece := r.rest[:n:n]
	r.rest = r.rest[n:]
	return piece
}

func (b bitset) bytes() (out []byte) {
	for _, word := range b {
		out = binary.LittleEndian.AppendUint64(out, word)
	}
	return out
}

func bitsOf(data []byte) (b bitset) {
	for ; len(data) >= 8; data = data[8:] {
		b = append(b, binary.LittleEndian.Uint64(data))
	}
	return b
}
