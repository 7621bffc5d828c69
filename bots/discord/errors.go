package discord

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"paperboy/internal/chat"
)

// answerError is an error that Discord gave
// (https://docs.discord.com/developers/topics/opcodes-and-status-codes#json).
type answerError struct {
	Status  int `json:"-"`
	Code    int
	Message string
	Errors  json.RawMessage // which field is wrong, for the log
}

func (e *answerError) Error() string {
	s := fmt.Sprintf("Discord answered %d, code %d: %s", e.Status, e.Code, e.Message)
	if len(e.Errors) > 0 {
		s += " " + cut(string(e.Errors), 400)
	}
	return s
}

// refusal is a *chat.Refused that remembers what Discord said.
type refusal struct {
	chat.Refused
	answer *answerError
}

func (r *refusal) Error() string { return r.Refused.Error() + ": " + r.answer.Error() }

// Unwrap makes it both.
func (r *refusal) Unwrap() []error { return []error{&r.Refused, r.answer} }

// codeOf is Discord's number for what was wrong; 0 if it gave none.
func codeOf(err error) int {
	if e, ok := errors.AsType[*answerError](err); ok {
		return e.Code
	}
	return 0
}

// sorted is an answer that is no success as the contract wants it:
// *chat.Throttled, *chat.Refused, *chat.Unsure, or an error that means that
// nothing was done.
func sorted(status int, body []byte) error {
	e := &answerError{Status: status}
	understood := json.Unmarshal(body, e) == nil && (e.Code != 0 || e.Message != "")
	switch wait, slow := throttles[e.Code]; {
	case slow:
		return &chat.Throttled{After: wait}
	case passing[e.Code]:
		return e
	case status >= 500:
		return &chat.Unsure{Err: fmt.Errorf("Discord answered %d", status)}
	case understood:
		return refused(e)
	case status == http.StatusRequestEntityTooLarge:
		return refused(e)
	}
	return e // a proxy's 403 or 404: Discord has not seen it
}

func refused(e *answerError) error {
	if reason, ok := gone[e.Code]; ok {
		return &refusal{chat.Refused{Reason: reason, Gone: true}, e}
	}
	if reason, ok := unwanted[e.Code]; ok {
		return &refusal{chat.Refused{Reason: reason}, e}
	}
	if e.Status == http.StatusUnauthorized {
		return &refusal{chat.Refused{Reason: badToken, Gone: true}, e}
	}
	// An answer all the same, so nothing was posted.
	return &refusal{chat.Refused{Reason: fmt.Sprintf("Discord does not take it (code %d)", e.Code)}, e}
}

const (
	badToken  = "Discord does not accept the bot token"
	noAccess  = "Paperboy can't see this channel; give it the permission View Channel"
	badForm   = "Discord does not accept the message's form"
	tooLate   = "it took too long"
	forbidden = "Discord's filter for harmful content blocks it"
)

// What the codes mean is on the page of answerError. Those that can't come back to
// what Paperboy asks for have no row: they are refusals of the one message.
var (
	// throttles are limits that do not come as a 429.
	throttles = map[int]time.Duration{
		20016:  10 * time.Second, // slow mode
		20022:  time.Minute,      // announcements
		20028:  10 * time.Second, // this channel's writes
		20029:  10 * time.Second, // this guild's writes
		30034:  24 * time.Hour,   // commands created today
		30046:  10 * time.Minute, // edits of messages older than an hour
		40003:  time.Minute,      // direct messages opened too fast
		40004:  10 * time.Minute, // sending is switched off for a while
		40062:  10 * time.Second, // resource limited
		160006: 15 * time.Minute, // active threads
		160007: 15 * time.Minute, // active announcement threads
	}

	// passing are troubles that go by: nothing was done, and asking again helps.
	passing = map[int]bool{
		40006:  true, // switched off for a while
		40333:  true, // Cloudflare
		110000: true, // an index that is being built
		110001: true, // the application is not available yet
		130000: true, // overloaded
	}

	// gone are refusals that hold for everything in a place until somebody
	// changes something.
	gone = map[int]string{
		10001:  "the Discord account is gone",
		10002:  "the Discord application is gone",
		10003:  "the channel is gone",
		10004:  "Paperboy is not in this server any more",
		10007:  "this person is not in the server any more",
		10013:  "this person's account is gone",
		20009:  "this channel does not take such content",
		40001:  badToken,
		40002:  "the Discord account has to be verified",
		40007:  "Paperboy is banned from this server",
		40066:  "this forum has no tags that Paperboy may use",
		40067:  "this forum wants a tag on every post",
		50001:  noAccess,
		50002:  "this kind of account can't do that",
		50003:  "Paperboy can't post in this conversation",
		50007:  "this person takes no direct messages from Paperboy",
		50008:  "this is no channel for text",
		50009:  "the channel wants a higher level of verification",
		50013:  "Paperboy may not post in this channel; give it the permissions Send Messages and Embed Links",
		50014:  badToken,
		50024:  "this kind of channel can't be used",
		50025:  badToken,
		50033:  "this person can't be written to",
		50083:  "the thread is archived",
		50095:  "this server is not available to Paperboy",
		50178:  "this account has to be verified in Discord first",
		50278:  "this person shares no server with Paperboy",
		60003:  "the server wants two-factor authentication",
		160005: "the thread is locked",
	}

	// unwanted are about the one message.
	unwanted = map[int]string{
		10008:  "the message is gone",
		10014:  "the emoji is gone",
		10015:  tooLate,
		10062:  tooLate,
		10087:  "the forum's tag is gone",
		30010:  "there are too many reactions",
		30033:  "there are too many people in the thread",
		40005:  "the message is too long for Discord",
		40058:  "a forum takes posts only",
		40060:  "it was answered before",
		40094:  "there are too many answers",
		50005:  "the message is not Paperboy's",
		50006:  "the message is empty",
		50021:  "this message can't be changed",
		50027:  tooLate,
		50035:  badForm,
		50041:  badForm,
		50068:  badForm,
		50109:  badForm,
		90001:  "this reaction is blocked",
		160002: "the message to answer can't be read",
		160004: "the message has a thread already",
		200000: forbidden,
		200001: forbidden,
		240000: forbidden,
	}
)

// notSent is an error of what comes before posting: not even a lost answer there
// leaves a doubt.
func notSent(err error) error {
	if unsure, ok := errors.AsType[*chat.Unsure](err); ok {
		return fmt.Errorf("prepare: %w", unsure.Err)
	}
	return err
}
