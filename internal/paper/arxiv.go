package paper

import "strconv"

// ArXiv reads an identifier as arXiv itself writes it: "2401.08383v2",
// "math/0611800". The subject class of an old one, as in "math.CA/0611800", is
// no part of its ID. Numbers have four digits until 2014 and five since, so one
// that lost a zero on its way names nothing.
func ArXiv(s string) (Ref, bool) {
	if m := arxivNew.FindStringSubmatch(s); m != nil {
		month, number := m[1]+m[2], m[3]
		if month < "0704" || (len(number) == 5) != (month >= "1501") {
			return Ref{}, false
		}
		return arXivRef(month+"."+number, m[4]), true
	}
	if m := arxivOld.FindStringSubmatch(s); m != nil {
		return arXivRef(m[1]+"/"+m[2], m[3]), true
	}
	return Ref{}, false
}

func arXivRef(value, version string) Ref {
	n, _ := strconv.Atoi(version) // at most four digits, or none: 0
	return Ref{ID: ID(SchemeArXiv + ":" + value), Version: n}
}
