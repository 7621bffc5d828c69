package paper

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// ID names a paper: "arxiv:2401.08383", "doi:10.1038/s42256-020-0208-z",
// "openreview:EfMyf9MC3t", "acl:2022.coling-1.36", else "url:" and a hash of
// the address. It never holds a version: 2401.08383v1 and v2 are one paper.
type ID string

// Schemes of an ID.
const (
	SchemeArXiv      = "arxiv"
	SchemeDOI        = "doi"
	SchemeOpenReview = "openreview"
	SchemeACL        = "acl"
	SchemeURL        = "url"
)

// Ref is an ID as somebody wrote it, with the version they named (0 for none).
// Link is set for SchemeURL only: a hash cannot be followed back.
type Ref struct {
	ID      ID
	Version int
	Link    string
}

// Scheme is the part of id before the colon.
func (id ID) Scheme() string { s, _, _ := strings.Cut(string(id), ":"); return s }

// Value is the part of id after the colon.
func (id ID) Value() string { _, v, _ := strings.Cut(string(id), ":"); return v }

// URL is the page where people read about the paper, or "" where only its
// Link tells (SchemeURL).
func (id ID) URL() string {
	switch v := id.Value(); id.Scheme() {
	case SchemeArXiv:
		return "https://arxiv.org/abs/" + v
	case SchemeDOI:
		return "https://doi.org/" + escapeDOI(v)
	case SchemeOpenReview:
		return "https://openreview.net/forum?id=" + url.QueryEscape(v)
	case SchemeACL:
		return "https://aclanthology.org/" + v + "/"
	}
	return ""
}

// escapeDOI also escapes what may stand in a path but ends a link in a message,
// such as a comma.
func escapeDOI(doi string) string {
	return unsafeInDOI.ReplaceAllStringFunc(doi, func(c string) string { return fmt.Sprintf("%%%02X", c[0]) })
}

// unsafeInDOI matches one character; a DOI is ASCII.
var unsafeInDOI = regexp.MustCompile(`[^a-z0-9._/:;()-]`)

// hashURL is the ID of a page that has no better name. The same page may be
// reached with or without TLS, "www." and a final slash, so these do not count.
func hashURL(address string) ID {
	_, rest, _ := strings.Cut(address, "://")
	sum := sha256.Sum256([]byte(strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")))
	return ID(SchemeURL + ":" + hex.EncodeToString(sum[:12]))
}
