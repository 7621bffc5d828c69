package mail

import (
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
)

// Server is the mail server that takes the mails.
type Server struct {
	Host           string
	Port           int
	User, Password string // both or neither
	TLS            TLS
}

// TLS says how the connection to the server is encrypted.
type TLS string

// The ways. All but Never check the server's certificate.
const (
	Implicit  TLS = "implicit"      // from the first byte: smtps://
	Required  TLS = "required"      // with STARTTLS, or not at all
	IfOffered TLS = "opportunistic" // with STARTTLS, if the server offers it
	Never     TLS = "none"
)

// Example is how SMTP_URL looks.
const Example = "smtp://user:password@smtp.example.org:587"

// ParseServer reads SMTP_URL. Its errors are sentences that quote nothing of it,
// since it has a password in it.
func ParseServer(address string) (s Server, err error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Opaque != "" || strings.Count(address, "@") > 1 {
		return s, errors.New("SMTP_URL can’t be read; it should look like " + Example + ", and in user and password the characters @ : / ? # % are written %40 %3A %2F %3F %23 %25")
	}
	switch {
	case u.Scheme != "smtp" && u.Scheme != "smtps":
		return s, errors.New("SMTP_URL should begin with smtp:// (STARTTLS, port 587) or smtps:// (TLS from the start, port 465), as in " + Example)
	case u.Hostname() == "":
		return s, errors.New("SMTP_URL names no host; it should look like " + Example)
	case u.Path != "" && u.Path != "/" || u.Fragment != "":
		return s, errors.New("SMTP_URL goes on after host and port; it should look like " + Example + ", and in user and password the characters / and # are written %2F and %23")
	}
	s = Server{Host: u.Hostname(), Port: 587, TLS: Required, User: u.User.Username()}
	s.Password, _ = u.User.Password()
	if (s.User == "") != (s.Password == "") {
		return s, errors.New("SMTP_URL has a user without a password, or the other way round; it should look like " + Example)
	}
	if u.Scheme == "smtps" {
		s.Port, s.TLS = 465, Implicit
	} else if ip := net.ParseIP(s.Host); s.Host == "localhost" || ip != nil && ip.IsLoopback() {
		s.TLS = Never // nothing leaves the machine
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return s, errors.New("the port in SMTP_URL is none; 587 and 465 are usual")
		}
	}
	return s, s.options(u)
}

// options reads what stands after the question mark.
func (s *Server) options(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errors.New("what stands after the ? in SMTP_URL can’t be read; only tls=required, tls=opportunistic and tls=none are known")
	}
	for name, values := range query {
		way := TLS(values[0])
		switch {
		case name != "tls" || way != Required && way != IfOffered && way != Never:
			return errors.New("SMTP_URL has an option that is not known; there are tls=required, tls=opportunistic and tls=none")
		case s.TLS == Implicit && way != Required:
			return errors.New("SMTP_URL begins with smtps://, which is TLS from the start; for less, begin with smtp://")
		case s.TLS != Implicit:
			s.TLS = way
		}
	}
	return nil
}

// String is the server without user and password.
func (s Server) String() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// ParseFrom reads PAPERBOY_MAIL_FROM. Without one the user of the server will do, if
// that is an address.
func ParseFrom(from string, s Server) (netmail.Address, error) {
	if from == "" {
		if address, err := readAddress(s.User); err == nil {
			return netmail.Address{Name: "Paperboy", Address: address}, nil
		}
		return netmail.Address{}, errors.New("PAPERBOY_MAIL_FROM is missing: the address that mails come from, such as Paperboy <papers@example.org>")
	}
	parsed, err := netmail.ParseAddress(from)
	if err == nil {
		parsed.Address, err = readAddress(parsed.Address)
	}
	if err != nil {
		return netmail.Address{}, fmt.Errorf("PAPERBOY_MAIL_FROM is %q, which is no address; it should look like Paperboy <papers@example.org>", from)
	}
	if parsed.Name == "" {
		parsed.Name = "Paperboy"
	}
	return *parsed, nil
}
