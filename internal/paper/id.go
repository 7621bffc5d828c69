package paper

import (
	"crypto/sha256"
	"encoding/hex"
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

// Identifier forms of https://info.arxiv.org/help/arxiv_identifier.html.
var (
	arxivNew = regexp.MustCompile(`^(\d{2})(0[1-9]|1[0-2])\.(\d{4,5})(?:v([1-9]\d{0,3}))?$`)
	arxivOld = regexp.MustCompile(`^([a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z]{2})?/(\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v([1-9]\d{0,3}))?$`)
)

// URL is the page where people read about the paper, or "" where only its
// Link tells (SchemeURL).
func (id ID) URL() string {
	switch v := id.Value(); id.Scheme() {
	case SchemeArXiv:
		return "https://arxiv.org/abs/" + v
	case SchemeDOI:
		return "https://doi.org/" + (&url.URL{Path: v}).EscapedPath()
	case SchemeOpenReview:
		return "https://openreview.net/forum?id=" + url.QueryEscape(v)
	case SchemeACL:
		return "https://aclanthology.org/" + v + "/"
	}
	return ""
}

// hashURL is the ID of a page that has no better name. address should be normal.
func hashURL(address string) ID {
	sum := sha256.Sum256([]byte(address))
	return ID(SchemeURL + ":" + hex.EncodeToString(sum[:12]))
}
