package discord

import "net/http"

// callback is the first answer to an interaction.
func (s *service) callback(tok string, body map[string]any) (int, any) {
	t := s.tokens[tok]
	switch {
	case t == nil:
		return refuse(http.StatusNotFound, 10062)
	case t.answered:
		return refuse(http.StatusBadRequest, 40060)
	}
	t.answered = true
	data, _ := body["data"].(map[string]any)
	switch int(body["type"].(float64)) {
	case opens:
		s.forms <- opened{t, data}
	case show:
		t.original = s.whisper(t, data)
	case showLater:
		t.original = &posted{id: s.number(), channel: t.channel, user: botUser, only: t.user}
	case turnLater:
		t.original = t.source
	case turn:
		t.original = t.source
		t.source.body = data
		s.show(t.source, t.source.id)
	}
	return http.StatusNoContent, nil
}

// opened is a form on somebody's screen.
type opened struct {
	*token
	modal map[string]any
}

// whisper shows something to one person.
func (s *service) whisper(t *token, body map[string]any) *posted {
	p := &posted{id: s.number(), channel: t.channel, user: botUser, body: body}
	if flags, _ := body["flags"].(float64); int(flags)&onlyYou != 0 {
		p.only = t.user
	}
	s.posts = append(s.posts, p)
	s.show(p, "")
	return p
}

func (s *service) webhook(c call, parts []string) (int, any) {
	t := s.tokens[parts[2]]
	switch {
	case t == nil || parts[1] != testApp:
		return refuse(http.StatusNotFound, 10015)
	case len(parts) == 3:
		return http.StatusOK, map[string]any{"id": s.whisper(t, c.body).id}
	case t.original == nil:
		return refuse(http.StatusNotFound, 10008)
	case c.method == http.MethodDelete:
		t.original = nil
		return http.StatusNoContent, nil
	}
	was := t.original.id
	if t.original.body == nil { // it was promised
		was = ""
		s.posts = append(s.posts, t.original)
	}
	t.original.body = c.body
	s.show(t.original, was)
	return http.StatusOK, map[string]any{"id": t.original.id}
}
