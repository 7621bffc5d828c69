package arxiv

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAuthorsAreTakenApart(t *testing.T) {
	for line, want := range map[string][]string{
		"":                              nil,
		"Ada Example":                   {"Ada Example"},
		"Ada Example, Ben Sample":       {"Ada Example", "Ben Sample"},
		"Ada Example,Ben Sample, ,":     {"Ada Example", "Ben Sample"},
		"Ada Example & Ben Sample":      {"Ada Example", "Ben Sample"},
		"A One, B Two, & C Three":       {"A One", "B Two", "C Three"},
		"A One, B Two, and C Three":     {"A One", "B Two", "C Three"},
		"A One, Andrea Two":             {"A One", "Andrea Two"},
		"Ben Sample, Jr., Ada Example":  {"Ben Sample Jr.", "Ada Example"},
		"Ben Sample, III, Cy Test, Sr":  {"Ben Sample III", "Cy Test Sr"},
		"Jr., Ada Example":              {"Jr.", "Ada Example"},
		"A One (Lab, City), B Two (2)":  {"A One", "B Two"},
		"A One (Lab (City), X), B Two":  {"A One", "B Two"},
		"A One (unclosed, B Two":        {"A One (unclosed", "B Two"},
		"Big Collaboration, :, Ada Two": {"Big Collaboration", "Ada Two"},
		`Andr\'e M{\"u}ller, S{\o}ren \O{}stby, Ho\v{s}ek \c{C}a\u{g}`: {"André Müller", "Søren Østby", "Hošek Çağ"},
		`Jos\'{e} Mar\'{\i}a, Mar\'ia N\~u\~nez, H{\aa}kan Gro\ss`:     {"José María", "María Nũñez", "Håkan Groß"},
		`\L{}ukasz Wa\l{}\k{e}sa, Erd\H{o}s, \v Cech`:                  {"Łukasz Wałęsa", "Erdős", "Čech"},
		`back\slash, {braces}`:                                         {`back\slash`, "braces"},
	} {
		got, n := authors(entry{Creators: []string{line}})
		if diff := cmp.Diff(want, got); diff != "" || n != len(want) {
			t.Errorf("authors of %q: %d (-want +got):\n%s", line, n, diff)
		}
	}
}

func TestAuthorsOfTheQueryInterfaceStayWhole(t *testing.T) {
	got, n := authors(entry{Authors: []string{"Ben Sample, Jr.", " :", "Ada\n  Example"}})
	if diff := cmp.Diff([]string{"Ben Sample, Jr.", "Ada Example"}, got); diff != "" || n != 2 {
		t.Errorf("authors: %d (-want +got):\n%s", n, diff)
	}
}
