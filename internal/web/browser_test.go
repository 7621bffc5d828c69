package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Environment variables of the tests in a browser.
const (
	// envChromium is where Chromium is, or "required": then a test that finds none
	// fails in the place of being skipped.
	envChromium = "PAPERBOY_TEST_CHROMIUM"
	// envAxe is where axe.min.js of axe-core is, which checks accessibility.
	envAxe = "PAPERBOY_TEST_AXE"
	// envShots is a folder for pictures of the pages, to look at.
	envShots = "PAPERBOY_TEST_SHOTS"
)

// patience is how long a browser may take for one test.
const patience = 8 * time.Minute

// findChromium is where Chromium is; "" if it is nowhere.
func findChromium() string {
	if wanted := os.Getenv(envChromium); wanted != "" && wanted != "required" {
		return wanted
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// needChromium skips a test where there is no browser, or fails it if this run must
// have one.
func needChromium(t *testing.T) (path string) {
	t.Helper()
	path = findChromium()
	switch {
	case path != "":
	case os.Getenv(envChromium) == "required":
		t.Fatal("Chromium is not installed, and this run must test in a browser")
	default:
		t.Skipf("no Chromium: install it, or set %s to where it is", envChromium)
	}
	return path
}

// chrome is one browser for all tests, started when the first needs it. Each has a
// profile of its own in it.
var chrome = sync.OnceValues(func() (context.Context, error) {
	dir, err := os.MkdirTemp("", "paperboy-chromium-")
	if err != nil {
		return nil, err
	}
	flags := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findChromium()), chromedp.UserDataDir(dir), chromedp.WSURLReadTimeout(patience))
	for _, flag := range []string{"no-sandbox", "disable-gpu", "disable-quic", "disable-component-update"} {
		flags = append(flags, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, closePage := chromedp.NewContext(allocator)
	closeChrome = func() {
		closePage()
		stop()
		os.RemoveAll(dir)
	}
	return ctx, chromedp.Do(ctx)
})

// closeChrome ends the browser, if there is one.
var closeChrome = func() {}

func TestMain(m *testing.M) {
	status := m.Run()
	closeChrome()
	os.Exit(status)
}

// tabOf is a page in a real browser, at a site that listens.
type tabOf struct {
	*site
	ctx    context.Context
	server string

	mu    sync.Mutex // guards wrong
	wrong []string   // what the browser complains of, or loads from elsewhere
}

// openTab starts a browser with one page, and the site on loopback.
func openTab(t *testing.T, papers []paper.Paper) *tabOf {
	t.Helper()
	path := needChromium(t)
	s := newSite(t, papers, everything)
	server := httptest.NewServer(s.handler)
	t.Cleanup(server.Close)
	browser, err := chrome()
	if err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	tab := &tabOf{site: s, ctx: ctx, server: server.URL}
	if err := chromedp.Listen(ctx, tab.hear); err != nil {
		t.Fatalf("open a page in %s: %v", path, err)
	}
	tell(tab, network.Enable, network.EnableParams{})
	tell(tab, log.Enable, cdp.Empty{})
	tab.width(1280)
	t.Cleanup(func() {
		tab.mu.Lock()
		defer tab.mu.Unlock()
		for _, w := range tab.wrong {
			t.Error(w)
		}
	})
	return tab
}

// hear notes what must not happen on any page.
func (t *tabOf) hear(event any) {
	var wrong string
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		ours := strings.HasPrefix(e.Request.URL, t.server) || strings.HasPrefix(e.Request.URL, "data:") // the browser's own icons
		if !ours && !strings.HasPrefix(e.Request.URL, "about:") {
			wrong = "the page asks " + e.Request.URL
		}
	case *runtime.EventExceptionThrown:
		wrong = "the script failed: " + e.ExceptionDetails.Text
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "status of 4") {
			wrong = "the browser complains: " + e.Entry.Text
		}
	}
	if wrong != "" {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.wrong = append(t.wrong, wrong)
	}
}

func (t *tabOf) run(actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, a := range actions {
		err := chromedp.Do(t.ctx, a)
		for tries := 0; err != nil && strings.Contains(err.Error(), pageChanged) && tries < 10; tries++ {
			err = chromedp.Do(t.ctx, a)
		}
		if err != nil {
			t.Fatalf("in the browser: %v", err)
		}
	}
}

// pageChanged is in the error of an action that found its place on a page just as
// the next page came, and so did nothing.
const pageChanged = "(-32000)"

// tell gives the browser a command of its protocol.
func tell[P, R any](t *tabOf, c cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(t.ctx, c, params); err != nil {
		t.Fatalf("%s: %v", c.Method, err)
	}
}

func (t *tabOf) click(css string)   { t.Helper(); t.run(chromedp.Click(chromedp.CSS(css))) }
func (t *tabOf) visible(css string) { t.Helper(); t.run(chromedp.WaitVisible(chromedp.CSS(css))) }

// write types into a field, after what stands there.
func (t *tabOf) write(css, text string) {
	t.Helper()
	t.run(chromedp.SendKeys(chromedp.CSS(css), text))
}

// fill puts text into a field as somebody does who types it.
func (t *tabOf) fill(css, text string) {
	t.Helper()
	js[bool](t, fmt.Sprintf(`(e => { e.value = %q; e.dispatchEvent(new Event("input", { bubbles: true })); return true })(document.querySelector(%q))`, text, css))
}

// goTo opens a page, a second after the last one.
func (t *tabOf) goTo(path string) {
	t.Helper()
	t.clock.pass(time.Second)
	t.run(chromedp.Navigate(t.server + path))
}

// signIn signs the browser in by a link, as a person does.
func (t *tabOf) signIn(who chat.Person) {
	t.Helper()
	t.goTo(t.link(who))
	t.run(chromedp.Click(chromedp.CSS(`form button.main`)), chromedp.WaitVisible(chromedp.CSS(`a[href="/me"]`)))
}

// js is the value of an expression, as JSON has it.
func js[V any](t *tabOf, expression string) (v V) {
	t.Helper()
	v, err := chromedp.Run(t.ctx, chromedp.Evaluate[V](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// until waits for an expression to be true, on this page or the next.
func (t *tabOf) until(expression string) {
	t.Helper()
	for {
		_, err := chromedp.Run(t.ctx, chromedp.Poll[bool]("!!("+expression+")", chromedp.WithPollingTimeout(time.Minute)))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "timeout") && t.ctx.Err() == nil { // the page is being left
			continue
		}
		t.Fatalf("%s does not come true: %v\n%s", expression, err, js[string](t, "document.body?.innerText ?? ''"))
	}
}

func (t *tabOf) dark(on bool) {
	t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	tell(t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

func (t *tabOf) width(pixels int64) {
	t.Helper()
	t.run(chromedp.EmulateViewport(pixels, 900))
}

// shifts counts how much of the page moves while it loads.
const shifts = `window.shifted = 0; new PerformanceObserver(l => { for (const e of l.getEntries()) window.shifted += e.value }).observe({ type: "layout-shift", buffered: true });`

func TestBrowserFirstVisit(t *testing.T) {
	tab := openTab(t, month())
	tell(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: shifts})
	tab.goTo("/")
	tab.visible("article.card")
	if got := js[int](tab, `document.querySelectorAll("article.card").length`); got != 12 {
		t.Errorf("%d cards are shown, want 12", got)
	}
	if moved := js[float64](tab, "window.shifted"); moved > 0 {
		t.Errorf("the layout shifts by %f", moved)
	}
	// Folding out needs no script of ours.
	tab.run(chromedp.Click(chromedp.CSS(`article.card details.abstract summary`)), chromedp.WaitVisible(chromedp.CSS(`article.card details.abstract[open] p`)))
	tab.run(chromedp.Click(chromedp.CSS(`article.card details.authors summary`)), chromedp.WaitVisible(chromedp.CSS(`article.card details.authors[open] p`)))
	// To yesterday and back.
	tab.click(`a[rel=prev]`)
	tab.until(`location.pathname === "/date/2026-02-26" && document.querySelector("h1")?.textContent === "Thursday, 26 February 2026"`)
	tab.click(`a[rel=next]`)
	tab.until(`location.pathname === "/date/2026-02-27"`)
	tab.run(chromedp.Click(`//nav[@aria-label="Period"]/a[text()="Week"]`))
	tab.until(`location.pathname === "/week/2026-W09"`)
	tab.click(`article.card h2 a`)
	tab.until(`location.pathname.startsWith("/paper/arxiv:") && document.querySelector("#abstract")`)
}

func TestBrowserSearchesAtEveryKey(t *testing.T) {
	tab := openTab(t, month())
	tab.goTo("/search")
	tab.write("#q", "diffusion exp")
	tab.until(`document.querySelector("#results h1").textContent.endsWith("“diffusion exp”")`)
	tab.write("#q", "erts")
	tab.until(`/papers for “diffusion experts”/.test(document.querySelector("#results h1").textContent)`)
	if got := js[string](tab, "location.search"); got != "?q=diffusion+experts" {
		t.Errorf("the address says %s", got)
	}
	if got := js[string](tab, `document.querySelector("article.card h2 mark").textContent`); got != "Diffusion" {
		t.Errorf("%q is marked", got)
	}
	typed := js[string](tab, `[...document.querySelectorAll("article.card h2")].map(h => h.textContent).join()`)
	tab.run(chromedp.Reload())
	if whole := js[string](tab, `[...document.querySelectorAll("article.card h2")].map(h => h.textContent).join()`); whole != typed {
		t.Errorf("at every key there is %s, on the page %s", typed, whole)
	}
	// From any other page, and back.
	tab.goTo("/topics")
	tab.write("#q", "chess")
	tab.until(`location.search === "?q=chess" && document.querySelector("article.card h2 mark")?.textContent === "Chess"`)
	tab.run(chromedp.NavigateBack())
	tab.until(`location.pathname === "/topics" && document.querySelector("h1")?.textContent === "Topics"`)
	tab.goTo("/search?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E") // a hostile search, put in by the script
	tab.write("#q", "<b>x</b>")
	tab.until(`document.querySelector("#results").textContent.includes("<b>x</b>")`)
	if n := js[int](tab, `document.querySelectorAll("#results img, #results b").length`); n > 0 {
		t.Errorf("%d elements were made of what was typed", n)
	}
}

func TestBrowserSignInAndVote(t *testing.T) {
	tab := openTab(t, month())
	tab.goTo("/")
	tab.click("a.vote")
	tab.until(`document.querySelector("h1")?.textContent === "Sign in from the chat"`)
	link := tab.link(ada)
	tab.goTo(link)
	tab.click(`form button.main`)
	tab.until(`location.pathname === "/" && document.querySelector('a[href="/me"]')`)
	tab.goTo(link)
	tab.until(`document.body.textContent.includes("This link has been used. Each is good once.")`)
	tab.goTo("/")
	if cookie := js[string](tab, "document.cookie"); cookie != "" {
		t.Errorf("scripts can read the cookie %q", cookie)
	}
	js[bool](tab, `(window.same = true)`)
	const first = `document.querySelector("article.card .vote")`
	for _, step := range []struct{ pressed, votes string }{{"true", "61"}, {"false", "60"}, {"true", "61"}} {
		tab.click("article.card .vote")
		tab.until(first + `.getAttribute("aria-pressed") === "` + step.pressed + `" && ` + first + `.querySelector("b").textContent === "` + step.votes + `"`)
		tab.until(`document.activeElement === ` + first + ` && document.getElementById("said").textContent === "` + step.votes + ` votes"`)
	}
	tab.click("article.card .save")
	tab.until(`document.querySelector("article.card .save").getAttribute("aria-pressed") === "true"`)
	if !js[bool](tab, "window.same === true") {
		t.Error("voting loads the page anew")
	}
	tab.run(chromedp.Reload())
	tab.until(first + `.getAttribute("aria-pressed") === "true"`)
	if votes, err := tab.store.AllVotes(t.Context(), team.Everyone); len(votes) != 1 || err != nil {
		t.Errorf("the store has votes for %d papers, %v", len(votes), err)
	}
	tab.goTo("/saved")
	tab.until(`document.querySelectorAll("article.card").length === 1`)
	tab.goTo("/me")
	tab.click(`form[action="/signout"] button`)
	tab.until(`document.querySelector("h1")?.textContent === "Sign in from the chat"`)
}

// TestBrowserVoteOfAnEndedSession has the session revoked while the page is open.
func TestBrowserVoteOfAnEndedSession(t *testing.T) {
	tab := openTab(t, month())
	tab.signIn(ada)
	if _, err := tab.store.EndOtherSessions(t.Context(), ada, ""); err != nil {
		t.Fatal(err)
	}
	tab.click("article.card .vote")
	tab.until(`document.querySelector("h1")?.textContent === "Sign in from the chat"`)
}

func TestBrowserSettingsShowWhatTheyPick(t *testing.T) {
	tab := openTab(t, month())
	c := tab.follow(square, ada, "diffusion")
	tab.signIn(ada)
	tab.goTo("/settings")
	tab.run(chromedp.Click(chromedp.CSS(`a[href="/settings/` + c.ID + `"]`)))
	tab.until(`document.querySelector("#preview .picks li a")?.textContent.startsWith("Diffusion")`)
	tab.fill("#f-topics", "chess")
	tab.until(`document.querySelector("#preview .picks li a")?.textContent.startsWith("Chess")`)
	tab.fill("#f-schedule", "nonsense")
	tab.until(`document.querySelector("#preview").textContent.includes("can’t be as they are")`)
	tab.fill("#f-schedule", "10:00 weekdays")
	tab.fill("#f-count", "1")
	tab.until(`document.querySelectorAll("#preview .picks li").length === 1`)
	tab.click(`button[value=save]`)
	tab.until(`document.querySelector(".good")?.textContent.startsWith("Saved.")`)
	if got, err := tab.store.Channel(t.Context(), square); err != nil || got.Prefs.Count != 1 || got.Prefs.Schedule.Hour != 10 {
		t.Errorf("saved %+v, %v", got.Prefs, err)
	}
}

func TestBrowserWithoutScripts(t *testing.T) {
	tab := openTab(t, month())
	c := tab.follow(square, ada, "diffusion")
	tell(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	tab.goTo(tab.link(ada))
	tab.run(chromedp.Click(chromedp.CSS(`form button.main`)), chromedp.WaitVisible(chromedp.CSS(`a[href="/me"]`)))
	tab.goTo("/date/2026-02-26")
	tab.run(chromedp.Click(chromedp.CSS("article.card .vote")), chromedp.WaitVisible(chromedp.CSS(`article.card .vote[aria-pressed=true]`)))
	tab.run(chromedp.Click(chromedp.CSS("article.card .save")), chromedp.WaitVisible(chromedp.CSS(`article.card .save[aria-pressed=true]`)))
	tab.run(chromedp.Click(chromedp.CSS("article.card details.abstract summary")), chromedp.WaitVisible(chromedp.CSS(`details.abstract[open] p`)))
	address, err := chromedp.Run(tab.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(address, "/date/2026-02-26#p-arxiv:") {
		t.Errorf("voting leads to %s", address)
	}
	tab.run(chromedp.SendKeys(chromedp.CSS("#q"), "diffusion\r"), chromedp.WaitVisible(chromedp.CSS("article.card h2 mark")))
	tab.goTo("/settings/" + c.ID)
	tab.run(chromedp.SetValue(chromedp.CSS("#f-count"), "1"), chromedp.Click(chromedp.CSS(`button[value=preview]`)))
	tab.visible("#preview .picks li")
	tab.run(chromedp.Click(chromedp.CSS(`button[value=save]`)), chromedp.WaitVisible(chromedp.CSS(".good")))
	if votes, err := tab.store.AllVotes(t.Context(), team.Everyone); len(votes) != 1 || err != nil {
		t.Errorf("the store has votes for %d papers, %v", len(votes), err)
	}
}

func TestBrowserKeyboard(t *testing.T) {
	tab := openTab(t, month())
	tab.goTo("/")
	tab.run(chromedp.KeyEvent("\t"))
	tab.until(`document.activeElement.className === "skip" && document.activeElement.getBoundingClientRect().top >= 0`)
	tab.run(chromedp.KeyEvent("\r"))
	tab.until(`document.activeElement.id === "main"`)
	for range 4 { // the arrow to the day before, and on
		tab.run(chromedp.KeyEvent("\t"))
		style := js[string](tab, `getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth`)
		if style != "solid3px" {
			t.Errorf("the focus on %s is shown as %s", js[string](tab, "document.activeElement.outerHTML"), style)
		}
	}
}

// places are the pages to look at, by name.
func (t *tabOf) places(c team.Channel) map[string]string {
	return map[string]string{
		"today": "/", "week": "/week/2026-W09?page=2", "nothing": "/date/2030-01-01", "search": "/search?q=diffusion+experts", "how": "/search", "paper": "/paper/arxiv:2602.00100", "topics": "/topics",
		"saved": "/saved", "settings": "/settings", "channel": "/settings/" + c.ID, "me": "/me", "erase": "/me/erase", "lost": "/nowhere",
	}
}

// furnished is a site with a little of everything, and ada signed in.
func furnished(t *testing.T) (*tabOf, team.Channel) {
	tab := openTab(t, month())
	c := tab.follow(square, ada, "diffusion", `"mixture of experts" -survey`)
	tab.follow(alley, ada, "*")
	for i, in := range []chat.Place{square, alley} {
		share := team.Share{Team: team.Everyone, Paper: "arxiv:2602.00100", By: bob, Post: chat.Post{Place: in, ID: fmt.Sprint("m", i)}, At: noon}
		if err := tab.store.Share(t.Context(), share); err != nil {
			t.Fatal(err)
		}
	}
	for i, who := range []chat.Person{ada, bob, cyd} {
		tab.clock.pass(time.Duration(i) * 50 * time.Hour)
		m := team.ByHand(team.Everyone, "arxiv:2602.00100", who, team.Up, tab.clock.Now())
		if _, err := tab.store.Mark(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tab.store.Mark(t.Context(), team.ByHand(team.Everyone, "arxiv:2602.00101", ada, team.Save, noon)); err != nil {
		t.Fatal(err)
	}
	tab.signIn(ada)
	return tab, c
}

// TestBrowserNarrowAndDark looks at every page at all widths and in both schemes:
// nothing sticks out, all that is pressed is large enough, all text can be read.
func TestBrowserNarrowAndDark(t *testing.T) {
	tab, c := furnished(t)
	for name, path := range tab.places(c) {
		for _, at := range []struct {
			wide int64
			dark bool
		}{{320, false}, {320, true}, {768, false}, {1440, true}} {
			tab.dark(at.dark)
			tab.width(at.wide)
			tab.goTo(path)
			what := fmt.Sprintf("%s-%d-dark=%t", name, at.wide, at.dark)
			if got := js[int64](tab, "document.documentElement.scrollWidth"); got > at.wide {
				t.Errorf("%s is %d pixels wide", what, got)
			}
			for _, w := range js[[]string](tab, faint) {
				t.Errorf("%s: %s", what, w)
			}
			tab.shoot(what)
		}
	}
}

// faint lists what of the text has too little contrast (WCAG 2.2, 1.4.3) and which
// controls are too small (2.5.8, links in a line of text aside).
const faint = `(() => {
	const wrong = [];
	const numbers = c => (c.match(/[\d.]+/g) ?? []).map(Number);
	const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const ground = e => {
		for (; e; e = e.parentElement) {
			const c = numbers(getComputedStyle(e).backgroundColor);
			if (c.length === 3 || c[3] === 1) return c;
		}
		return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
	};
	for (const e of document.body.querySelectorAll("*")) {
		const box = e.getBoundingClientRect(), style = getComputedStyle(e);
		if (!e.checkVisibility() || box.width < 2 || e.closest(".hidden, .skip, svg, [aria-hidden=true]")) continue;
		if ([...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) {
			const [a, b] = [light(numbers(style.color)), light(ground(e))].sort((x, y) => y - x);
			const ratio = (a + .05) / (b + .05);
			if (ratio < 4.5) wrong.push(e.outerHTML.slice(0, 100) + " has a contrast of " + ratio.toFixed(2));
		}
		if (e.matches("button, input, select, summary, nav a, .facts a, .topics a") && (box.height < 23.9 || box.width < 23.9)
			&& !e.matches("[type=checkbox], [type=hidden]")) wrong.push(e.outerHTML.slice(0, 100) + " is " + box.width + " by " + box.height);
	}
	return wrong;
})()`

// shoot takes a picture, if somebody wants to look at it.
func (t *tabOf) shoot(name string) {
	t.Helper()
	dir := os.Getenv(envShots)
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(t.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserAxe lets axe-core look at every page.
func TestBrowserAxe(t *testing.T) {
	file := os.Getenv(envAxe)
	if file == "" {
		if os.Getenv(envChromium) == "required" {
			t.Fatalf("%s is not set, and this run must check accessibility", envAxe)
		}
		t.Skipf("no axe-core: set %s to its axe.min.js to check accessibility with it", envAxe)
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tab, c := furnished(t)
	for name, path := range tab.places(c) {
		for wide, dark := range map[int64]bool{320: true, 1280: false} {
			tab.dark(dark)
			tab.width(wide)
			tab.goTo(path)
			js[bool](tab, `document.querySelectorAll("details").forEach(d => d.open = true), true`)
			for _, v := range tab.axe(string(script)) {
				t.Errorf("%s, %d wide, dark %t: %s", name, wide, dark, v)
			}
		}
	}
}

// axe is what axe-core complains of: all rules of WCAG 2.2 AA, and good practice.
func (t *tabOf) axe(script string) (all []string) {
	t.Helper()
	js[any](t, script+"; true")
	found, err := chromedp.Run(t.ctx, chromedp.Evaluate[string](`axe.run({ resultTypes: ["violations"] }).then(r => JSON.stringify(r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.map(n => n.html.slice(0, 160) + " " + n.failureSummary).slice(0, 3).join(" | "))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		t.Fatal(err)
	}
	return all
}
