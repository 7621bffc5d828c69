package paper

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// A rule says which pages of a site are papers: those whose path matches, and
// name with the parts filled in is what they are called.
type rule struct {
	path *regexp.Regexp
	name string
}

// linkForm splits a link into host, path and query. Neither a user's name nor
// an unusual port matches: they are how links pretend to lead elsewhere.
var linkForm = regexp.MustCompile(`(?i)^(?:https?://)?([a-z0-9.-]+?)\.?(?::(?:80|443)?)?(/[^?#&]*)?(?:[?&]([^#]*))?(?:#.*)?$`)

// fromLink is the papers that a link, with or without "https://", leads to;
// none if it leads to no site in the table or to no paper there. The link may be
// encoded, as others carry it: "https%3A%2F%2Farxiv.org%2Fabs%2F2401.08383&sa=D".
func fromLink(link string) []Ref {
	if strings.Contains(linkStart.FindString(link), "%") {
		link, _, _ = strings.Cut(link, "&")
		link = unescape(link)
	}
	m := linkForm.FindStringSubmatch(link)
	if m == nil || len(link) > MaxLink {
		return nil
	}
	target := unescape(m[2])
	if m[3] != "" {
		target += "?" + unescape(m[3])
	}
	for _, r := range rulesFor(m[1]) {
		if at := r.path.FindStringSubmatchIndex(target); at != nil {
			return named(string(r.path.ExpandString(nil, r.name, target, at)))
		}
	}
	return nil
}

// proxied is the host that Google Translate or a library's EZproxy gives to
// another: "www-nature-com.translate.goog", "doi.org.ezproxy.example.edu".
var (
	proxied = regexp.MustCompile(`^([a-z0-9.-]+?)\.(?:translate\.goog|(?:[a-z0-9-]+\.)?idm\.oclc\.org|[a-z0-9-]*(?:proxy|ezp|remotexs)[a-z0-9-]*\..+)$`)
	hyphens = strings.NewReplacer("--", "-", "-", ".")
)

// rulesFor is the rules of the site that host belongs to: its own or those of
// a domain above it, so that mirrors, "www." and "m." need no mention.
func rulesFor(host string) []rule {
	host = strings.ToLower(host)
	if m := proxied.FindStringSubmatch(host); m != nil {
		host = hyphens.Replace(m[1])
	}
	for {
		if r, ok := sites[host]; ok {
			return r
		}
		var more bool
		if _, host, more = strings.Cut(host, "."); !more {
			return nil
		}
	}
}

// named is the papers of a filled-in name of the table of sites.
func named(name string) (refs []Ref) {
	switch scheme, value, _ := strings.Cut(name, ":"); scheme {
	case "link":
		return fromLink(value)
	case "proofpoint": // of https://urldefense.proofpoint.com/v2/
		return fromLink(unescape(proofpoint.Replace(value)))
	case "https":
		return []Ref{{ID: hashURL(name), Link: name}}
	case SchemeArXiv:
		for id := range strings.SplitSeq(value, ",") {
			if ref, ok := newRef(scheme, strings.TrimSpace(id)); ok {
				refs = append(refs, ref)
			}
		}
	default:
		if ref, ok := newRef(scheme, value); ok {
			refs = append(refs, ref)
		}
	}
	return refs
}

var proofpoint = strings.NewReplacer("-", "%", "_", "/")

var (
	hostForm = regexp.MustCompile(`^[\pL\pN\pM._-]+$`)
	// tracking parameters say how somebody came to a page, not which it is.
	tracking = regexp.MustCompile(`(?i)^(?:utm_\w+|fbclid|gclid|mc_[ce]id|igshid|ref_src)(?:=|$)`)
)

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// anyPage takes whatever http or https link a person gave on purpose.
func anyPage(link string) (Ref, bool) {
	u, err := url.Parse(link)
	if err != nil || u.User != nil || strings.ContainsAny(link, "\"<>\\ ") || strings.ContainsFunc(link, unprintable) {
		return Ref{}, false
	}
	if u.Scheme != "http" && u.Scheme != "https" || !hostForm.MatchString(u.Hostname()) {
		return Ref{}, false
	}
	host, port := strings.ToLower(u.Hostname()), u.Port()
	u.Host = host
	if port != "" && port != "80" && port != "443" {
		u.Host += ":" + port
	}
	if u.Path == "" {
		u.Path = "/"
	}
	var kept []string
	for p := range strings.SplitSeq(u.RawQuery, "&") {
		if p != "" && !tracking.MatchString(p) {
			kept = append(kept, p)
		}
	}
	u.RawQuery, u.ForceQuery, u.Fragment, u.RawFragment = strings.Join(kept, "&"), false, "", ""
	link = u.String()
	// What is left must be an address that ParseID reads as it is.
	if len(link) > MaxLink || unwrapped(link) != link {
		return Ref{}, false
	}
	return Ref{ID: hashURL(link), Link: link}, true
}
