package mail

import (
	"time"

	"paperboy/internal/english"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// topicsNamed is how many topics a sentence names.
const topicsNamed = 5

// gets is "up to 5 papers on “moe”, at 09:00, Monday to Friday".
func gets(c team.Channel) string {
	what := "up to " + english.Count(c.Prefs.Count, "paper")
	if topics := queries(c.Prefs.Topics); len(topics) > 0 {
		what += " on " + english.Some(topics, topicsNamed, "more topic", "and")
	} else {
		what += " that are trending"
	}
	if c.Prefs.Schedule.Cron != "" {
		return what + " (" + c.Prefs.Schedule.String() + ")"
	}
	return what + ", at " + c.Prefs.Schedule.String()
}

// queries are topics in quotation marks; none if everything is one.
func queries(topics []team.Topic) (all []string) {
	for _, t := range topics {
		if t.Query == team.Everything {
			return nil
		}
		all = append(all, "“"+t.Query+"”")
	}
	return all
}

// next is "The next mail comes on Monday, 2 March at 09:00 (Europe/Berlin), if
// there is something new."
func (m *Mail) next(c team.Channel, now time.Time) string {
	switch {
	case c.Next.At.IsZero():
		return "No mail is due, since that time never comes."
	case !c.Next.At.After(now):
		return "The next mail is due now."
	}
	loc := m.options.Zone(c)
	at := c.Next.At.In(loc)
	zone := loc.String()
	if zone == "Local" {
		zone = at.Format("MST")
	}
	return "The next mail comes on " + at.Format("Monday, 2 January at 15:04") + " (" + zone + "), if there is something new."
}

// nothingSet is for a person without an address.
const nothingSet = "No mail goes to you yet. " + howTo

// told says how it stands with a confirmed address.
func (m *Mail) told(a store.Inbox, c team.Channel, now time.Time) string {
	if c.Gone != "" {
		return "Mail to " + a.Address + " is paused: " + c.Gone + ". Type /papers email " + a.Address + " to try again, or name another address."
	}
	return a.Address + " gets " + gets(c) + ". " + m.next(c, now)
}

// awaited says what is to be done about an address that is not confirmed.
func awaited(a store.Inbox, c team.Channel) string {
	if c.Gone != "" {
		return "The mail to " + a.Address + " with the link to confirm could not be delivered: " + c.Gone + ". Check the address and type it again."
	}
	return "A mail with a link is on its way to " + a.Address + ". Open the link within 48 hours and confirm; then it gets " + gets(c) +
		". If the mail does not come, look where spam goes; at most 3 a day are sent to one address."
}
