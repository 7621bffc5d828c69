package web

import (
	"fmt"
	"strings"
	"time"

	"paperboy/internal/date"
	"paperboy/internal/english"
)

// The chart of votes, in its own units.
const (
	chartWide = 480
	chartHigh = 96
	chartEdge = 6
)

// chart is the votes for a paper as they came.
type chart struct {
	Says     string // all of it in a sentence
	Path     string // of the line
	Area     string // of what is below it
	From, To string
	Most     string
	X, Y     float64 // where the line ends
}

// drawVotes draws votes from the day of the first to today; nil if there is none.
// times are in order.
func drawVotes(times []time.Time, now time.Time, zone *time.Location) *chart {
	if len(times) == 0 {
		return nil
	}
	first, last := date.Of(times[0].In(zone)), date.Of(now.In(zone))
	days := max(1, last.Since(first))
	x := func(d date.Date) float64 {
		return chartEdge + float64(min(days, d.Since(first)))/float64(days)*(chartWide-2*chartEdge)
	}
	y := func(n int) float64 {
		return chartHigh - chartEdge - float64(n)/float64(len(times))*(chartHigh-2*chartEdge)
	}
	var line strings.Builder
	fmt.Fprintf(&line, "M%.1f %.1f", x(first), y(0))
	for i, t := range times {
		fmt.Fprintf(&line, "H%.1fV%.1f", x(date.Of(t.In(zone))), y(i+1))
	}
	fmt.Fprintf(&line, "H%.1f", x(last))
	c := &chart{Path: line.String(), X: x(last), Y: y(len(times)), Most: english.Thousands(len(times))}
	c.Area = c.Path + fmt.Sprintf("V%.1fH%.1fZ", y(0), x(first))
	c.From, c.To = longDay(first), longDay(last)
	c.Says = english.Count(len(times), "vote") + " here, the first on " + c.From
	if newest := date.Of(times[len(times)-1].In(zone)); newest != first {
		c.Says += " and the latest on " + longDay(newest)
	}
	c.Says += "."
	return c
}
