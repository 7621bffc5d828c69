package search

import "math"

// How much a word counts by where it stands: the abstract and the summary are 1.
const (
	inTitle      = 3
	inKeywords   = 2
	inCategories = 1
	inAuthors    = 2
	inText       = 1
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

// maxFreq is the most weighted occurrences that count.
const maxFreq = math.MaxUint8

// The length of a paper is kept in one byte: exactly up to exactLength words, and
// from there in steps of lengthStep.
const (
	exactLength = 128
	lengthStep  = 4
)

func lengthByte(words int) byte {
	if words < exactLength {
		return byte(words)
	}
	return byte(min(exactLength+(words-exactLength)/lengthStep, math.MaxUint8))
}

// halfway is what half of the weight of a word is reached with, by length.
var halfway = func() (t [256]float32) {
	for i := range t {
		length := float64(i)
		if i >= exactLength {
			length = exactLength + lengthStep*(float64(i-exactLength)+0.5)
		}
		t[i] = float32(saturation * (1 - lengthShare + lengthShare*length/usualLength))
	}
	return t
}()

// saturated is the weight of a word with so many weighted occurrences in a paper
// of that length: from 0 to 1.
func saturated(freq uint8, length byte) float32 {
	f := float32(freq)
	return f / (f + halfway[length])
}

// one is the unit of scores, which are whole numbers so that they can be added up
// in any order.
const one = 1 << 16

// rarity is the weight of a word that count of total papers have (idf).
func rarity(count, total int) float32 {
	return float32(math.Log1p((float64(total-count) + 0.5) / (float64(count) + 0.5)))
}

// Two words that stand in a paper as they stand side by side in the query add to
// its score once more: the weight of the more common one, times mostNear in a
// query of two words and less in longer ones, where neighbours mean less.
const (
	mostNear   = 1.5
	nearShared = 3.0 // among all words
)

func pairShare(words int) float32 { return min(mostNear, nearShared/float32(words)) }

// Between papers that fit alike, recent and voted ones come first. The most that
// can be gained so is less than what one rare word weighs.
const (
	priorOfDate  = 0.5
	priorOfVotes = 0.5
	priorTop     = 255 // the byte that means both in full
)

// priorByte is the prior of a paper. It grows evenly from 2000 to 2040, so that
// the difference of two papers is the same whenever it is looked at.
func priorByte(when uint32, votes uint32) byte {
	age := (float64(when) - float64(minutesAt(2000))) / float64(minutesAt(2040)-minutesAt(2000))
	popular := math.Log1p(float64(votes)) / math.Log1p(1000)
	p := priorOfDate*min(max(age, 0), 1) + priorOfVotes*min(popular, 1)
	return byte(math.Round(p / (priorOfDate + priorOfVotes) * priorTop))
}

// priorScore is what the byte adds to a score.
func priorScore(b byte) uint32 {
	return uint32(b) * uint32((priorOfDate+priorOfVotes)*one) / priorTop
}
