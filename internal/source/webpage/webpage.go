// Package webpage describes papers that no source lists: those known by a DOI,
// by OpenReview or the ACL Anthology, or by nothing but their address. It asks
// the DOI registries, or reads what a page says of itself in its head.
package webpage

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"paperboy/internal/paper"
	"paperboy/internal/polite"
	"paperboy/internal/source"
)

const (
	doiServer = "https://doi.org"
	maxPage   = 4 << 20
	cslJSON   = "application/vnd.citationstyles.csl+json"
)

// Resolver asks for one paper at a time. It implements source.Resolver.
type Resolver struct {
	client *polite.Client
	doi    string
}

var _ source.Resolver = (*Resolver)(nil)

// New returns a Resolver that asks the server at doi about DOIs, or https://doi.org if
// that is "".
func New(client *polite.Client, doi string) *Resolver {
	if doi == "" {
		doi = doiServer
	}
	return &Resolver{client: client, doi: strings.TrimSuffix(doi, "/")}
}

// Resolves implements source.Resolver.
func (r *Resolver) Resolves(id paper.ID) bool {
	return slices.Contains([]string{paper.SchemeDOI, paper.SchemeOpenReview, paper.SchemeACL, paper.SchemeURL}, id.Scheme())
}

// Resolve implements source.Resolver. Its error tells of the papers whose
// servers could not be asked; the others are returned all the same.
func (r *Resolver) Resolve(ctx context.Context, refs []paper.Ref) ([]paper.Paper, error) {
	var (
		papers []paper.Paper
		errs   []error
	)
	for _, ref := range refs {
		p, err := r.resolve(ctx, ref)
		switch {
		case ctx.Err() != nil:
			return papers, ctx.Err()
		case err != nil && !unknown(err):
			errs = append(errs, fmt.Errorf("resolve %s: %w", ref.ID, err))
		case err == nil && p.Title != "":
			p.ID, p.Version, p.Link = ref.ID, ref.Version, ref.Link
			p.AuthorCount = len(p.Authors)
			papers = append(papers, p)
		}
	}
	return papers, errors.Join(errs...)
}

// unknown reports whether err is a server's word that there is no such paper,
// or not for us.
func unknown(err error) bool {
	var status *polite.StatusError
	return errors.As(err, &status) && !polite.Temporary(err)
}

// resolve returns a paper without a title if there is nothing to be learned.
func (r *Resolver) resolve(ctx context.Context, ref paper.Ref) (paper.Paper, error) {
	ask := polite.Request{Typed: true, MaxBytes: maxPage}
	switch ref.ID.Scheme() {
	case paper.SchemeDOI:
		ask.URL = r.doi + "/" + (&url.URL{Path: ref.ID.Value()}).EscapedPath()
		ask.Accept = cslJSON
	case paper.SchemeOpenReview, paper.SchemeACL:
		ask.URL = ref.ID.URL()
		ask.Accept = "text/html"
	default:
		ask.URL = ref.Link
		ask.Accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
	}
	if ask.URL == "" || isPDF(ask.URL) {
		return paper.Paper{}, nil
	}
	resp, err := r.client.Get(ctx, ask)
	if errors.Is(err, polite.ErrTooLarge) {
		return paper.Paper{}, nil // no page is that large
	}
	if err != nil {
		return paper.Paper{}, err
	}
	switch kind := mediaType(resp); {
	case strings.HasSuffix(kind, "json") && ref.ID.Scheme() == paper.SchemeDOI:
		return readCSL(resp.Body)
	case kind == "text/html" || kind == "application/xhtml+xml":
		return readPage(resp.Body, resp.ContentType).paper(ref.ID.Scheme() == paper.SchemeURL), nil
	}
	return paper.Paper{}, nil
}

// isPDF saves the download of what has no title to read.
func isPDF(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.EqualFold(path.Ext(u.Path), ".pdf")
}

func mediaType(resp *polite.Response) string {
	given := resp.ContentType
	if given == "" {
		given = http.DetectContentType(resp.Body)
	}
	kind, _, err := mime.ParseMediaType(given)
	if err != nil {
		kind, _, _ = strings.Cut(given, ";")
	}
	return strings.ToLower(strings.TrimSpace(kind))
}
