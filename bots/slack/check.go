package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	api "github.com/slack-go/slack"
)

// Finding is what a check of the app came to: what is fine, or what is wrong and
// what to do.
type Finding struct {
	Fine   string
	Wrong  string
	Advice string
}

// Check looks at tokens, permissions and events. Slack tells the events of an app
// only to who may change it, so they are looked at if there is a configuration
// token (https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests#config-tokens).
func (s *Slack) Check(ctx context.Context, configToken string) []Finding {
	who, err := s.web.AuthTestContext(ctx)
	if err != nil {
		return []Finding{{Wrong: "the bot token does not work: " + reason(err), Advice: "Copy it anew from OAuth & Permissions (it begins with xoxb-) into SLACK_BOT_TOKEN."}}
	}
	all := []Finding{{Fine: fmt.Sprintf("connected to the workspace %s as %s", who.Team, who.User)}}
	granted := strings.FieldsFunc(who.Header.Get("X-OAuth-Scopes"), func(r rune) bool { return r == ',' || r == ' ' })
	all = append(all, checkScopes(granted), s.checkWay(ctx))
	return append(all, s.checkEvents(ctx, configToken, who.BotID, granted))
}

func checkScopes(granted []string) Finding {
	if len(granted) == 0 {
		return Finding{Fine: "Slack does not say which permissions the token has"}
	}
	missing := lacking(scopeNames(), granted)
	if len(missing) == 0 {
		return Finding{Fine: fmt.Sprintf("all %d permissions are granted", len(scopes))}
	}
	var uses []string
	for _, s := range scopes {
		if slices.Contains(missing, s.name) {
			uses = append(uses, s.name+" ("+s.use+")")
		}
	}
	return Finding{
		Wrong:  "permissions are missing: " + strings.Join(uses, ", "),
		Advice: "Paste the output of paperboy manifest slack under App Manifest, then Install App → Reinstall.",
	}
}

// checkWay looks at how events come.
func (s *Slack) checkWay(ctx context.Context) Finding {
	if s.o.AppToken == "" {
		return Finding{Fine: "events come over HTTP, at /slack/events, /slack/commands and /slack/interactions"}
	}
	if _, _, err := s.web.StartSocketModeContext(ctx); err != nil {
		return Finding{
			Wrong:  "Socket Mode does not work: " + reason(err),
			Advice: "Make an app-level token with the scope connections:write under Basic Information and put it into SLACK_APP_TOKEN; switch on Socket Mode.",
		}
	}
	return Finding{Fine: "Socket Mode works"}
}

// checkEvents names the events that do not come: by the app's manifest, or else
// those that a missing permission keeps away.
func (s *Slack) checkEvents(ctx context.Context, configToken, bot string, granted []string) Finding {
	const advice = "Paste the output of paperboy manifest slack under App Manifest, then Install App → Reinstall."
	if configToken == "" {
		var missing []string
		for _, e := range events {
			if len(granted) > 0 && len(lacking(e.scopes, granted)) > 0 {
				missing = append(missing, e.name)
			}
		}
		if len(missing) > 0 {
			return Finding{Wrong: "for lack of permissions these events do not come: " + strings.Join(missing, ", "), Advice: advice}
		}
		return Finding{Fine: "which events are subscribed only a configuration token can tell; give one as SLACK_CONFIG_TOKEN to check that too"}
	}
	info, err := s.web.GetBotInfoContext(ctx, api.GetBotInfoParameters{Bot: bot})
	if err != nil {
		return Finding{Wrong: "the app's own number can't be had: " + reason(err), Advice: advice}
	}
	m, err := s.web.ExportManifestContext(ctx, configToken, info.AppID)
	if err != nil {
		return Finding{Wrong: "the app's manifest can't be read: " + reason(err), Advice: "Configuration tokens live twelve hours; make a new one at https://api.slack.com/apps."}
	}
	var have []string
	if m.Settings.EventSubscriptions != nil {
		have = m.Settings.EventSubscriptions.BotEvents
	}
	if missing := lacking(eventNames(), have); len(missing) > 0 {
		return Finding{Wrong: "events are not subscribed: " + strings.Join(missing, ", "), Advice: advice}
	}
	return Finding{Fine: fmt.Sprintf("all %d events are subscribed", len(events))}
}
