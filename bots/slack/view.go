package slack

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"time"

	api "github.com/slack-go/slack"

	"paperboy/internal/chat"
)

const (
	maxViewBlocks = 100
	maxHint       = 300
	maxOption     = 75
	maxTextInput  = 3000

	// formWithin is how long a form may take before it is acknowledged without a
	// verdict; Slack allows three seconds.
	formWithin = 2 * time.Second

	// A window is filled after the acknowledgement that opens it, which takes its
	// own way to Slack.
	fillTries = 20
	fillPause = 150 * time.Millisecond

	formCallback = "form"
	listCallback = "list"
	field        = "value" // the action of every field
)

// view is a window or a page.
type view struct {
	ID       string
	Type     string
	Callback string `json:"callback_id"`
	Private  string `json:"private_metadata"`
	State    struct {
		Values map[string]map[string]struct {
			Value    string
			Selected struct{ Value string }   `json:"selected_option"`
			Several  []struct{ Value string } `json:"selected_options"`
		}
	}
}

// private travels with a window.
type private struct {
	Form    string `json:",omitempty"`
	In      chat.Place
	Channel string `json:",omitempty"` // where it was asked for
	Window  string `json:",omitempty"` // our own name of the window that an answer is shown in
}

func (p private) String() string {
	b, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return string(b)
}

func readPrivate(s string) (p private) {
	_ = json.Unmarshal([]byte(s), &p) // of another version, or not ours: nothing is known
	return p
}

// placeOf is the place that a window is about.
func (l *listener) placeOf(s string) (chat.Place, bool) {
	p := readPrivate(s)
	return p.In, p.In != chat.Place{} && p.In.Space == l.self.team && p.In.Platform == name
}

// openForm opens the window of a form, if there is still time to.
func (l *listener) openForm(ctx context.Context, to asker, f chat.Form) bool {
	if to.trigger == "" {
		return false
	}
	v := l.formView(ctx, f)
	v.PrivateMetadata = private{Form: f.Name, In: f.In, Channel: to.channel}.String()
	_, err := l.web.OpenViewContext(ctx, to.trigger, v)
	if err != nil {
		l.log.Info("a form could not be opened", "place", to.channel, "err", sorted(ctx, err))
	}
	return err == nil
}

// formView is a form as a window.
func (l *listener) formView(ctx context.Context, f chat.Form) api.ModalViewRequest {
	v := window(f.Title)
	v.CallbackID = formCallback
	v.Submit = label(cmp.Or(line(f.Submit), "OK"), maxViewTitle)
	if b := l.look(ctx, chat.Message{Text: f.Intro}).rich(f.Intro, 1_500); b != nil {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, b)
	}
	for _, field := range f.Fields {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, fieldBlock(field))
	}
	return v
}

func window(title string) api.ModalViewRequest {
	return api.ModalViewRequest{
		Type:  api.VTModal,
		Title: label(cmp.Or(line(title), "Paperboy"), maxViewTitle),
		Close: label("Close", maxViewTitle),
	}
}

// fieldBlock is a field; its name is the block's, by which problems are told.
func fieldBlock(f chat.Field) api.Block {
	b := &api.InputBlock{
		Type: api.MBTInput, BlockID: cut(f.Name, maxBlockID), Label: label(cmp.Or(line(f.Label), f.Name, "…"), maxHint), Element: element(f), Optional: f.Optional,
	}
	if hint := line(f.Hint); hint != "" {
		b.Hint = label(hint, maxHint)
	}
	return b
}

func element(f chat.Field) api.BlockElement {
	switch f.Kind {
	case chat.OneOf:
		e := &api.SelectBlockElement{Type: api.OptTypeStatic, ActionID: field, Options: options(f.Options)}
		if chosen := chosen(f); len(chosen) > 0 {
			e.InitialOption = options(chosen)[0]
		}
		return e
	case chat.Several:
		return &api.MultiSelectBlockElement{Type: api.MultiOptTypeStatic, ActionID: field, Options: options(f.Options), InitialOptions: options(chosen(f))}
	}
	e := &api.PlainTextInputBlockElement{Type: api.METPlainTextInput, ActionID: field, Multiline: f.Kind == chat.Lines, MaxLength: min(cmp.Or(f.Max, maxTextInput), maxTextInput)}
	if len(f.Values) > 0 {
		e.InitialValue = cut(plain(f.Values[0]), e.MaxLength)
	}
	return e
}

// chosen are the options that a field begins with.
func chosen(f chat.Field) (all []chat.Option) {
	for _, v := range f.Values {
		for _, o := range f.Options {
			if o.Value == v {
				all = append(all, o)
			}
		}
	}
	return all
}

func options(all []chat.Option) []*api.OptionBlockObject {
	var out []*api.OptionBlockObject
	for _, o := range all {
		out = append(out, &api.OptionBlockObject{Text: label(cmp.Or(line(o.Label), o.Value, "…"), maxOption), Value: cut(o.Value, maxOption)})
	}
	return out
}

// values are what was filled in.
func (v view) values() map[string][]string {
	all := map[string][]string{}
	for name, block := range v.State.Values {
		all[name] = nil
		for _, s := range block {
			switch {
			case s.Selected.Value != "":
				all[name] = []string{s.Selected.Value}
			case len(s.Several) > 0:
				for _, o := range s.Several {
					all[name] = append(all[name], o.Value)
				}
			case s.Value != "":
				all[name] = []string{strings.ReplaceAll(s.Value, "\u2060", "")}
			}
		}
	}
	return all
}

// submitted hands a form over. The acknowledgement carries the verdict; if that
// takes long, the window closes and the verdict follows on its own.
func (l *listener) submitted(ctx context.Context, i interaction, ack func(any)) {
	if i.View.Callback != formCallback {
		ack(nil)
		return
	}
	p := readPrivate(i.View.Private)
	p.Window = rand.Text()
	verdicts, inTime := make(chan chat.Verdict, 1), make(chan bool, 1)
	l.work(ctx, func(ctx context.Context) {
		v := l.h.Submitted(ctx, chat.Filled{Form: p.Form, In: p.In, Values: i.View.values(), By: l.self.person(i.User.ID), At: l.o.Now()})
		verdicts <- v
		l.verdict(ctx, i, p, v, <-inTime)
	})
	timer := time.NewTimer(formWithin)
	defer timer.Stop()
	select {
	case v := <-verdicts:
		ack(p.response(v))
		inTime <- true
		return
	case <-timer.C:
	case <-ctx.Done():
	}
	ack(nil)
	inTime <- false
}

// response is the acknowledgement that a verdict makes. It has to be small, so
// that cards follow after it.
func (p private) response(v chat.Verdict) any {
	switch {
	case len(v.Problems) > 0:
		return api.NewErrorsViewSubmissionResponse(problems(v))
	case len(v.Answer.Cards) > 0:
		w := window("Papers")
		w.CallbackID, w.ExternalID = listCallback, p.Window
		w.Blocks.BlockSet = []api.Block{faint("One moment …")}
		return api.NewUpdateViewSubmissionResponse(&w)
	}
	return nil
}

func problems(v chat.Verdict) map[string]string {
	all := map[string]string{}
	for name, sentence := range v.Problems {
		all[name] = cut(cmp.Or(line(sentence), "This can't be."), maxHint)
	}
	return all
}

// verdict shows what an acknowledgement has no room or time for.
func (l *listener) verdict(ctx context.Context, i interaction, p private, v chat.Verdict, inTime bool) {
	to := asker{user: i.User.ID, channel: p.Channel}
	switch {
	case len(v.Problems) > 0 && !inTime:
		t := chat.Plain("That could not be saved:")
		for _, sentence := range problems(v) {
			t = append(t, chat.Span{Text: "\n• " + sentence})
		}
		l.answer(ctx, to, chat.Message{Text: t})
	case len(v.Problems) > 0:
	case len(v.Answer.Cards) > 0 && inTime:
		l.fill(ctx, p, v.Answer)
	default:
		l.answer(ctx, to, v.Answer)
	}
	if len(v.Problems) == 0 && p.Channel == "" {
		l.refreshHome(ctx, i.User.ID, chat.Message{})
	}
}

// listView is an answer as a window.
func (l *listener) listView(ctx context.Context, p private, m chat.Message) api.ModalViewRequest {
	v := window("Papers")
	v.CallbackID, v.PrivateMetadata = listCallback, p.String()
	v.Blocks.BlockSet = l.look(ctx, m).blocks(m)
	return v
}

// fill shows an answer in a window that Slack may not have opened yet.
func (l *listener) fill(ctx context.Context, p private, m chat.Message) {
	v := l.listView(ctx, p, m)
	v.ExternalID = p.Window
	var err error
	for range fillTries {
		if _, err = l.web.UpdateViewContext(ctx, v, p.Window, "", ""); errorCode(err) != "not_found" {
			break
		}
		rest(ctx, fillPause)
	}
	if err != nil {
		l.log.Info("a window could not be filled", "err", sorted(ctx, err))
	}
}

func (l *listener) updateList(ctx context.Context, id string, p private, m chat.Message) {
	_, err := l.web.UpdateViewContext(ctx, l.listView(ctx, p, m), "", "", id)
	if err != nil {
		l.log.Info("a window could not be changed", "err", sorted(ctx, err))
	}
}

// pressedInView answers a press in a window or on the page: another page of a
// list in its place, cards in a window of their own, a sentence at the top of the
// page.
func (l *listener) pressedInView(ctx context.Context, i interaction, a action, does string) {
	p := readPrivate(i.View.Private)
	m := l.h.Pressed(ctx, l.pressOf(ctx, i, does, a.ActionTS))
	page := i.View.Type == "home"
	switch {
	case m.Form != nil && l.openForm(ctx, asker{user: i.User.ID, trigger: i.Trigger}, *m.Form):
	case m.Empty():
	case m.Replace && !page:
		l.updateList(ctx, i.View.ID, p, m)
	case page && len(m.Cards) == 0:
		l.refreshHome(ctx, i.User.ID, m)
	case page:
		l.show(ctx, func(v api.ModalViewRequest) error { _, err := l.web.OpenViewContext(ctx, i.Trigger, v); return err }, p, m)
	default:
		l.show(ctx, func(v api.ModalViewRequest) error { _, err := l.web.PushViewContext(ctx, i.Trigger, v); return err }, p, m)
	}
}

func (l *listener) show(ctx context.Context, by func(api.ModalViewRequest) error, p private, m chat.Message) {
	if err := by(l.listView(ctx, p, m)); err != nil {
		l.log.Info("a window could not be opened", "err", sorted(ctx, err))
	}
}

// visited shows the app's page to somebody who opens it.
func (l *listener) visited(ctx context.Context, e inner) error {
	if e.Tab != "" && e.Tab != "home" || e.User == "" {
		return nil
	}
	l.refreshHome(ctx, e.User, chat.Message{})
	return nil
}

// refreshHome shows the app's page anew, with a sentence on top.
func (l *listener) refreshHome(ctx context.Context, user string, top chat.Message) {
	parts := l.h.Home(ctx, chat.Visit{By: l.self.person(user), At: l.o.Now()})
	if !top.Empty() {
		parts = append([]chat.Message{top}, parts...)
	}
	_, err := l.web.PublishViewContext(ctx, api.PublishViewContextRequest{UserID: user, View: api.HomeTabViewRequest{
		Type: api.VTHomeTab, Blocks: api.Blocks{BlockSet: l.page(ctx, parts)},
	}})
	if err != nil {
		l.log.Info("the page could not be shown", "err", sorted(ctx, err))
	}
}

// page are all parts from top to bottom, as far as a page has room.
func (l *listener) page(ctx context.Context, parts []chat.Message) []api.Block {
	look := l.look(ctx, parts...)
	all := []api.Block{} // a page has blocks, be it none
	for n, m := range parts {
		blocks := look.blocks(m)
		if len(all)+len(blocks)+1 > maxViewBlocks {
			break
		}
		if n > 0 {
			all = append(all, api.NewDividerBlock())
		}
		all = append(all, distinct(blocks, n)...)
	}
	return all
}
