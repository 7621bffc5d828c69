package mail_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
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

// TestKilledWhileSending kills the process that sends a digest: in the middle of
// it, where it arrives once in the end; and after its last line, where nobody can
// know, so that it comes again as the same mail.
func TestKilledWhileSending(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		kill func(kill func(), r io.Reader) error
		want int
	}{
		{"in the middle", func(kill func(), r io.Reader) error {
			_, err := io.CopyN(io.Discard, r, 10)
			kill()
			_, rest := io.Copy(io.Discard, r)
			return errors.Join(err, rest)
		}, 1},
		{"before the answer", func(kill func(), r io.Reader) error {
			_, err := io.Copy(io.Discard, r)
			kill()
			return err
		}, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			storetest.EachAddress(t, func(t *testing.T, address string) {
				t.Parallel()
				s, err := store.Open(t.Context(), address)
				if err != nil {
					t.Fatal(err)
				}
				defer s.Close()
				w := newWorld(t, s)
				stop := w.run()
				w.confirmed(ada, "ada@example.org", 0)
				stop()
				w.papers(today(), long()...)
				if n := w.plan(ada); n != 1 {
					t.Fatalf("%d mails were planned, want 1", n)
				}
				first := newChild(t, address, w.office.address)
				w.office.mu.Lock()
				w.office.data = func(n int, r io.Reader, _ *smtp.Conn) error {
					if n == 2 { // the first was the confirmation
						return test.kill(first.die, r)
					}
					return nil
				}
				w.office.mu.Unlock()
				first.start()
				first.wait()
				second := newChild(t, address, w.office.address)
				second.start()
				mails := w.office.wait(t, 1+test.want)
				settled(t, s)
				second.die()
				second.wait()
				mails = w.office.taken()[1:]
				if len(mails) != test.want {
					t.Fatalf("the digest came %d times, want %d", len(mails), test.want)
				}
				for _, m := range mails {
					if !bytes.Equal(m.Data, mails[0].Data) || header(t, m.Data, "Message-ID") == "" {
						t.Errorf("it came as another mail:\n%s\nand\n%s", mails[0].Data, m.Data)
					}
				}
				if status, _ := w.request(http.MethodPost, linkTo(t, "unsubscribe", mails[0]), "List-Unsubscribe=One-Click"); status != http.StatusOK {
					t.Errorf("unsubscribing was answered %d", status)
				}
			})
		})
	}
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
	cmd *exec.Cmd
}

func newChild(t *testing.T, address, server string) *process {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), envStore+"="+address, envServer+"=smtp://"+server)
	cmd.Stderr = os.Stderr
	return &process{t, cmd}
}

func (p *process) start() {
	p.Helper()
	if err := p.cmd.Start(); err != nil {
		p.Fatal(err)
	}
}

// die kills it with SIGKILL.
func (p *process) die() { _ = p.cmd.Process.Kill() }

// wait waits for its end, which is no news.
func (p *process) wait() { _ = p.cmd.Wait() }
