package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"paperboy/internal/chat"
	"paperboy/internal/english"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// alone is the address of the picks for a person alone.
const alone = "me"

// channelsPage is where a person may change what is posted.
type channelsPage struct {
	Channels []channelLine
}

type channelLine struct{ Name, Path, Topics, Next string }

// channels lists those that the person manages.
func (w *Web) channels(out http.ResponseWriter, r *http.Request, v visit) error {
	ctx := r.Context()
	own, err := w.store.Channel(ctx, chat.Direct(v.by()))
	if err != nil {
		return err
	}
	all, err := w.store.ChannelsOn(ctx, v.by().Platform, channelsMost)
	if err != nil {
		return err
	}
	var p channelsPage
	if w.platforms[v.by().Platform] != nil {
		p.Channels = []channelLine{{"Picks for you alone", "/settings/" + alone, topicsOf(own), w.next(own)}}
	}
	for i, may := range w.manages(ctx, v.by(), all) {
		if c := all[i]; may {
			p.Channels = append(p.Channels, channelLine{w.names.place(ctx, c.Place), "/settings/" + c.ID, topicsOf(c), w.next(c)})
		}
	}
	return w.render(out, r, v, http.StatusOK, "channels", "Settings", p)
}

// asksAtOnce is how many questions a chat service gets at a time.
const asksAtOnce = 8

// manages tells of which channels a person may decide what is posted. One of which
// that can't be found out is left out.
func (w *Web) manages(ctx context.Context, by chat.Person, all []team.Channel) []bool {
	may := make([]bool, len(all))
	platform, ok := w.platforms[by.Platform]
	if !ok {
		return may
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(asksAtOnce)
	for i, c := range all {
		if _, direct := c.Place.Person(); direct {
			continue
		}
		group.Go(func() error {
			yes, err := platform.Manages(ctx, by, c.Place)
			may[i] = yes && err == nil
			return nil
		})
	}
	_ = group.Wait()
	return may
}

func topicsOf(c team.Channel) string {
	var names []string
	for _, t := range c.Prefs.Topics {
		if t.Query == team.Everything {
			names = append(names, "everything")
		} else {
			names = append(names, "“"+t.Query+"”")
		}
	}
	if len(names) == 0 {
		return "No topic is followed, so nothing is posted."
	}
	return "On " + english.Some(names, 3, "more topic", "and") + "."
}

// next says when a channel is posted to next.
func (w *Web) next(c team.Channel) string {
	switch {
	case c.Gone != "":
		return "Nothing can be posted there: " + c.Gone + "."
	case !c.Prefs.Follows():
		return ""
	case c.Prefs.Paused && c.Prefs.PausedUntil.IsZero():
		return "Paused."
	case c.Next.At.IsZero():
		return "Nothing is scheduled."
	}
	return "Next post: " + c.Next.At.In(w.picker.Zone(c)).Format("Monday, 2 January at 15:04") + "."
}

// settingsPage is the settings of a channel, with what they would pick.
type settingsPage struct {
	Name    string
	Path    string
	Intro   string
	Fields  []field
	Submit  string
	Token   string
	Saved   string // what saving did
	Preview *preview
	History []change
}

// field is a chat.Field as HTML has it.
type field struct {
	Name, Label, Hint, Problem string
	Kind                       chat.Kind
	Value                      string
	Options                    []choice
	Optional                   bool
	Max                        int
}

type choice struct {
	Value, Label string
	Chosen       bool
}

// change is an entry of the channel's history.
type change struct{ When, Who, What string }

// place is the channel that an address names, for who may change it.
func (w *Web) place(r *http.Request, v visit) (chat.Place, string, error) {
	id := r.PathValue("channel")
	if w.platforms[v.by().Platform] == nil {
		return chat.Place{}, "", notFound("Picks are posted in a chat, and the one that you come from is not connected to this Paperboy.")
	}
	if id == alone {
		return chat.Direct(v.by()), "picks for you alone", nil
	}
	c, ok, err := w.store.ChannelWith(r.Context(), id)
	if err != nil {
		return chat.Place{}, "", err
	}
	// Of a channel of others a person may not even know that it exists.
	if !ok || c.Place.Platform != v.by().Platform || !w.manages(r.Context(), v.by(), []team.Channel{c})[0] {
		return chat.Place{}, "", notFound("There is no such channel among those that you manage.")
	}
	return c.Place, w.names.place(r.Context(), c.Place), nil
}

// form is the settings of a place as the bot gives them to the person.
func (w *Web) form(ctx context.Context, v visit, in chat.Place) (*chat.Form, error) {
	m := w.bot.Pressed(ctx, chat.Press{Action: "form settings", By: v.by(), In: in, At: v.now})
	if m.Form == nil {
		return nil, problem{http.StatusForbidden, "Not yours to change", m.Text.String()}
	}
	return m.Form, nil
}

func (w *Web) settings(out http.ResponseWriter, r *http.Request, v visit) error {
	in, name, err := w.place(r, v)
	if err != nil {
		return err
	}
	f, err := w.form(r.Context(), v, in)
	if err != nil {
		return err
	}
	p := w.settingsPage(r, v, f, name, nil, nil)
	filled := asFilled(f, in, v)
	if p.Preview, _, err = w.preview(r.Context(), v, filled); err != nil {
		return err
	}
	if r.URL.Query().Get("saved") != "" {
		p.Saved = "Saved."
	}
	if p.History, err = w.history(r.Context(), v, in); err != nil {
		return err
	}
	return w.render(out, r, v, http.StatusOK, "settings", "Settings of "+name, p)
}

// asFilled is a form as it comes, handed in.
func asFilled(f *chat.Form, in chat.Place, v visit) chat.Filled {
	filled := chat.Filled{Form: f.Name, In: in, By: v.by(), At: v.now, Values: map[string][]string{}}
	for _, one := range f.Fields {
		filled.Values[one.Name] = one.Values
	}
	return filled
}

// changeSettings saves what was filled in, or shows what it would pick.
func (w *Web) changeSettings(out http.ResponseWriter, r *http.Request, v visit) error {
	in, name, err := w.place(r, v)
	if err != nil {
		return err
	}
	f, err := w.form(r.Context(), v, in)
	if err != nil {
		return err
	}
	filled := w.filled(r, v, f, in)
	if r.PostForm.Get("do") != "preview" {
		return w.save(out, r, v, f, name, filled)
	}
	shown, problems, err := w.preview(r.Context(), v, filled)
	if err != nil {
		return err
	}
	if wantsPart(r) {
		if len(problems) > 0 {
			shown = &preview{Note: "Some of the settings can’t be as they are: " + strings.Join(sentences(problems), " ")}
		}
		return w.part(out, r, http.StatusOK, "preview", shown)
	}
	p := w.settingsPage(r, v, f, name, filled.Values, problems)
	p.Preview = shown
	return w.render(out, r, v, http.StatusOK, "settings", "Settings of "+name, p)
}

// save hands the form in.
func (w *Web) save(out http.ResponseWriter, r *http.Request, v visit, f *chat.Form, name string, filled chat.Filled) error {
	verdict := w.bot.Submitted(r.Context(), filled)
	if len(verdict.Problems) > 0 {
		p := w.settingsPage(r, v, f, name, filled.Values, verdict.Problems)
		return w.render(out, r, v, http.StatusUnprocessableEntity, "settings", "Settings of "+name, p)
	}
	http.Redirect(out, r, r.URL.EscapedPath()+"?saved=1", http.StatusSeeOther)
	return nil
}

// filled is what the person typed and chose. Browsers end lines with CR LF.
func (w *Web) filled(r *http.Request, v visit, f *chat.Form, in chat.Place) chat.Filled {
	filled := chat.Filled{Form: f.Name, In: in, By: v.by(), At: v.now, Values: map[string][]string{}}
	for _, one := range f.Fields {
		for _, value := range r.PostForm[one.Name] {
			value = strings.ReplaceAll(value, "\r\n", "\n")
			if one.Max > 0 && len([]rune(value)) > one.Max {
				value = string([]rune(value)[:one.Max])
			}
			filled.Values[one.Name] = append(filled.Values[one.Name], value)
		}
	}
	return filled
}

// settingsPage shows a form, with other values than its own if there are some.
func (w *Web) settingsPage(r *http.Request, v visit, f *chat.Form, name string, values map[string][]string, problems map[string]string) settingsPage {
	p := settingsPage{Name: name, Path: r.URL.EscapedPath(), Intro: f.Intro.String(), Submit: f.Submit, Token: v.token}
	for _, one := range f.Fields {
		has := one.Values
		if values != nil {
			has = values[one.Name]
		}
		shown := field{Name: one.Name, Label: one.Label, Hint: one.Hint, Kind: one.Kind, Optional: one.Optional, Max: one.Max,
			Value: strings.Join(has, "\n"), Problem: problems[one.Name]}
		for _, o := range one.Options {
			shown.Options = append(shown.Options, choice{o.Value, o.Label, slices.Contains(has, o.Value)})
		}
		p.Fields = append(p.Fields, shown)
	}
	return p
}

// historyShown is how many changes the page lists.
const historyShown = 8

func (w *Web) history(ctx context.Context, v visit, in chat.Place) (all []change, err error) {
	changes, _, err := w.store.History(ctx, in, store.Page{Limit: historyShown})
	for _, c := range changes {
		who := "Paperboy"
		if c.By.ID != "" {
			who = w.names.person(ctx, c.By)
		}
		all = append(all, change{c.At.In(w.options.Zone).Format("2 Jan 2006"), who, c.What})
	}
	return all, err
}

// preview is what the next post would be.
type preview struct {
	Heading string
	Note    string
	Cards   []previewCard
	Listed  string
	Steps   []step
	Left    string
	Past    bool // it is of a day in the past, for a taste
}

// previewCard is a pick.
type previewCard struct {
	Number            int
	Title, Path       string
	Byline, Why, Says string
}

// step is what a filter removes, with its share of all papers in percent.
type step struct {
	Label, Papers string
	Share         int
}

// preview works out what a form would pick next, or what is wrong with it.
func (w *Web) preview(ctx context.Context, v visit, filled chat.Filled) (*preview, map[string]string, error) {
	c, problems, err := w.bot.Draft(ctx, filled)
	if err != nil || len(problems) > 0 {
		return nil, problems, err
	}
	if !c.Prefs.Follows() {
		return &preview{Note: "No topic is followed, so nothing is posted. Add one to see what it would bring; a * is everything."}, nil, nil
	}
	o, err := w.picker.Outlook(ctx, c, v.now)
	if err != nil {
		return nil, nil, err
	}
	p := shownOutlook(o)
	return &p, nil, nil
}

func shownOutlook(o picks.Outlook) preview {
	p := preview{
		Heading: o.Day.Start(time.UTC).Format("Monday, 2 January"), Note: o.Note, Past: o.Past,
		Listed: english.Count(o.Listed, "paper") + " listed from " + shortDay(o.From) + " to " + shortDay(o.To),
		Left:   english.Count(o.Left, "paper") + " left",
	}
	for _, s := range o.Removed {
		p.Steps = append(p.Steps, step{s.Label, english.Thousands(s.Papers), 100 * s.Papers / max(1, o.Listed)})
	}
	for _, c := range o.Cards {
		p.Cards = append(p.Cards, previewCard{c.Number, shorten(c.Title.String(), titleLimit), PathOf(c.Paper), c.Byline, c.Why.String(), c.Counts})
	}
	return p
}

// sentences are the problems of a form, in the order of the fields' names.
func sentences(problems map[string]string) (all []string) {
	for _, p := range problems {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}
