package mail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"paperboy/internal/mail"
)

// certificate is what the test servers show. This process trusts it.
var certificate tls.Certificate

// trust makes the certificate and has this process trust it and no other.
func trust(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	now := time.Now()
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour), KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return err
	}
	certificate = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	file := filepath.Join(dir, "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return err
	}
	return errors.Join(os.Setenv("SSL_CERT_FILE", file), os.Setenv("SSL_CERT_DIR", dir))
}

// received is a mail that the server has taken.
type received struct {
	From, To string
	Data     []byte
}

// postOffice is an SMTP server, with moods.
type postOffice struct {
	*smtp.Server
	address string

	mu          sync.Mutex // guards what follows
	mails       []received
	connections []*smtp.Conn
	logins      int
	rcpt        func(to string) error
	data        func(n int, r io.Reader, c *smtp.Conn) error // n counts from 1; nil takes the mail
	tries       int
	news        chan struct{}
}

// openPostOffice starts an SMTP server on loopback. With encrypted it offers
// STARTTLS and lets in only who logs in as ada with the password "se@cret".
func openPostOffice(t *testing.T, encrypted bool) *postOffice {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &postOffice{address: listener.Addr().String(), news: make(chan struct{}, 1)}
	o.Server = smtp.NewServer(o)
	o.Domain, o.AllowInsecureAuth = "localhost", !encrypted
	if encrypted {
		o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
	}
	o.ErrorLog = silent{}
	go o.Serve(listener)
	t.Cleanup(func() { o.Close() })
	return o
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// server is how to reach it.
func (o *postOffice) server(t *testing.T, scheme, user, query string) mail.Server {
	t.Helper()
	s, err := mail.ParseServer(scheme + "://" + user + o.address + query)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// NewSession implements smtp.Backend.
func (o *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.connections = append(o.connections, c)
	return &session{office: o, conn: c}, nil
}

func (o *postOffice) taken() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.mails)
}

// wait returns the mails once there are n.
func (o *postOffice) wait(t *testing.T, n int) []received {
	t.Helper()
	for {
		if all := o.taken(); len(all) >= n {
			return all
		}
		select {
		case <-o.news:
		case <-t.Context().Done():
			t.Fatal("the test ended")
		case <-time.After(30 * time.Second):
			t.Fatalf("%d mails came, not %d", len(o.taken()), n)
		}
	}
}

type session struct {
	office *postOffice
	conn   *smtp.Conn
	mail   received
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "ada" || password != "se@cret" {
			return &smtp.SMTPError{Code: 535, EnhancedCode: smtp.EnhancedCode{5, 7, 8}, Message: "no such user or password: ada@example.org"}
		}
		s.office.mu.Lock()
		defer s.office.mu.Unlock()
		s.office.logins++
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = received{From: from}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = to
	s.office.mu.Lock()
	answer := s.office.rcpt
	s.office.mu.Unlock()
	if answer != nil {
		return answer(to)
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	o := s.office
	o.mu.Lock()
	o.tries++
	n, mood := o.tries, o.data
	o.mu.Unlock()
	var whole bytes.Buffer
	r = io.TeeReader(r, &whole)
	if mood != nil {
		if err := mood(n, r, s.conn); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s.mail.Data = whole.Bytes()
	o.mu.Lock()
	o.mails = append(o.mails, s.mail)
	o.mu.Unlock()
	select {
	case o.news <- struct{}{}:
	default:
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
