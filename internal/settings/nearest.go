package settings

// nearest is the name that takes the fewest changes to become word, or "" if
// more than two fifths of word would have to change.
func nearest(word string, names []string) string {
	best, fewest := "", max(2, 2*len(word)/5)+1
	for _, name := range names {
		if d := distance(word, name); d < fewest {
			best, fewest = name, d
		}
	}
	return best
}

// distance is how many bytes to put in, take out or replace to turn a into b
// (Levenshtein's).
func distance(a, b string) int {
	row := make([]int, len(b)+1) // distances of what was read of a to each start of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
