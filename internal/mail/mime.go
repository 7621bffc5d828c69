package mail

import (
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// pack makes the mail of a letter. Nothing in it depends on when or where it is
// made: a retry is the same mail, byte for byte.
func pack(l letter, from netmail.Address) (*gomail.Msg, error) {
	html, err := l.html()
	if err != nil {
		return nil, err
	}
	domain := domainOf(from.Address)
	sum := sha256.Sum256([]byte(l.ID + "\x00" + l.To))
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("paperboy-"+hex.EncodeToString(sum[:12])))
	m.FromMailAddress(&from)
	m.ToMailAddress(&netmail.Address{Address: l.To})
	m.Subject(l.Subject)
	m.SetDateWithValue(l.At.UTC())
	m.SetMessageIDWithValue(l.ID + "@" + domain)
	// So that vacation replies and the like leave it alone (RFC 3834), Exchange's
	// too. "Precedence: bulk", which did that once, now looks like advertising.
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	if l.Leave != "" {
		m.SetGenHeader("List-Id", "Paperboy <paperboy."+domain+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.Leave+">")
		if strings.HasPrefix(l.Leave, "https://") { // RFC 8058 allows no other
			m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
		}
	}
	m.SetBodyString(gomail.TypeTextPlain, crlf(l.plain()))
	m.AddAlternativeString(gomail.TypeTextHTML, crlf(html))
	return m, nil
}

// crlf ends lines as mail does.
func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}
