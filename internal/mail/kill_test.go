package mail_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"paperboy/internal/mail"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// Environment of a child process: the store, and the mail server.
const (
	envStore  = "PAPERBOY_CHILD_STORE"
	envServer = "PAPERBOY_CHILD_SERVER"
)

// childLease is short, so that what a killed process held is soon free.
const childLease = 2 * time.Second

// child sends mails until it is killed.
func child(address, server string) int {
	ctx := context.Background()
	s, err := store.Open(ctx, address)
	if err == nil {
		var to mail.Server
		if to, err = mail.ParseServer(server); err == nil {
			log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
			m := mail.New(s, log, mail.Options{Server: to, From: from, Base: base, Zone: func(team.Channel) *time.Location { return time.UTC }})
			err = newOutbox(s, m, log, childLease).Run(ctx)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// TestKilledInTheMiddle kills the process that sends a digest when the server has
// some of it. Another sends it, and it arrives once.
func TestKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) {
		t.Parallel()
		w := dueDigest(t, address)
		server, broken := w.cable(3000)
		first := newChild(t, address, server)
		first.start()
		<-broken
		first.die()
		first.wait()
		mails := w.finish(address)
		if len(mails) != 1 {
			t.Fatalf("the digest came %d times, want once", len(mails))
		}
		if plain, _ := read(t, mails[0].Data); strings.Count(plain, "routing on routing") < 5 {
			t.Errorf("not all of it came:\n%s", plain)
		}
	})
}

// TestKilledBeforeTheAnswer kills the process when the server has all of a digest
// and has not said so. Nobody can know that then, so it comes again: as the same
// mail, which receivers fold into one.
func TestKilledBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	storetest.EachAddress(t, func(t *testing.T, address string) {
		t.Parallel()
		w := dueDigest(t, address)
		first := newChild(t, address, w.office.address)
		w.office.mu.Lock()
		w.office.data = func(n int, r io.Reader, _ *smtp.Conn) error {
			_, err := io.Copy(io.Discard, r)
			if n == 2 { // the first was the confirmation
				first.die()
			}
			return err
		}
		w.office.mu.Unlock()
		first.start()
		first.wait()
		mails := w.finish(address)
		if len(mails) != 2 {
			t.Fatalf("the digest came %d times, want twice", len(mails))
		}
		if !bytes.Equal(mails[0].Data, mails[1].Data) || header(t, mails[0].Data, "Message-ID") == "" {
			t.Errorf("it came as another mail:\n%s\nand\n%s", mails[0].Data, mails[1].Data)
		}
	})
}

// dueDigest is a world in which a digest is to be sent.
func dueDigest(t *testing.T, address string) *world {
	t.Helper()
	s, err := store.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := newWorld(t, s)
	stop := w.run()
	w.confirmed(ada, "ada@example.org", 0)
	stop()
	w.papers(today(), long()...)
	if n := w.plan(ada); n != 1 {
		t.Fatalf("%d mails were planned, want 1", n)
	}
	return w
}

// finish has another process send what is left, and returns the digests that came.
func (w *world) finish(address string) []received {
	w.Helper()
	second := newChild(w.T, address, w.office.address)
	second.start()
	settled(w.T, w.store)
	second.die()
	second.wait()
	return w.office.taken()[1:]
}

// cable leads to the post office. It breaks once it has carried so many bytes
// there, and is dropped when whoever sends has gone.
func (w *world) cable(bytes int64) (address string, broken <-chan struct{}) {
	w.Helper()
	near, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { near.Close() })
	full := make(chan struct{})
	go func() {
		here, err := near.Accept()
		if err != nil {
			return // the test is over
		}
		defer here.Close()
		there, err := net.Dial("tcp", w.office.address)
		if err != nil {
			return
		}
		defer there.Close()
		go io.Copy(here, there)
		if n, _ := io.CopyN(there, here, bytes); n == bytes {
			close(full)
		}
		_, _ = io.Copy(io.Discard, here)
	}()
	return near.Addr().String(), full
}

// long are titles that make a mail too large for the buffers on its way.
func long() (titles []string) {
	for i := range 5 {
		titles = append(titles, fmt.Sprintf("Paper %d %s", i, bytes.Repeat([]byte("on routing "), 20)))
	}
	return titles
}

// settled waits until nothing is left to send.
func settled(t *testing.T, s *store.Store) {
	t.Helper()
	for range 600 {
		waiting, err := s.Waiting(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(waiting) == 0 {
			return
		}
		select {
		case <-t.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	t.Fatal("a mail is still waiting")
}

// process is a child.
type process struct {
	*testing.T
	cmd     *exec.Cmd
	started chan struct{}
}

func newChild(t *testing.T, address, server string) *process {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), envStore+"="+address, envServer+"=smtp://"+server)
	cmd.Stderr = os.Stderr
	return &process{t, cmd, make(chan struct{})}
}

func (p *process) start() {
	p.Helper()
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
	close(p.started)
}

// die kills it with SIGKILL.
func (p *process) die() {
	<-p.started
	_ = p.cmd.Process.Kill() // it may be dead already
}

// wait waits for its end, which is no news.
func (p *process) wait() { _ = p.cmd.Wait() }
