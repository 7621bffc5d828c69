package mail

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed letter.html
var letterText string

// letterTemplate is the letter as HTML for mail programs: tables, styles on the
// elements, nothing that is loaded. html/template takes comments away, so those
// that only Outlook reads are put in as they are.
var letterTemplate = template.Must(template.New("letter").Funcs(template.FuncMap{
	"outlook": func(html string) template.HTML { return template.HTML("<!--[if mso]>" + html + "<![endif]-->") },
}).Parse(letterText))

// html is the letter as HTML.
func (l letter) html() (string, error) {
	var b strings.Builder
	err := letterTemplate.Execute(&b, l)
	return b.String(), err
}
