package search

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// manifestName is the file that says what an index consists of. Written aside and
// renamed, it changes the index from one state to the next; what it does not name
// does not count.
const manifestName = "manifest"

// manifest is the name of the format, Feed with its length before it, Upto, and
// of each segment the name of its file with its length before it, the number of
// its dead papers and those, in the order in which they died; then a checksum of
// it all. Numbers are varints.
type manifest struct {
	feed  string
	upto  int64
	files []manifestFile
}

type manifestFile struct {
	name   string
	deaths []uint32
}

func (m manifest) bytes() []byte {
	b := binary.AppendUvarint([]byte(format), uint64(len(m.feed)))
	b = append(b, m.feed...)
	b = binary.AppendVarint(b, m.upto)
	b = binary.AppendUvarint(b, uint64(len(m.files)))
	for _, f := range m.files {
		b = binary.AppendUvarint(b, uint64(len(f.name)))
		b = append(b, f.name...)
		b = binary.AppendUvarint(b, uint64(len(f.deaths)))
		for _, doc := range f.deaths {
			b = binary.AppendUvarint(b, uint64(doc))
		}
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// parseManifest reads what bytes wrote.
func parseManifest(data []byte) (m manifest, err error) {
	at := len(data) - crc32.Size
	if at < len(format) || !bytes.HasPrefix(data, []byte(format)) ||
		crc32.Checksum(data[:at], castagnoli) != binary.LittleEndian.Uint32(data[at:]) {
		return manifest{}, ErrDamaged
	}
	r := numbers{rest: data[len(format):at]}
	m.feed = string(r.piece())
	m.upto = r.signed()
	for n := r.number(); n > 0 && !r.short; n-- {
		f := manifestFile{name: string(r.piece())}
		for n := r.number(); n > 0 && !r.short; n-- {
			f.deaths = append(f.deaths, uint32(r.number()))
		}
		m.files = append(m.files, f)
	}
	if r.short || len(r.rest) > 0 {
		return manifest{}, ErrDamaged
	}
	return m, nil
}

// write puts m in the place of the manifest before it.
func (m manifest) write(dir string) error {
	path := filepath.Join(dir, manifestName)
	err := writeFile(path+".part", func(w io.Writer) error {
		_, err := w.Write(m.bytes())
		return err
	})
	if err != nil {
		return err
	}
	if err := os.Rename(path+".part", path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// open opens the segments that m names. If some can't be opened the others are
// returned, with the reason.
func (m manifest) open(dir string) (parts []part, problem error) {
	for _, f := range m.files {
		p, err := f.open(dir)
		if err != nil {
			problem = err
			continue
		}
		parts = append(parts, p)
	}
	return parts, problem
}

func (f manifestFile) open(dir string) (part, error) {
	if f.name != filepath.Base(f.name) {
		return part{}, ErrDamaged
	}
	g, err := openSegment(filepath.Join(dir, f.name))
	if err != nil {
		return part{}, err
	}
	if slices.ContainsFunc(f.deaths, func(doc uint32) bool { return int(doc) >= g.size() }) {
		return part{}, fmt.Errorf("open search index %s: %w", f.name, ErrDamaged)
	}
	p := newPart(g)
	p.file = f.name
	p.kill(f.deaths...)
	return p, nil
}

// numbers takes varints and pieces from bytes until they run short.
type numbers struct {
	rest  []byte
	short bool
}

func (r *numbers) taken(n int) {
	if n <= 0 {
		r.short, r.rest = true, nil
		return
	}
	r.rest = r.rest[n:]
}

func (r *numbers) number() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.taken(n)
	return v
}

func (r *numbers) signed() int64 {
	v, n := binary.Varint(r.rest)
	r.taken(n)
	return v
}

func (r *numbers) piece() []byte {
	n := r.number()
	if n > uint64(len(r.rest)) {
		r.short, r.rest = true, nil
		return nil
	}
	piece := r.rest[:n:n]
	r.rest = r.rest[n:]
	return piece
}
