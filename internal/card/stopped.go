package card

import (
	"fmt"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/team"
)

// stoppedTopics is how many topics Stopped names.
const stoppedTopics = 5

// Stopped tells a person that a channel they subscribed can't be posted to.
func Stopped(c team.Channel, now time.Time) chat.Message {
	var topics []string
	for _, t := range c.Prefs.Topics {
		if t.Query != team.Everything {
			topics = append(topics, "“"+t.Query+"”")
		}
	}
	about := english.Some(topics, stoppedTopics, "more topic", "and")
	if about == "" {
		about = "everything new"
	}
	key := fmt.Sprintf("gone/%s/%d", c.ID, now.Unix())
	if c.Prefs.Layout == team.Letter {
		return chat.Message{Key: key, Text: chat.Text{
			{Text: "The mail with papers on " + about + " can’t be delivered to you any more: " + c.Gone + ". It is paused. Type "},
			{Text: "/papers email", Style: chat.Code}, {Text: " and your address to try again, or another one."},
		}}
	}
	return chat.Message{
		Key: key,
		Text: chat.Text{
			{Text: "The daily picks on " + about + " that you subscribed a channel to can’t be posted there any more: " + c.Gone + ". They are paused. When that is mended, type "},
			{Text: "/paperboy resume", Style: chat.Code}, {Text: " in the channel."},
		},
	}
}
