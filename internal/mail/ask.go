package mail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	// confirmWithin is how long the link to confirm is good.
	confirmWithin = 48 * time.Hour
	// Confirmations that are sent at most: nobody is to fill a stranger's inbox.
	mostToOne = 3  // to one address in a day
	mostByOne = 5  // asked for by one person in a day
	mostByAll = 60 // asked for by everybody in an hour
	aDay      = 24 * time.Hour
)

// Ask answers what a person typed after /papers email, or filled into the form on
// the page, with a sentence for that person alone. "" says that the words are not
// about mail. An error means that something of ours broke.
func (m *Mail) Ask(ctx context.Context, by chat.Person, text string) (answer string, err error) {
	w, err := readWish(text)
	if err == nil {
		answer, err = m.grant(ctx, by, w, time.Now())
	}
	var told sentence
	switch {
	case errors.Is(err, errNotAWish):
		return "", nil
	case errors.As(err, &told):
		return string(told), nil
	case err != nil:
		return "", fmt.Errorf("mail: %w", err)
	}
	return answer, nil
}

func (m *Mail) grant(ctx context.Context, by chat.Person, w wish, now time.Time) (string, error) {
	if w.stop {
		return m.stop(ctx, by)
	}
	all, err := m.store.AddressesOf(ctx, by, Name)
	if err != nil {
		return "", err
	}
	if w.ask {
		return m.describe(ctx, all, now)
	}
	if w.address == "" {
		if len(all) == 0 {
			return "", sentence("No address of yours is known here yet. " + howTo)
		}
		return m.change(ctx, all[0], w, now)
	}
	for _, a := range all {
		if strings.EqualFold(a.Address, w.address) {
			return m.change(ctx, a, w, now)
		}
	}
	var before *store.Inbox
	if len(all) > 0 {
		before = &all[0]
	}
	id := strings.ToLower(rand.Text()[:20])
	return m.ask(ctx, store.Inbox{Place: place(id), Owner: by, Address: w.address, AskedAt: now}, w, before)
}

// stop removes a person's addresses.
func (m *Mail) stop(ctx context.Context, by chat.Person) (string, error) {
	n, err := m.store.RemoveAddresses(ctx, by, Name)
	if err != nil || n > 0 {
		return "Done: your address is removed, and no more mail goes there.", err
	}
	return "No address of yours is known here, so there is nothing to stop.", nil
}

// describe says how it stands with a person's addresses.
func (m *Mail) describe(ctx context.Context, all []store.Inbox, now time.Time) (string, error) {
	if len(all) == 0 {
		return nothingSet, nil
	}
	var said []string
	for _, a := range all {
		c, err := m.store.Channel(ctx, a.Place)
		if err != nil {
			return "", err
		}
		if a.Confirmed {
			said = append(said, m.told(a, c, now))
		} else {
			said = append(said, awaited(a, c))
		}
	}
	return strings.Join(append(said, "/papers email stop ends it."), " "), nil
}

// change changes what is sent to an address that is known. One that is named again
// before it is confirmed is asked once more.
func (m *Mail) change(ctx context.Context, a store.Inbox, w wish, now time.Time) (string, error) {
	if !a.Confirmed && (w.address != "" || now.Sub(a.AskedAt) > confirmWithin) {
		a.AskedAt = now
		return m.ask(ctx, a, w, nil)
	}
	c, err := m.store.ChangeChannel(ctx, a.Place, a.Owner, now, func(c *team.Channel) error {
		if a.Confirmed {
			c.Gone, c.GoneAt = "", time.Time{}
		}
		if err := w.grant(c, a.Owner, m.today(*c, now)); err != nil {
			return err
		}
		c.Next = c.Upcoming(now, m.options.Zone(*c))
		return nil
	})
	switch {
	case err != nil:
		return "", err
	case !a.Confirmed:
		return awaited(a, c), nil
	}
	return m.told(a, c, now), nil
}

func (m *Mail) today(c team.Channel, now time.Time) date.Date {
	return date.Of(now.In(m.options.Zone(c)))
}

// ask keeps an address that is to be confirmed, and sends the link for it. What it
// says is the same whether or not others have asked for that address, and how
// often. before, if there is one, is the owner's other address, from which it takes
// over what is not said.
func (m *Mail) ask(ctx context.Context, a store.Inbox, w wish, before *store.Inbox) (string, error) {
	if err := m.mayAsk(ctx, a); err != nil {
		return "", err
	}
	letter, err := m.confirmation(ctx, a)
	if err != nil {
		return "", err
	}
	var model team.Channel
	if before != nil {
		if model, err = m.store.Channel(ctx, before.Place); err != nil {
			return "", err
		}
	}
	c, err := m.store.AskAddress(ctx, a, func(c *team.Channel) error {
		if before != nil {
			c.Prefs = model.Prefs
		}
		c.Gone, c.GoneAt, c.Prefs.Paused = "", time.Time{}, true
		return w.grant(c, a.Owner, m.today(*c, a.AskedAt))
	}, letter, a.AskedAt.Add(confirmWithin))
	if err != nil {
		return "", err
	}
	m.options.Planned()
	return awaited(a, c), nil
}

// mayAsk says no to a person who asks too often, and when everybody together does.
func (m *Mail) mayAsk(ctx context.Context, a store.Inbox) error {
	person, err := m.subject(ctx, "person", a.Owner.Platform+"\x00"+a.Owner.Space+"\x00"+a.Owner.ID)
	if err != nil {
		return err
	}
	all := store.Limit{Subject: "everybody", Most: mostByAll, Within: time.Hour}
	over, ok, err := m.store.Allow(ctx, a.AskedAt, store.Limit{Subject: person, Most: mostByOne, Within: aDay}, all)
	switch {
	case err != nil:
		return err
	case !ok && over == all:
		return sentence("So many people have asked for mail in the last hour that no more confirmations are sent now. Please try again in an hour.")
	case !ok:
		return sentence("You have asked for 5 confirmations in the last 24 hours, which is the most. Please try again tomorrow.")
	}
	return nil
}

// confirmation is the mail that asks whoever reads mail at an address to confirm
// it; empty if enough have gone there lately. Nothing in it was typed by anybody.
func (m *Mail) confirmation(ctx context.Context, a store.Inbox) (letter chat.Message, err error) {
	subject, err := m.subject(ctx, "address", strings.ToLower(a.Address))
	if err != nil {
		return letter, err
	}
	_, ok, err := m.store.Allow(ctx, a.AskedAt, store.Limit{Subject: subject, Most: mostToOne, Within: aDay})
	if err != nil || !ok {
		return chat.Message{}, err
	}
	link, err := m.link(ctx, toConfirm, a.Place.Channel)
	if err != nil {
		return letter, err
	}
	c, err := m.store.Channel(ctx, a.Place) // its ID follows from the place alone
	return chat.Message{
		Key: fmt.Sprintf("%s%s/%d", store.AskKey, c.ID, a.AskedAt.UnixMicro()),
		Text: chat.Text{
			{Text: "Please confirm your address", Style: chat.Bold},
			{Text: "\nSomebody, probably you, has asked Paperboy to send research papers here. If you want them, open the link and confirm within 48 hours."},
			{Text: "\nIf you do not know what this is about, do nothing: the address is forgotten, and no papers are sent."},
		},
		Buttons: []chat.Button{{Label: "Confirm the address", Link: link}},
	}, err
}
