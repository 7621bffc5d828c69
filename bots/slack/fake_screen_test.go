package slack

import (
	"fmt"
	"regexp"
	"strings"

	"paperboy/bots/bottest"
	"paperboy/internal/chat"
)

// seen is something on a screen.
type seen struct {
	bottest.Shown
	post   *posted
	edited string
}

// show puts a message on the screens. The caller holds mu.
func (s *service) show(p *posted, edited string) {
	r := reader{}
	blocks, _ := p.args["blocks"].([]any)
	for _, b := range blocks {
		r.block(b.(map[string]any))
	}
	text, _ := p.args["text"].(string)
	r.markup(text)
	shown := bottest.Shown{Text: r.text.String(), Links: r.links, Harm: r.harm}
	if p.only != "" {
		shown.To = chat.Person{Platform: name, Space: testTeam, ID: p.only}
	}
	thing := seen{shown, p, edited}
	thing.Raw = thing
	s.screen <- thing
}

// reader reads blocks as Slack shows them.
type reader struct {
	text  strings.Builder
	links []string
	harm  string
}

func (r *reader) block(b map[string]any) {
	switch b["type"] {
	case "rich_text":
		for _, section := range b["elements"].([]any) {
			r.section(section.(map[string]any))
		}
	case "context", "actions":
		for _, e := range b["elements"].([]any) {
			r.element(e.(map[string]any))
		}
	case "divider":
	default:
		r.harm = fmt.Sprintf("has a block of type %v", b["type"])
	}
	r.text.WriteString("\n")
}

func (r *reader) section(section map[string]any) {
	for _, e := range section["elements"].([]any) {
		e := e.(map[string]any)
		text, _ := e["text"].(string)
		switch e["type"] {
		case "text", "link":
			r.text.WriteString(unseen.Replace(text))
			if link, ok := e["url"].(string); ok {
				r.links = append(r.links, link)
			}
		case "channel":
			r.text.WriteString("#" + e["channel_id"].(string))
		default:
			r.harm = fmt.Sprintf("pings somebody, by an element of type %v", e["type"])
		}
	}
}

// unseen are the characters without a width that are ours.
var unseen = strings.NewReplacer("\u2060", "")

func (r *reader) element(e map[string]any) {
	switch e["type"] {
	case "plain_text":
		r.text.WriteString(unseen.Replace(e["text"].(string)))
	case "mrkdwn":
		r.markup(e["text"].(string))
	case "button", "overflow":
		for _, b := range buttonsOf(e) {
			r.text.WriteString(" [" + unseen.Replace(b.label) + "]")
		}
		if link, ok := e["url"].(string); ok {
			r.links = append(r.links, link)
		}
	default:
		r.harm = fmt.Sprintf("has an element of type %v", e["type"])
	}
}

var mention = regexp.MustCompile(`<[!@#][^>]*>`)

// markup looks for harm in text that Slack parses.
func (r *reader) markup(text string) {
	if m := mention.FindString(text); m != "" {
		r.harm = "pings somebody with " + m
	}
	if i := strings.IndexFunc(text, func(c rune) bool {
		return c < ' ' && c != '\n' || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069
	}); i >= 0 {
		r.harm = "has control characters"
	}
}

// pressable is a button on a screen.
type pressable struct {
	label  string
	action map[string]any
}

func buttonsOf(e map[string]any) (all []pressable) {
	if e["type"] == "overflow" {
		for _, o := range e["options"].([]any) {
			o := o.(map[string]any)
			all = append(all, pressable{labelOf(o), map[string]any{"type": "overflow", "action_id": e["action_id"], "selected_option": o}})
		}
		return all
	}
	return []pressable{{labelOf(e), map[string]any{"type": "button", "action_id": e["action_id"], "value": e["value"]}}}
}

func labelOf(e map[string]any) string { return e["text"].(map[string]any)["text"].(string) }

// find is the latest message with a button of that label.
func (s *service) button(label string) (*posted, map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.posts) - 1; i >= 0; i-- {
		blocks, _ := s.posts[i].args["blocks"].([]any)
		for _, b := range blocks {
			b := b.(map[string]any)
			if b["type"] != "actions" {
				continue
			}
			for _, e := range b["elements"].([]any) {
				for _, p := range buttonsOf(e.(map[string]any)) {
					if p.label == label {
						p.action["block_id"] = b["block_id"]
						return s.posts[i], p.action
					}
				}
			}
		}
	}
	return nil, nil
}
