package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

const (
	pageOfHistory  = 100 // messages; Slack gives some apps 15 at most
	pagesOfHistory = 20
)

// Find looks through the history of a channel, or of a thread. It needs the
// scope channels:history (groups:, im:, mpim:) and, in a channel, to be in it;
// without, nobody knows, and it says so.
func (s *Slack) Find(ctx context.Context, in chat.Place, m chat.Message, since time.Time) (chat.Post, bool, error) {
	self, channel, err := s.find(ctx, in)
	if err != nil || m.Key == "" {
		return chat.Post{}, false, notSent(err)
	}
	ask := url.Values{
		"channel": {channel}, "oldest": {stamp(since)}, "limit": {strconv.Itoa(pageOfHistory)}, "include_all_metadata": {"true"},
	}
	method := "conversations.history"
	if m.Under != "" {
		method = "conversations.replies"
		ask.Set("ts", m.Under)
	}
	for range pagesOfHistory {
		page, err := s.history(ctx, method, ask)
		if err != nil {
			return chat.Post{}, false, notSent(err)
		}
		if ts, ok := page.find(self, m.Key, stamp(since)); ok {
			return chat.Post{Place: self.place(channel), ID: ts}, true, nil
		}
		if page.Meta.Next == "" {
			return chat.Post{}, false, nil
		}
		ask.Set("cursor", page.Meta.Next)
	}
	return chat.Post{}, false, errors.New("the history is too long to look through")
}

// history is a page of messages. Only what is needed of them is decoded: the
// library gives up on a whole page for one block that it does not know.
type history struct {
	OK       bool
	Error    string
	Needed   string
	Messages []json.RawMessage
	Meta     struct {
		Next string `json:"next_cursor"`
	} `json:"response_metadata"`
}

// sentMessage is what tells our message.
type sentMessage struct {
	TS       string
	User     string
	BotID    string `json:"bot_id"`
	Metadata struct {
		Type    string `json:"event_type"`
		Payload struct {
			Key string
		} `json:"event_payload"`
	}
	Blocks []struct {
		BlockID string `json:"block_id"`
	}
}

func (h history) find(self identity, key, since string) (ts string, ok bool) {
	for _, raw := range h.Messages {
		var m sentMessage
		if json.Unmarshal(raw, &m) != nil && m.TS == "" {
			continue // not one of ours
		}
		ours := m.User == self.user || m.BotID != "" && m.BotID == self.bot
		if ours && !before(m.TS, since) && m.has(key) {
			return m.TS, true
		}
	}
	return "", false
}

func (m sentMessage) has(key string) bool {
	if m.Metadata.Type == delivery {
		return m.Metadata.Payload.Key == key
	}
	return len(m.Blocks) > 0 && m.Blocks[0].BlockID == blockOf(key)
}

// history asks for one page.
func (s *Slack) history(ctx context.Context, method string, ask url.Values) (page history, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.o.URL+method, strings.NewReader(ask.Encode()))
	if err != nil {
		return page, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+s.o.BotToken)
	answer, err := s.http.Do(r)
	if err != nil {
		return page, sorted(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return page, sortedStatus(api.StatusCodeError{Code: answer.StatusCode, Status: answer.Status}, fmt.Errorf("%s answered %s", method, answer.Status))
	}
	if err := json.NewDecoder(answer.Body).Decode(&page); err != nil {
		return page, fmt.Errorf("%s: %w", method, err)
	}
	if page.Error == "thread_not_found" { // and what was in it is gone as well
		return history{}, nil
	}
	if !page.OK {
		return page, code(api.SlackErrorResponse{Err: page.Error, Needed: page.Needed})
	}
	return page, nil
}

// stamp is a moment as Slack numbers messages: seconds and microseconds.
func stamp(t time.Time) string {
	return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000)
}

// moment is when a message with such a number was posted; zero if it is none.
func moment(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	sec, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}
	}
	if len(whole) > 12 { // app_home_opened has microseconds without a point
		return time.UnixMicro(sec)
	}
	micro, err := strconv.ParseInt((part + "000000")[:6], 10, 64)
	if err != nil {
		micro = 0
	}
	return time.Unix(sec, micro*1000)
}

// before compares the numbers of messages.
func before(a, b string) bool { return moment(a).Before(moment(b)) }
