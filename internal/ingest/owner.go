package ingest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// newOwner names the holder of this process's leases: "host/pid/random".
func newOwner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "" // then gone never knows
	}
	return fmt.Sprintf("%s/%d/%s", strings.ReplaceAll(host, "/", "-"), os.Getpid(), rand.Text())
}

// gone reports whether an owner was a process of this machine that has ended. A
// mistake, as between containers that share a host name, does no harm: whoever
// loses a lease cannot save under it any more.
func gone(owner string) bool {
	parts := strings.Split(owner, "/")
	ours := strings.Split(newOwner(), "/")
	if len(parts) != 3 || parts[0] == "" || parts[0] != ours[0] {
		return false
	}
	pid, err := strconv.Atoi(parts[1])
	if err != nil || pid <= 0 || pid == os.Getpid() {
		return false
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return true // Windows looks for it at once
	}
	err = process.Signal(syscall.Signal(0)) // asks only whether it is there
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}
