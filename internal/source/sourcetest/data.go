package sourcetest

import (
	"os"
	"path/filepath"
	"testing"
)

// Data is the path of recorded real answers, which are no part of this
// repository: name in the folder PAPERBOY_DATA, or else in shared/data beside
// the repository. The test is skipped where they are absent.
func Data(t *testing.T, name string) string {
	t.Helper()
	folder := os.Getenv("PAPERBOY_DATA")
	if folder == "" {
		root := "."
		for range 10 {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			root = filepath.Join(root, "..")
		}
		folder = filepath.Join(root, "..", "shared", "data")
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no recorded answers: set PAPERBOY_DATA to the folder that has %s", name)
	}
	return path
}
