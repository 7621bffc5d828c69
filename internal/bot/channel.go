package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/english"
	"paperboy/internal/paper"
	"paperboy/internal/search"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const errNotManager = advice("Only people who manage this channel can change what is posted here. Ask one of them, or subscribe in a conversation with the bot alone.")

// change lets somebody who may change the channel do so. The channel's next slot
// follows from what it wants now.
func (b *Bot) change(ctx context.Context, a ask, do func(*team.Channel) error) (team.Channel, error) {
	if err := b.mayManage(ctx, a); err != nil {
		return team.Channel{}, err
	}
	return b.store.ChangeChannel(ctx, a.In, a.By, a.At, func(c *team.Channel) error {
		if err := do(c); err != nil {
			return err
		}
		c.Next = c.Upcoming(a.At, b.picker.Zone(*c))
		return nil
	})
}

func (b *Bot) mayManage(ctx context.Context, a ask) error {
	platform, ok := b.platforms[a.In.Platform]
	if !ok {
		return fmt.Errorf("platform %q is not connected", a.In.Platform)
	}
	may, err := platform.Manages(ctx, a.By, a.In)
	if err != nil {
		return fmt.Errorf("ask who manages the channel: %w", err)
	}
	if !may {
		return errNotManager
	}
	return nil
}

// subscribe adds a topic to those that the channel follows.
func (b *Bot) subscribe(ctx context.Context, a ask) (chat.Message, error) {
	topic, notes, err := readTopic(a.args)
	if err != nil {
		return chat.Message{}, err
	}
	first, known := false, false
	c, err := b.change(ctx, a, func(c *team.Channel) error {
		first, c.Gone, c.GoneAt = !c.Prefs.Follows(), "", time.Time{}
		if c.By.ID == "" || first {
			c.By = a.By
		}
		if _, known = c.Prefs.Topic(topic); known {
			return nil
		}
		if len(c.Prefs.Topics) >= team.MaxTopics {
			return advice(fmt.Sprintf("This channel follows %d topics, which is the most. /paperboy list shows them; take one away first.", team.MaxTopics))
		}
		c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: topic, By: a.By, Since: date.Of(a.At.In(b.picker.Zone(*c)))})
		return nil
	})
	if err != nil {
		return chat.Message{}, err
	}
	if known {
		return chat.Message{Text: append(chat.Plain("This channel follows "+named(topic)+" already. "), b.nextPost(c, a.At)...)}, nil
	}
	t := chat.Plain("This channel now follows " + named(topic) + ". ")
	if n := len(c.Prefs.Topics); n > 1 {
		t = chat.Plain(fmt.Sprintf("This channel now follows %s as well; that makes %d topics. ", named(topic), n))
	}
	for _, note := range notes {
		t = append(t, chat.Span{Text: note + " "})
	}
	t = append(t, b.nextPost(c, a.At)...)
	if first {
		t = append(t, chat.Span{Text: " Nothing listed before today is posted."}, chat.Span{Text: "\nTry "},
			chat.Span{Text: "/paperboy preview", Style: chat.Code}, chat.Span{Text: " to see what it would be, and "},
			chat.Span{Text: "/paperboy schedule 09:00 weekdays Europe/Berlin", Style: chat.Code}, chat.Span{Text: " to say when."})
	}
	return chat.Message{Text: t}, nil
}

// readTopic makes a topic of what follows subscribe. notes say what of it cannot
// be searched for.
func readTopic(args string) (topic string, notes []string, err error) {
	switch strings.ToLower(args) {
	case "", team.Everything, "all", "everything", "all papers":
		return team.Everything, nil, nil
	}
	if len(args) > team.MaxTopic {
		return "", nil, advice("That is too long for a topic. Several short topics find more: each is added on its own.")
	}
	topic = strings.Join(strings.Fields(paper.Line(args, team.MaxTopic)), " ")
	query := search.Parse(topic)
	if query.String() == "" {
		return "", nil, advice("There is nothing to search for in “" + topic + "”. A topic is a search, such as /paperboy subscribe \"mixture of experts\" -survey")
	}
	return topic, query.Notes, nil
}

// named is a topic in a sentence.
func named(topic string) string {
	if topic == team.Everything {
		return "everything"
	}
	return "“" + topic + "”"
}

// topicsNamed is how many topics a sentence names; a list can have them all.
const topicsNamed = 5

// someTopics are topics in a sentence.
func someTopics(topics []team.Topic) string {
	var names []string
	for _, t := range topics {
		names = append(names, named(t.Query))
	}
	return someOf(names)
}

func someOf(names []string) string { return english.Some(names, topicsNamed, "more topic", "and") }

// unsubscribe takes one topic away, told by its text or its number, or all.
func (b *Bot) unsubscribe(ctx context.Context, a ask) (chat.Message, error) {
	var gone []team.Topic
	c, err := b.change(ctx, a, func(c *team.Channel) error {
		gone = nil
		if !c.Prefs.Follows() {
			return advice("This channel follows no topic, so there is nothing to take away.")
		}
		if strings.EqualFold(a.args, "all") {
			gone, c.Prefs.Topics = c.Prefs.Topics, nil
			return nil
		}
		i, ok := whichTopic(c.Prefs, a.args)
		if !ok {
			return advice("Which topic? This channel follows " + numbered(c.Prefs.Topics) + ". Say its words or its number: /paperboy unsubscribe 1")
		}
		gone = []team.Topic{c.Prefs.Topics[i]}
		c.Prefs.Topics = slices.Delete(slices.Clone(c.Prefs.Topics), i, i+1)
		return nil
	})
	if err != nil {
		return chat.Message{}, err
	}
	text := "This channel no longer follows " + someTopics(gone) + ". "
	if !c.Prefs.Follows() {
		return saying("%sThat leaves no topic, so nothing will be posted here. All other settings are kept.", text), nil
	}
	return saying("%sIt still follows %s.", text, someTopics(c.Prefs.Topics)), nil
}

// whichTopic finds the topic that a person means.
func whichTopic(p team.Prefs, said string) (int, bool) {
	if i, ok := p.Topic(said); ok {
		return i, true
	}
	if topic, _, err := readTopic(strings.Trim(said, "“”")); err == nil && said != "" { // as our own sentences quote it
		if i, ok := p.Topic(topic); ok {
			return i, true
		}
	}
	n, err := strconv.Atoi(strings.TrimPrefix(said, "#"))
	if err != nil || n < 1 || n > len(p.Topics) {
		return 0, false
	}
	return n - 1, true
}

func numbered(topics []team.Topic) string {
	var names []string
	for i, t := range topics {
		names = append(names, fmt.Sprintf("%d: %s", i+1, named(t.Query)))
	}
	return someOf(names)
}

const errFollowsNothing = advice("This channel follows no topic yet. Add one, such as /paperboy subscribe mixture of experts, or type only /paperboy subscribe for the best of everything.")

// topics lists the topics that the channel follows.
func (b *Bot) topics(ctx context.Context, a ask) (chat.Message, error) {
	if a.args != "" {
		return chat.Message{}, errSearchInstead
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	if !c.Prefs.Follows() {
		return chat.Message{}, errFollowsNothing
	}
	all := c.Prefs.Topics
	t := chat.Text{{Text: "Topics followed here", Style: chat.Bold}, {Text: "; a paper on any of them can be picked:\n"}}
	for i := min(a.offset, len(all)); i < min(a.offset+topicsShown, len(all)); i++ {
		t = append(t, chat.Span{Text: fmt.Sprintf("%d. %s", i+1, named(all[i].Query))}, chat.Span{Text: ", added by "},
			somebody(all[i].By), chat.Span{Text: " on " + all[i].Since.Start(time.UTC).Format("2 January 2006") + "\n"})
	}
	m := chat.Message{Text: append(t, b.nextPost(c, a.At)...), Replace: a.offset > 0}
	return a.further(m, topicsShown, len(all)), nil
}

// somebody names a person, unless they had that erased.
func somebody(p chat.Person) chat.Span {
	if p == (chat.Person{}) {
		return chat.Span{Text: "somebody"}
	}
	return chat.Name(p)
}

// topicsShown is how many topics a page has: the longest still fit a message.
const topicsShown = 10

// further adds to a page of lines, of which there are total, the way to the next.
func (a ask) further(m chat.Message, size, total int) chat.Message {
	if total > size {
		m.Foot = chat.Plain(fmt.Sprintf("%d to %d of %d", a.offset+1, min(a.offset+size, total), total))
	}
	if next := a.offset + size; next < total {
		m.Buttons = append(m.Buttons, chat.Button{Label: "More", Action: a.turn(next), Does: chat.Next})
	}
	return m
}

// nextPost says in a sentence when the channel is posted to next.
func (b *Bot) nextPost(c team.Channel, now time.Time) chat.Text {
	switch {
	case c.Gone != "":
		return chat.Text{{Text: "Nothing can be posted here: " + c.Gone + ". When that is mended, type "}, {Text: "/paperboy resume", Style: chat.Code}, {Text: "."}}
	case !c.Prefs.Follows():
		return chat.Plain("Nothing is posted, since no topic is followed here.")
	case c.Prefs.Paused && c.Prefs.PausedUntil.IsZero():
		return chat.Text{{Text: "Picks are paused until somebody types "}, {Text: "/paperboy resume", Style: chat.Code}, {Text: "."}}
	case c.Next.At.IsZero():
		return chat.Plain("The schedule (" + c.Prefs.Schedule.String() + ") has no time in the years to come, so nothing is posted.")
	}
	loc := b.picker.Zone(c)
	text := "Next post: " + clock(c.Next.At, now, loc) + "."
	if !c.Next.At.After(now) {
		text = "The next post is due now."
	}
	if c.Prefs.Rests(date.Of(now.In(loc))) {
		text = "Picks are paused until " + written(c.Prefs.PausedUntil) + ". " + text
	}
	return chat.Plain(text)
}

// clock is "Monday, 2 March at 09:00 (Europe/Berlin)", with the year if it is
// another than now.
func clock(t, now time.Time, loc *time.Location) string {
	t = t.In(loc)
	day := "Monday, 2 January"
	if t.Year() != now.In(loc).Year() {
		day = longDay
	}
	zone := loc.String()
	if zone == "Local" {
		zone = t.Format("MST")
	}
	return t.Format(day+" at 15:04") + " (" + zone + ")"
}

// historyShown is how many changes one page of the history has.
const historyShown = 20

// history tells who changed what of the channel's settings.
func (b *Bot) history(ctx context.Context, a ask) (chat.Message, error) {
	changes, total, err := b.store.History(ctx, a.In, store.Page{Offset: a.offset, Limit: historyShown})
	if err != nil {
		return chat.Message{}, err
	}
	if total == 0 {
		return saying("Nobody has changed the settings of this channel yet."), nil
	}
	c, err := b.store.Channel(ctx, a.In)
	if err != nil {
		return chat.Message{}, err
	}
	loc := b.picker.Zone(c)
	t := chat.Text{{Text: "Changes to this channel’s settings", Style: chat.Bold}, {Text: ", the latest first:\n"}}
	for _, change := range changes {
		who := somebody(change.By)
		if change.By.ID == "" && change.By.Platform != "" { // nobody: it happened by itself
			who = chat.Span{Text: "Paperboy"}
		}
		t = append(t, chat.Span{Text: change.At.In(loc).Format("2 Jan 2006 15:04") + " "}, who, chat.Span{Text: ": " + change.What + "\n"})
	}
	return a.further(chat.Message{Text: t, Replace: a.offset > 0}, historyShown, total), nil
}
