package discord

import "net/http"

func checkRequest(r *http.Request, path string, body []byte) error { return nil }
