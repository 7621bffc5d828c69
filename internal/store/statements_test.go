package store_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
)

// statements is every constant of this package whose name begins with sql.
func statements(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, "sql") || len(spec.Values) != 1 {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[spec.Names[0].Name] = text
			}
			return true
		})
	}
	if len(found) < 30 {
		t.Fatalf("found only %d statements: has their naming changed?", len(found))
	}
	return found
}

func TestEveryStatementPreparesOnBothEngines(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		for name, query := range statements(t) {
			if name == "sqlCopyInto" && s.Engine() != "sqlite" {
				continue // SQLite's own; Backup refuses on PostgreSQL
			}
			if err := s.Prepare(ctx, query); err != nil {
				t.Errorf("%s: %v\n%s", name, err, query)
			}
		}
	})
}

func TestMigrationsHaveEqualNumbers(t *testing.T) {
	var names [2][]string
	for i, engine := range []string{"sqlite", "postgres"} {
		files, err := filepath.Glob("migrations/" + engine + "/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			names[i] = append(names[i], filepath.Base(f))
		}
	}
	if len(names[0]) == 0 || !slices.Equal(names[0], names[1]) {
		t.Errorf("migrations differ: sqlite %v, postgres %v", names[0], names[1])
	}
}
