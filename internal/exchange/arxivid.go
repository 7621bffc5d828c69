package exchange

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"paperboy/internal/paper"
)

var arxivNumber = regexp.MustCompile(`^(\d{3,4})\.\d{1,20}$`)

// restoreZeros undoes what programs do to arXiv ids that they take for numbers:
// "704.052" was 0704.0520 and "1911.0885600000001" was 1911.08856. That is
// certain, as ids have four digits behind the point before 2015 and five since
// (https://info.arxiv.org/help/arxiv_identifier.html). One in eight lines of a
// dump that people use has such an id.
func restoreZeros(id paper.ID) paper.ID {
	m := arxivNumber.FindStringSubmatch(string(id))
	if m == nil {
		return id
	}
	digits := 5
	if m[1] < "1501" || len(m[1]) == 3 {
		digits = 4
	}
	number, _ := strconv.ParseFloat(string(id), 64) // its form was checked
	whole := fmt.Sprintf("%0*.*f", 4+1+digits, digits, number)
	if near, _ := strconv.ParseFloat(whole, 64); math.Abs(near-number) > 1e-9 {
		return id // more digits than rounding makes
	}
	return paper.ID(whole)
}
