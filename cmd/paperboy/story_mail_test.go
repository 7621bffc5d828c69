package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/mail"
	"regexp"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"
)

// mailbox is a mail server that hands on what it takes.
type mailbox chan string

// open starts it on loopback.
func (m mailbox) open(t *testing.T) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return m, nil }))
	server.Domain = "localhost"
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return listener.Addr().String()
}

func (mailbox) Mail(string, *smtp.MailOptions) error { return nil }
func (mailbox) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (mailbox) Reset()                               {}
func (mailbox) Logout() error                        { return nil }

func (m mailbox) Data(r io.Reader) error {
	all, err := io.ReadAll(r)
	m <- string(all)
	return err
}

// TestStoryMail asks for mail in a chat, and confirms by the link that arrives.
func TestStoryMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	inbox := make(mailbox, 10)
	addr := freeAddr(t)
	for name, value := range map[string]string{
		"SMTP_URL": "smtp://" + inbox.open(t), "PAPERBOY_MAIL_FROM": "papers@lab.example", "PAPERBOY_ADDR": addr, "PAPERBOY_SOURCES": "none", "PAPERBOY_LOG_LEVEL": "debug",
	} {
		w.env[name] = value
	}
	contains(t, w.paperboy("/papers email ada.l@example.org weekly topics moe\n", "chat"), "A mail with a link is on its way to ada.l@example.org")

	ctx, stop := context.WithCancel(t.Context())
	var out, errs lockedBuffer
	ended := make(chan int)
	go func() {
		ended <- run(ctx, nil, streams{strings.NewReader(""), &out, &errs}, func(name string) string { return w.env[name] })
	}()
	text := <-inbox
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil || m.Header.Get("Subject") != "Please confirm your address" {
		t.Fatalf("%v: the mail is\n%s", err, text)
	}
	// The link leads to where it was asked for; this test serves elsewhere.
	path := regexp.MustCompile(`/mail/confirm/[\w.-]+`).FindString(strings.ReplaceAll(text, "=\r\n", ""))
	var status int
	eventually(t, func() bool { status, _ = get("http://" + addr + path); return status != 0 })
	if status != http.StatusOK {
		t.Errorf("%s is answered %d", path, status)
	}
	answer, err := http.Post("http://"+addr+path, "application/x-www-form-urlencoded", nil)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	contains(t, string(page), "Your address is confirmed", "up to 10 papers on “moe”")
	contains(t, w.paperboy("/papers email\n", "chat"), "ada.l@example.org gets up to 10 papers on “moe”, at 09:00, Monday")
	contains(t, w.paperboy("", "status"), "1 channel gets daily picks")
	stop()
	if status := <-ended; status != 0 || strings.Contains(errs.String(), "ada.l") {
		t.Errorf("it ended with %d; the log must not have the address:\n%s", status, errs.String())
	}
}
