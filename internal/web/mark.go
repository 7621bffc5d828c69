package web

import (
	"net/http"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// mark votes for a paper or saves it, or takes that back, as the buttons in the
// chat do. A script gets the buttons anew, others go back to where they were.
func (w *Web) mark(out http.ResponseWriter, r *http.Request, v visit) error {
	p, ok, err := w.store.Paper(r.Context(), paper.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !ok {
		return notFound("This paper is not in the feed.")
	}
	says, err := w.markAs(r, v, p.ID, r.PostForm.Get("do"))
	if err != nil {
		return err
	}
	back := localPath(r.PostForm.Get("back"))
	if wantsPart(r) {
		k, err := w.known(r.Context(), v, []paper.Paper{p})
		if err != nil {
			return err
		}
		box := w.voteBox(v, p, k, back)
		box.Note = says
		return w.part(out, r, http.StatusOK, "votebox", box)
	}
	if says != "" {
		return problem{http.StatusConflict, "Your vote still counts", says}
	}
	http.Redirect(out, r, back+"#"+anchorOf(p.ID), http.StatusSeeOther)
	return nil
}

// markAs records what a button does; says tells if that does not show.
func (w *Web) markAs(r *http.Request, v visit, id paper.ID, do string) (says string, err error) {
	ctx := r.Context()
	switch do {
	case "vote", "unvote":
		m := team.ByHand(v.team, id, v.by(), team.Up, v.now)
		m.Withdrawn = do == "unvote"
		changed, err := w.store.Mark(ctx, m)
		if err != nil {
			return "", err
		}
		if changed && w.metrics != nil {
			w.metrics.Voted(v.by().Platform, m.Withdrawn)
		}
		has, err := w.store.HasVoted(ctx, v.by(), id)
		if err == nil && has && m.Withdrawn {
			says = "Your reaction on a message in the chat still counts for this paper; take it off there."
		}
		return says, err
	case "save":
		_, err := w.store.Mark(ctx, team.ByHand(v.team, id, v.by(), team.Save, v.now))
		return "", err
	case "unsave":
		_, err := w.store.Unsave(ctx, v.by(), id, v.now)
		return "", err
	}
	return "", badRequest("There is no such button.")
}

// add puts a paper into the feed that somebody searched for by its link or id.
func (w *Web) add(out http.ResponseWriter, r *http.Request, v visit) error {
	line := paper.Line(r.PostForm.Get("paper"), maxQuery)
	ref, ok := paper.ParseID(line)
	if !ok {
		return badRequest("That is no link to a paper and no id.")
	}
	m := w.bot.Command(r.Context(), chat.Command{Name: "papers", Text: "add " + line, By: v.by(), In: chat.Direct(v.by()), At: v.now})
	if _, known, err := w.store.Paper(r.Context(), ref.ID); err != nil {
		return err
	} else if known {
		http.Redirect(out, r, PathOf(ref.ID), http.StatusSeeOther)
		return nil
	}
	return w.render(out, r, v, http.StatusOK, "problem", "Not in the feed yet", problem{Title: "Not in the feed yet", Says: m.Text.String()})
}
