package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"paperboy/internal/paper"
)

// A batch is a stretch of lines that one goroutine decodes: enough of them that
// handing it over costs nothing, and few enough that all of them stay small.
const (
	batchLines = 128
	batchBytes = 256 << 10
)

// A rawLine is a line that was read, or the error it was passed over with.
type rawLine struct {
	number int
	text   []byte
	err    error
}

// readJSONL decodes a few batches ahead of what the caller has taken, one
// goroutine each, and yields them in order. These goroutines only compute: they
// end by themselves, and the way out waits for them.
func readJSONL(l *lines, yield func(Record) bool) {
	var ahead []<-chan []Record // oldest first
	defer func() {
		for _, batch := range ahead {
			<-batch
		}
	}()
	for more := true; more || len(ahead) > 0; {
		for more && len(ahead) <= runtime.GOMAXPROCS(0) {
			var batch []rawLine
			batch, more = readBatch(l)
			ahead = append(ahead, decodeBatch(batch))
		}
		records := <-ahead[0]
		ahead = ahead[1:]
		for _, record := range records {
			if !yield(record) {
				return
			}
		}
	}
}

// readBatch takes the next lines that are not empty; more is false at the end.
func readBatch(l *lines) (batch []rawLine, more bool) {
	for size := 0; size < batchBytes && len(batch) < batchLines; {
		text, err := l.next()
		switch {
		case errors.Is(err, io.EOF):
			return batch, false
		case errors.Is(err, errTooLong):
			batch = append(batch, rawLine{number: l.number, err: fmt.Errorf("the line %w", err)})
		case err != nil:
			return append(batch, rawLine{number: l.number, err: l.stopped(err).Err}), false
		case len(bytes.TrimSpace(text)) > 0:
			batch = append(batch, rawLine{number: l.number, text: bytes.Clone(text)})
			size += len(text)
		}
	}
	return batch, true
}

// decodeBatch sends the records of batch, all at once.
func decodeBatch(batch []rawLine) <-chan []Record {
	done := make(chan []Record, 1) // so that the sender need not wait for a receiver
	go func() {
		records := make([]Record, len(batch))
		for i, line := range batch {
			records[i] = Record{Line: line.number, Err: line.err}
			if line.err == nil {
				records[i].Paper, records[i].Err = decodeLine(line.text)
			}
		}
		done <- records
	}()
	return done
}

func decodeLine(text []byte) (paper.Paper, error) {
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return paper.Paper{}, jsonProblem(err)
	}
	return o.paper()
}

// jsonProblem says in a sentence what encoding/json says in terms of Go.
func jsonProblem(err error) error {
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("is not JSON at byte %d: %w", syntax.Offset, err)
	case !errors.As(err, &mismatch):
		return err
	}
	switch field := strings.TrimPrefix(mismatch.Field, "Paper."); field { // that of object
	case "":
		return fmt.Errorf("is a JSON %s, not an object with the fields of a paper", mismatch.Value)
	case "id":
		return errors.New(`"id" has to be text in quotes: as a number, 2503.02130 and 2503.0213 are the same`)
	default:
		return fmt.Errorf("%q is a JSON %s, which does not belong there", strings.TrimPrefix(field, "daily."), mismatch.Value)
	}
}
