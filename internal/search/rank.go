package search

import "math"

// How much a word counts by where it stands: the abstract and the summary are 1.
const (
	inTitle      = 3.0
	inKeywords   = 2.0
	inCategories = 1.0
	inAuthors    = 2.0
)

// BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009)
// with one number of occurrences, weighted by field (BM25F). The usual length is
// a constant, so that what a word weighs in a paper depends on that paper alone
// and not on which others came before it.
const (
	saturation  = 1.2   // k1
	lengthShare = 0.75  // b
	usualLength = 160.0 // words
)

// weight is what occurrences at places count in a paper, from 0 to 1; k limits
// the fields that count.
func (d doc) weight(k kind, places []uint32) float32 {
	var sum float32
	for _, at := range places {
		switch {
		case at >= uint32(d.body):
			if k != title {
				sum += inAuthors
			}
		case k == author:
		case at < uint32(d.title):
			sum += inTitle
		case k == title:
		case at < uint32(d.keys):
			sum += inKeywords
		case at < uint32(d.cats):
			sum += inCategories
		default:
			sum++
		}
	}
	if sum == 0 {
		return 0
	}
	length := float32(d.body)
	return sum / (sum + saturation*(1-lengthShare) + saturation*lengthShare/usualLength*length)
}

// rarity is the weight of a word that count of total papers have (idf).
func rarity(count, total int) float32 {
	return float32(math.Log1p((float64(total-count) + 0.5) / (float64(count) + 0.5)))
}
