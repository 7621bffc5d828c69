package mail

import (
	"context"
	"fmt"
	netmail "net/mail"
	"os"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

const (
	// patience is how long a mail, or connecting, may take: less than half of the
	// outbox's lease.
	patience = 12 * time.Second
	// idleFor is how long a connection is kept for the next mail. Servers close
	// idle ones after some minutes, and some after less than one.
	idleFor = 10 * time.Second
)

// postman keeps connections to the mail server for as long as one mail follows the
// other.
type postman struct {
	server Server
	from   netmail.Address

	mu   sync.Mutex // guards idle
	idle []wire
}

// wire is a connection on which a mail can be sent.
type wire struct {
	*smtp.Client
	since time.Time // when the last mail was sent on it
}

func newPostman(s Server, from netmail.Address) *postman { return &postman{server: s, from: from} }

// client is what connects. It has no connection of its own.
func (p *postman) client() (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(p.server.Port), gomail.WithTimeout(patience), gomail.WithHELO(p.hello()),
		gomail.WithoutNoop(), gomail.WithoutSMTPUTF8(),
	}
	switch p.server.TLS {
	case Implicit:
		options = append(options, gomail.WithSSL())
	case IfOffered:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case Never:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p.server.User != "" {
		options = append(options, gomail.WithUsername(p.server.User), gomail.WithPassword(p.server.Password), p.auth())
	}
	return gomail.NewClient(p.server.Host, options...)
}

// auth logs in by the strongest way that the server offers; where the administrator
// chose to do without encryption, by any.
func (p *postman) auth() gomail.Option {
	if p.server.TLS != Never {
		return gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)
	}
	return gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthCramMD5,
		gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc)
}

// hello is the name we go by. Some servers take none without a dot.
func (p *postman) hello() string {
	if name, err := os.Hostname(); err == nil && strings.Contains(name, ".") {
		return name
	}
	return domainOf(p.from.Address)
}

// deliver hands a mail to the server. A connection that was kept and has died
// meanwhile is followed by a new one, once.
func (p *postman) deliver(ctx context.Context, m *gomail.Msg) error {
	client, err := p.client()
	if err != nil {
		return err
	}
	if kept := p.kept(); kept != nil {
		err := p.try(ctx, client, kept, m)
		if err == nil || !unheard(err) || ctx.Err() != nil {
			return err
		}
	}
	fresh, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return &dialing{err}
	}
	return p.try(ctx, client, fresh, m)
}

// dialing is an error before any mail was on its way.
type dialing struct{ error }

func (e *dialing) Unwrap() error { return e.error }

// try sends a mail on a connection, and keeps that if it is still good. The end of
// ctx closes it.
func (p *postman) try(ctx context.Context, client *gomail.Client, c *smtp.Client, m *gomail.Msg) error {
	text := c.Text
	broken := context.AfterFunc(ctx, func() { _ = text.Close() })
	err := client.SendWithSMTPClient(c, m)
	if m.IsDelivered() { // what follows it is no matter
		err = nil
	}
	if !broken() || !polite(err) {
		_ = text.Close() // it may be closed already
		return err
	}
	p.keep(c)
	return err
}

// kept is a connection from before, if there is a good one.
func (p *postman) kept() *smtp.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.idle) > 0 {
		last := p.idle[len(p.idle)-1]
		p.idle = p.idle[:len(p.idle)-1]
		if time.Since(last.since) < idleFor {
			return last.Client
		}
		_ = last.Text.Close()
	}
	return nil
}

func (p *postman) keep(c *smtp.Client) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.idle = append(p.idle, wire{c, time.Now()})
}

// close closes the connections that are kept.
func (p *postman) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		_ = c.Text.Close()
	}
	p.idle = nil
}

// Check connects to the mail server as for a mail, with encryption and password, and
// sends none. Its error is a sentence without the password.
func Check(ctx context.Context, s Server, from netmail.Address) error {
	p := newPostman(s, from)
	client, err := p.client()
	if err != nil {
		return err
	}
	c, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("%s %s", s, reading(err))
	}
	return client.CloseWithSMTPClient(c)
}
