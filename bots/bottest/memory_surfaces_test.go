package bottest

import (
	"context"
	"fmt"
	"time"

	"paperboy/internal/chat"
)

func (m *memory) Joins(ctx context.Context, by chat.Person) error {
	j := chat.Joined{In: m.Place(), By: by, At: time.Now()}
	if m.flaw == "forgets the place" {
		j.In = chat.Place{}
	}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		if hello, err := h.Joined(ctx, j); err == nil && m.flaw != "is shy" {
			m.show(Shown{}, hello)
		}
	})
}

func (m *memory) Leaves(ctx context.Context) error {
	l := chat.Left{In: m.Place(), Reason: "the bot was put out", At: time.Now()}
	if m.flaw == "leaves without a reason" {
		l.Reason = ""
	}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) { _ = h.Left(ctx, l) })
}

func (m *memory) Link(ctx context.Context, by chat.Person, links ...string) error {
	if m.flaw == "drops links" {
		links = links[:1]
	}
	l := chat.Linked{Post: chat.Post{Place: m.Place(), ID: "linked"}, By: by, Links: links, At: time.Now()}
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		previews, _ := h.Linked(ctx, l)
		var cards []chat.Card
		for _, p := range previews {
			cards = append(cards, p.Card)
		}
		m.show(Shown{}, chat.Message{Cards: cards})
	})
}

func (m *memory) Visit(ctx context.Context, by chat.Person) error {
	return m.happen(ctx, func(ctx context.Context, h chat.Handler) {
		for _, part := range h.Home(ctx, chat.Visit{By: by, At: time.Now()}) {
			m.answer(by, part)
		}
	})
}

func (m *memory) Fill(ctx context.Context, by chat.Person, values map[string][]string) (map[string]string, error) {
	var form *chat.Form
	select {
	case form = <-m.forms:
		m.forms <- form
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	f := chat.Filled{Form: form.Name, In: form.In, Values: values, By: by, At: time.Now()}
	if m.flaw == "takes one value" {
		f.Values = map[string][]string{}
		for name, v := range values {
			f.Values[name] = v[:1]
		}
	}
	verdicts := make(chan chat.Verdict, 1)
	err := m.happen(ctx, func(ctx context.Context, h chat.Handler) { verdicts <- h.Submitted(ctx, f) })
	if err != nil {
		return nil, err
	}
	select {
	case v := <-verdicts:
		if len(v.Problems) > 0 && m.flaw != "has no problems" {
			return v.Problems, nil
		}
		m.answer(by, v.Answer)
		return nil, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("there is no verdict: %w", ctx.Err())
	}
}
