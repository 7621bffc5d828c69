package exchange

import (
	"encoding/csv"
	"strconv"
	"strings"

	"paperboy/internal/date"
	"paperboy/internal/paper"
)

var csvColumns = []string{
	"id", "version", "title", "authors", "author_count", "published", "day", "votes", "comments",
	"categories", "keywords", "url", "doi", "venue", "code", "summary", "abstract",
}

// csv begins a table.
func (w *Writer) csv() error {
	table := csv.NewWriter(w.buf)
	w.encode = func(p paper.Paper) error { return writeRow(table, csvRow(p)) }
	return writeRow(table, csvColumns)
}

// writeRow leaves nothing behind in table's own buffer.
func writeRow(table *csv.Writer, row []string) error {
	if err := table.Write(row); err != nil {
		return err
	}
	table.Flush()
	return table.Error()
}

func csvRow(p paper.Paper) []string {
	row := []string{
		string(p.ID), number(p.Version), p.Title, strings.Join(p.Authors, "; "), number(p.AuthorCount),
		date.Of(p.Published).String(), p.Day().String(), strconv.Itoa(p.Votes()), strconv.Itoa(p.Comments()),
		strings.Join(p.Categories, "; "), strings.Join(p.Keywords, "; "), p.URL(), p.DOI, p.Venue, p.Code,
		p.Summary, p.Abstract,
	}
	for i, cell := range row {
		row[i] = inert(cell)
	}
	return row
}

// number leaves the cell of an unknown number empty.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// inert puts an apostrophe before what a spreadsheet would run as a formula, so
// that a title cannot (https://owasp.org/www-community/attacks/CSV_Injection).
// IDs, dates, counts and links begin with a letter or a digit and stay as they
// are.
func inert(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}
