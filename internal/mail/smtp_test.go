package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"paperboy/internal/chat"
	"paperboy/internal/mail"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

// refusal is an answer that quotes the address, as servers do.
func refusal(code int, fine smtp.EnhancedCode) func(string) error {
	return func(to string) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: fine, Message: "<" + to + ">: no"}
	}
}

// whole answers once all of a mail is there.
func whole(err error) func(int, io.Reader, *smtp.Conn) error {
	return func(_ int, r io.Reader, _ *smtp.Conn) error {
		if _, err := io.Copy(io.Discard, r); err != nil {
			return err
		}
		return err
	}
}

// hangUp ends the connection after so many bytes; after the whole mail if they are
// more than it has.
func hangUp(after int64) func(int, io.Reader, *smtp.Conn) error {
	return func(_ int, r io.Reader, c *smtp.Conn) error {
		_, err := io.CopyN(io.Discard, r, after)
		c.Conn().Close()
		return errors.Join(err, io.ErrUnexpectedEOF)
	}
}

// sending is a Mail with one mail to send.
func sending(t *testing.T, s *store.Store, server mail.Server) (*mail.Mail, chat.Place, chat.Message) {
	t.Helper()
	m := mail.New(s, nil, mail.Options{Server: server, From: from, Base: base, Zone: func(team.Channel) *time.Location { return time.UTC }, Planned: func() {}})
	if _, err := m.Ask(t.Context(), ada, "ada.l@example.org"); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	taken, err := s.Claim(t.Context(), mail.Name, now, now.Add(time.Minute), 1)
	if err != nil || len(taken) != 1 {
		t.Fatalf("claimed %d, %v", len(taken), err)
	}
	return m, taken[0].Place, taken[0].Message
}

// TestOutcomes has a server answer in every way it can.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		rcpt func(string) error
		data func(int, io.Reader, *smtp.Conn) error
		want string
	}{
		{name: "taken", want: "sent"},
		{name: "greylisted", rcpt: refusal(451, smtp.EnhancedCode{4, 7, 1}), want: "throttled for 5m0s here"},
		{name: "too many connections", rcpt: refusal(421, smtp.EnhancedCode{4, 7, 0}), want: "throttled for 1m0s everywhere"},
		{name: "no such mailbox", rcpt: refusal(550, smtp.EnhancedCode{5, 1, 1}), want: "gone: its mail server says that there is no such address (550 5.1.1)"},
		{name: "no such mailbox, in short", rcpt: refusal(550, smtp.NoEnhancedCode), want: "gone: its mail server says that there is no such address (550)"},
		{name: "full", rcpt: refusal(552, smtp.EnhancedCode{5, 2, 2}), want: "gone: the mailbox is full (552 5.2.2)"},
		{name: "no relaying", rcpt: refusal(554, smtp.EnhancedCode{5, 7, 1}), want: "not sent: the mail server does not let Paperboy send (554 5.7.1, sending SMTP RCPT TO command): paperboy doctor checks the settings"},
		{name: "no password", rcpt: refusal(530, smtp.EnhancedCode{5, 7, 0}), want: "not sent: the mail server does not let Paperboy send (530 5.7.0, sending SMTP RCPT TO command): paperboy doctor checks the settings"},
		{name: "no spam", data: whole(refusal(554, smtp.EnhancedCode{5, 7, 1})("x@y.z")), want: "refused: the mail server does not take this mail (554 5.7.1)"},
		{name: "not now", data: whole(refusal(452, smtp.EnhancedCode{4, 3, 1})("x@y.z")), want: "throttled for 5m0s here"},
		{name: "lost in the middle", data: hangUp(100), want: "unsure"},
		{name: "lost at the end", data: hangUp(1 << 20), want: "unsure"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			office := openPostOffice(t, false)
			office.rcpt, office.data = test.rcpt, test.data
			m, to, msg := sending(t, storetest.Open(t), office.server(t, "smtp", "", ""))
			_, err := m.Send(t.Context(), to, msg)
			if got := fate(err); got != test.want {
				t.Errorf("it is %q, want %q", got, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "ada") {
				t.Errorf("the error has the address in it: %v", err)
			}
		})
	}
}

// fate is an outcome in words.
func fate(err error) string {
	var throttled *chat.Throttled
	var refused *chat.Refused
	switch {
	case err == nil:
		return "sent"
	case errors.As(err, &throttled) && throttled.Everywhere:
		return fmt.Sprintf("throttled for %s everywhere", throttled.After)
	case errors.As(err, &throttled):
		return fmt.Sprintf("throttled for %s here", throttled.After)
	case errors.As(err, &refused) && refused.Gone:
		return "gone: " + refused.Reason
	case errors.As(err, &refused):
		return err.Error()
	case errors.As(err, new(*chat.Unsure)):
		return "unsure"
	}
	return "not sent: " + err.Error()
}

// TestConnectionsAreKept sends some mails one after the other, and finds a
// connection dead once.
func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t, false)
	m, to, msg := sending(t, storetest.Open(t), office.server(t, "smtp", "", ""))
	send := func() {
		t.Helper()
		if _, err := m.Send(t.Context(), to, msg); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		send()
	}
	if n := len(office.connections); n != 1 {
		t.Errorf("%d connections for three mails, want 1", n)
	}
	office.connections[0].Conn().Close()
	send()
	if n := len(office.taken()); n != 4 {
		t.Errorf("%d mails came, want 4", n)
	}
}

// TestTLSAndPassword logs in over STARTTLS, and is told what is wrong otherwise.
func TestTLSAndPassword(t *testing.T) {
	t.Parallel()
	office := openPostOffice(t, true)
	bare := openPostOffice(t, false)
	for _, test := range []struct {
		office       *postOffice
		user, query  string
		want, differ string
	}{
		{office, "ada:se%40cret@", "?tls=required", "", ""},
		{office, "ada:wrong-one@", "?tls=required", "answered 535", "wrong-one"},
		{office, "ada:se%40cret@", "?tls=none", "can’t be used", "se@cret"},
		{bare, "", "?tls=required", "STARTTLS", ""},
		{bare, "ada:se%40cret@", "?tls=none", "", ""},
	} {
		server := test.office.server(t, "smtp", test.user, test.query)
		err := mail.Check(t.Context(), server, from)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s%s: %v, want %q", test.user, test.query, err, test.want)
		}
		if err != nil && (test.differ != "" && strings.Contains(err.Error(), test.differ) || strings.Contains(err.Error(), "ada@")) {
			t.Errorf("the error says too much: %v", err)
		}
	}
	m, to, msg := sending(t, storetest.Open(t), office.server(t, "smtp", "ada:se%40cret@", "?tls=required"))
	if _, err := m.Send(t.Context(), to, msg); err != nil || len(office.taken()) != 1 {
		t.Errorf("%d mails came, %v", len(office.taken()), err)
	}
}

// TestDeadServer has nobody at home, somebody who does not answer, and no name.
func TestDeadServer(t *testing.T) {
	t.Parallel()
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := nobody.Addr().String()
	nobody.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mute.Close()
	for address, want := range map[string]string{
		address: "can’t be used", "no-such-host.invalid": "can’t be ",
	} {
		server, err := mail.ParseServer("smtp://" + address)
		if err != nil {
			t.Fatal(err)
		}
		if err := mail.Check(t.Context(), server, from); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m, to, msg := sending(t, storetest.Open(t), mail.Server{Host: "127.0.0.1", Port: mute.Addr().(*net.TCPAddr).Port, TLS: mail.Never})
	if _, err := m.Send(ctx, to, msg); err == nil {
		t.Error("a mail was sent to nobody")
	}
}

// TestBouncePauses has the address turned away: its owner is told, asks, and tries
// again.
func TestBouncePauses(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.run()
		w.confirmed(ada, "ada.l@example.org topics moe", 0)
		w.office.mu.Lock()
		w.office.rcpt = refusal(550, smtp.EnhancedCode{5, 1, 1})
		w.office.mu.Unlock()
		w.papers(today(), "MoE routing")
		w.plan(ada)
		w.outbox.Wake()
		notice := w.notice("slack")
		contains(t, notice, "The mail with papers on “moe” can’t be delivered to you any more: its mail server says that there is no such address (550 5.1.1).", "/papers email")
		contains(t, w.ask(ada, ""), "Mail to ada.l@example.org is paused: its mail server says that there is no such address (550 5.1.1).")
		if n := w.plan(ada); n != 0 {
			t.Errorf("%d mails were planned for an address that is paused", n)
		}
		contains(t, w.ask(ada, "ada.l@example.org"), "gets up to 5 papers on “moe”")
		if got := strings.ToLower(w.logs.String()); strings.Contains(got, "ada.l") || !strings.Contains(got, "can't be posted to any more") {
			t.Errorf("the log has the address in it, or no word of the bounce:\n%s", got)
		}
	})
}

// notice waits for a message to a person on a chat platform.
func (w *world) notice(platform string) string {
	w.Helper()
	for range 600 {
		now := time.Now()
		taken, err := w.store.Claim(w.Context(), platform, now, now.Add(time.Minute), 1)
		if err != nil {
			w.Fatal(err)
		}
		if len(taken) == 1 {
			return taken[0].Message.Text.String()
		}
		select {
		case <-w.Context().Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
	w.Fatal("nobody was told")
	return ""
}
