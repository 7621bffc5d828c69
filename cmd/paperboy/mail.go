package main

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"paperboy/internal/mail"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/settings"
	"paperboy/internal/store"
	"paperboy/internal/web"
)

// mailSettings say how mail is sent. Without a server it is off.
type mailSettings struct {
	SMTP     settings.Secret `name:"smtp-url" env:"SMTP_URL" placeholder:"URL" help:"The mail server that sends the e-mail digest: smtp://user:password@host:587 (with STARTTLS), or smtps://…:465. Without one, mail is off."`
	MailFrom string          `env:"PAPERBOY_MAIL_FROM" placeholder:"ADDRESS" help:"Where mails come from, such as Paperboy <papers@example.org>. The user in SMTP_URL if not given and an address."`
}

// options are what the settings say; on is false if mail is off. Links in mails
// are below base.
func (s mailSettings) options(base string) (o mail.Options, on bool, err error) {
	if s.SMTP == "" {
		return o, false, nil
	}
	if o.Server, err = mail.ParseServer(s.SMTP.Reveal()); err != nil {
		return o, true, err
	}
	o.From, err = mail.ParseFrom(s.MailFrom, o.Server)
	o.Base = base
	o.Page = func(id paper.ID) string { return base + web.PathOf(id) }
	return o, true, err
}

// open is the mail; nil if it is off. planned is called when there is some to send.
func (s mailSettings) open(base string, db *store.Store, picker *picks.Picker, log *slog.Logger, planned func()) (*mail.Mail, error) {
	o, on, err := s.options(base)
	if err != nil || !on {
		return nil, err
	}
	o.Zone, o.Planned = picker.Zone, planned
	return mail.New(db, log, o), nil
}

// mailPatience is how long a mail server may take to let us in.
const mailPatience = 15 * time.Second

// check says whether the mail server lets us in, and whether links in mails, which
// are below base, can be followed. No mail is sent.
func (s mailSettings) check(ctx context.Context, base string) checkup {
	check := checkup{what: "mail"}
	o, on, err := s.options(base)
	if !on {
		check.result = "off, since SMTP_URL is not set"
		return check
	}
	if check.err = err; err != nil {
		check.advice = "README.md walks through it under The e-mail digest."
		return check
	}
	ctx, cancel := context.WithTimeout(ctx, mailPatience)
	defer cancel()
	if check.err = mail.Check(ctx, o.Server, o.From); check.err != nil {
		check.advice = "Check host, port, user and password in SMTP_URL; many providers want a password made for this program alone."
		return check
	}
	check.result = o.Server.String() + " lets us in"
	if o.Server.User != "" {
		check.result += " with the password"
	}
	check.advice = localLinks(o.Base)
	return check
}

// localLinks is a warning if links in mails lead to where readers can't go, or
// where no inbox unsubscribes by itself; "" if all is well.
func localLinks(base string) string {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1":
		return "Links in mails lead to " + base + ", which only this machine reaches: set PAPERBOY_URL to the address that people use."
	case u.Scheme != "https":
		return "Links in mails lead to " + base + "; inboxes offer to unsubscribe with one click only if PAPERBOY_URL begins with https://."
	}
	return ""
}
