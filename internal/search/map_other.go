//go:build !unix

package search

import (
	"errors"
	"io/fs"
	"os"
)

// mapFile gives the bytes of a file.
func mapFile(path string) (data []byte, unmap func(), err error) {
	data, err = os.ReadFile(path)
	return data, func() {}, err
}

// lockFile makes sure that one process alone writes an index: an open file cannot
// be removed. taken is false if another does.
func lockFile(path string) (f *os.File, taken bool, err error) {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	return f, err == nil, err
}
