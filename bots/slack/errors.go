package slack

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

// restUnsaid is how long to wait where a 429 does not say.
const restUnsaid = 30 * time.Second

// sorted is err as the contract wants it: *chat.Throttled, *chat.Refused,
// *chat.Unsure, or an error that means that nothing was done. Slack says "too
// fast" in four shapes: a 429 with Retry-After, one without or with a fraction,
// and two error codes with status 200.
func sorted(ctx context.Context, err error) error {
	var limited *api.RateLimitedError
	var status api.StatusCodeError
	var answer api.SlackErrorResponse
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &chat.Throttled{After: max(limited.RetryAfter, time.Second)}
	case errors.As(err, &answer):
		return code(answer)
	case errors.As(err, &status):
		return sortedStatus(status, err)
	case errors.As(err, new(unwritten)):
		return err
	}
	// The request went out: a broken connection, a time-out, an answer that is
	// not JSON.
	return &chat.Unsure{Err: err}
}

func sortedStatus(status api.StatusCodeError, err error) error {
	switch {
	case status.Code == http.StatusTooManyRequests:
		return &chat.Throttled{After: restUnsaid}
	case status.Code >= 500:
		return &chat.Unsure{Err: err}
	case status.Code == http.StatusRequestEntityTooLarge, status.Code == http.StatusRequestURITooLong:
		return &chat.Refused{Reason: "the message is too long for Slack"}
	}
	return err // a proxy's 403 or 404: Slack has not seen it
}

// code sorts an error that Slack gave with status 200.
func code(answer api.SlackErrorResponse) error {
	c := answer.Err
	switch {
	case c == "ratelimited" || c == "rate_limited":
		return &chat.Throttled{After: restUnsaid}
	case throttledHere[c]:
		return &chat.Throttled{After: time.Minute}
	case unsure[c]:
		return &chat.Unsure{Err: answer}
	case passing[c], dead[c] != "":
		return answer
	case c == "missing_scope" && answer.Needed != "":
		return &chat.Refused{Reason: "the Slack app lacks the permission " + strings.ReplaceAll(answer.Needed, ",", " or ")}
	}
	if reason, ok := gone[c]; ok {
		return &chat.Refused{Reason: reason, Gone: true}
	}
	if reason, ok := refused[c]; ok {
		return &chat.Refused{Reason: reason}
	}
	// A code that Slack has added since. It is an answer, so nothing was posted.
	return &chat.Refused{Reason: "Slack does not take it (" + c + ")"}
}

// reason is what an error says to people.
func reason(err error) string {
	err = sorted(context.Background(), err)
	refused, ok := errors.AsType[*chat.Refused](err)
	switch {
	case dead[errorCode(err)] != "":
		return dead[errorCode(err)]
	case ok:
		return refused.Reason
	case errors.As(err, new(*chat.Throttled)):
		return "Slack asks to go slower; try again in a minute"
	}
	return err.Error()
}

var (
	throttledHere = set("message_limit_exceeded", "team_over_message_limit")

	// unsure are codes of which Slack says that part of the work may be done.
	unsure = set("fatal_error", "internal_error")

	// passing are troubles that go by: nothing was done, and asking again helps.
	passing = set("request_timeout", "service_unavailable", "team_added_to_org", "accesslimited", "external_channel_migrating")

	// dead are troubles of the app as a whole, which nobody in a channel can mend:
	// nothing was done, and it is tried again for as long as that makes sense.
	dead = map[string]string{
		"not_allowed_token_type":    "the Slack app's token is of the wrong kind",
		"invalid_auth":              "Slack does not accept the bot token",
		"not_authed":                "Slack was given no bot token",
		"account_inactive":          "the Slack app was uninstalled or its account deactivated",
		"token_revoked":             "the Slack app's token was revoked",
		"token_expired":             "the Slack app's token has expired",
		"no_bot_user":               "the Slack app has no bot user any more",
		"org_login_required":        "the workspace is being moved to another organisation",
		"enterprise_is_restricted":  "the organisation does not allow the Slack app",
		"team_access_not_granted":   "the Slack app has no access to this workspace",
		"two_factor_setup_required": "the account of the Slack app needs two-factor authentication",
		"access_denied":             "the Slack app has no access",
		"team_not_found":            "this workspace is gone",
	}

	// gone are refusals that hold for everything in a place until somebody
	// changes something.
	gone = map[string]string{
		"channel_not_found":                        "Paperboy is not in this channel; invite it with /invite @Paperboy",
		"not_in_channel":                           "Paperboy is not in this channel; invite it with /invite @Paperboy",
		"is_archived":                              "the channel is archived",
		"restricted_action":                        "the workspace lets only some people post in this channel",
		"restricted_action_read_only_channel":      "this channel is read-only",
		"restricted_action_thread_only_channel":    "this channel takes posts in threads only",
		"restricted_action_non_threadable_channel": "this channel has no threads",
		"cannot_reply_to_message":                  "one can't reply to this message",
		"no_permission":                            "Paperboy may not post in this channel",
		"ekm_access_denied":                        "the workspace's admins have suspended posting",
		"user_not_found":                           "this person is not in the workspace any more",
		"user_disabled":                            "this person's account is deactivated",
		"user_not_visible":                         "Paperboy may not see this person",
		"users_not_found":                          "this person is not in the workspace any more",
		"cannot_dm_bot":                            "one can't write to this account",
		"messages_tab_disabled":                    "messages to the app are switched off; switch on App Home → Messages Tab",
		"method_not_supported_for_channel_type":    "this kind of channel can't be used",
	}

	// refused are about the one message.
	refused = map[string]string{
		"missing_scope":                     "the Slack app lacks a permission",
		"msg_too_long":                      "the message is too long for Slack",
		"msg_blocks_too_long":               "the message is too long for Slack",
		"too_many_attachments":              "the message is too long for Slack",
		"too_many_contact_cards":            "the message is too long for Slack",
		"no_text":                           "the message is empty",
		"invalid_blocks":                    "Slack does not accept the message's form",
		"invalid_blocks_format":             "Slack does not accept the message's form",
		"invalid_attachments":               "Slack does not accept the message's form",
		"invalid_metadata_format":           "Slack does not accept the message's form",
		"invalid_metadata_schema":           "Slack does not accept the message's form",
		"metadata_too_large":                "Slack does not accept the message's form",
		"metadata_must_be_sent_from_app":    "Slack does not accept the message's form",
		"invalid_arguments":                 "Slack does not accept the message's form",
		"invalid_arg_name":                  "Slack does not accept the message's form",
		"invalid_array_arg":                 "Slack does not accept the message's form",
		"invalid_form_data":                 "Slack does not accept the message's form",
		"thread_not_found":                  "the thread is gone",
		"message_not_found":                 "the message is gone",
		"cant_update_message":               "the message is not Paperboy's",
		"edit_window_closed":                "the workspace allows no edits of old messages",
		"cant_broadcast_message":            "the thread does not take it",
		"update_failed":                     "Slack did not change the message",
		"attachment_payload_limit_exceeded": "the message is too long for Slack",
		"cannot_unfurl_url":                 "this link can't be shown as a card",
		"cannot_unfurl_message":             "links of this message can't be shown as cards",
		"missing_unfurls":                   "Slack does not accept the card's form",
		"invalid_unfurls_format":            "Slack does not accept the card's form",
		"expired_trigger_id":                "it took too long",
		"trigger_expired":                   "it took too long",
		"invalid_trigger_id":                "it took too long",
		"hash_conflict":                     "the page has changed meanwhile",
		"view_too_large":                    "the page is too long for Slack",
		"not_found":                         "the window is closed",
		"push_limit_reached":                "there are too many windows open",
	}
)

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
