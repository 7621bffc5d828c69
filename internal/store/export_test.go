package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

var parameter = regexp.MustCompile(`\$(\d+)`)

// Prepare lets a test ask the database whether it understands a statement.
func (s *Store) Prepare(ctx context.Context, query string) error {
	highest := 0
	for _, m := range parameter.FindAllStringSubmatch(query, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return err
		}
		highest = max(highest, n)
	}
	query = listed(query, highest+1, 3)
	list, _, _ := strings.Cut(query, ")") // the columns, of which there may be several lines
	query = valued(query, 2, strings.Count(list[strings.IndexByte(list, '(')+1:], ",")+1)
	stmt, err := s.write.PrepareContext(ctx, s.engine.text(s.engine.locked(query)))
	if err != nil {
		return err
	}
	return stmt.Close()
}

// AddChannels adds channels of one space that are due at a slot, many at a time.
func AddChannels(t testing.TB, s *Store, n int, due team.Slot) {
	t.Helper()
	prefs, err := json.Marshal(team.Default())
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]any, n)
	for i := range rows {
		place := chat.Place{Platform: "slack", Space: "T1", Channel: fmt.Sprint("many ", i)}
		rows[i] = []any{channelID(place), place.Platform, place.Space, place.Channel, string(prefs), "", "", "", due.Day.String(), micros(due.At), "", 0, "", 0, 0}
	}
	err = s.in(t.Context(), func(tx *tx) error {
		return tx.insert(t.Context(), `
			INSERT INTO channels (id, platform, space, channel, prefs, by_platform, by_space, by_id,
			                      next_day, next_at, last_day, last_at, gone, gone_at, edition)
			VALUES $rows`, rows)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// MarkAlone is Mark with a commit of its own.
func (s *Store) MarkAlone(ctx context.Context, m team.Mark) error {
	return s.in(ctx, func(t *tx) error {
		_, err := t.mark(ctx, m)
		return err
	})
}

// Soon is a small write that runs statements.
func (s *Store) Soon(ctx context.Context, do func(run func(query string, args ...any) error) error) error {
	return s.soon(ctx, func(ctx context.Context, t *tx) error {
		return do(func(query string, args ...any) error {
			_, err := t.exec(ctx, query, args...)
			return err
		})
	})
}

// UpTo brings a new database no further than to a version, as an older Paperboy
// left it.
func UpTo(ctx context.Context, address string, version int64) (*sql.DB, error) {
	s, err := connect(address)
	if err != nil {
		return nil, err
	}
	files, err := fs.Sub(migrations, "migrations/"+s.engine.name)
	if err != nil {
		return nil, err
	}
	dialect := goose.DialectSQLite3
	if s.engine == postgres {
		dialect = goose.DialectPostgres
	}
	s.write.SetMaxOpenConns(2)
	provider, err := goose.NewProvider(dialect, s.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, err
	}
	_, err = provider.UpTo(ctx, version)
	return s.write, err
}

// Dump is every row of every table, as the engine's own catalogue lists them.
func Dump(t testing.TB, s *Store) map[string][]map[string]string {
	t.Helper()
	tables := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`
	if s.engine == postgres {
		tables = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`
	}
	var names []string
	rows, err := s.query(t.Context(), tables)
	err = each(rows, err, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]map[string]string{}
	for _, name := range names {
		rows, err := s.query(t.Context(), `SELECT * FROM "`+name+`"`)
		found, err := readRows(rows, err)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, row := range found {
			text := map[string]string{}
			for column, value := range row {
				if b, ok := value.(json.RawMessage); ok {
					value = string(b)
				}
				text[column] = fmt.Sprint(value)
			}
			all[name] = append(all[name], text)
		}
	}
	return all
}

// PrepareOwned asks the database whether it understands the statements that are
// put together.
func (s *Store) PrepareOwned(ctx context.Context) error {
	for _, r := range append(respects(), placeRespects()...) {
		for _, query := range append([]string{r.rows}, r.erase...) {
			if err := s.Prepare(ctx, query); err != nil {
				return fmt.Errorf("%s: %w", query, err)
			}
		}
	}
	return nil
}
