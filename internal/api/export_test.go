package api

// Patterns are those of all routes.
func (a *API) Patterns() (all []string) {
	for pattern := range a.routes() {
		all = append(all, pattern)
	}
	return all
}
