package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"paperboy/internal/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"paperboy": main})
}

// TestCommandLine runs testdata/script: the program as people type it.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Condition: func(cond string) (bool, error) {
			if cond != "postgres" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return os.Getenv(storetest.EnvEngine) == "postgres", nil
		},
		Setup: func(env *testscript.Env) error {
			if os.Getenv(storetest.EnvEngine) == "postgres" {
				env.Setenv("DATABASE_URL", storetest.Address(t))
			}
			env.Setenv("PAPERBOY_INDEX", env.WorkDir+"/test.index")
			// Nothing answers here: a script that wants a source names one.
			for _, name := range []string{"HUGGINGFACE_URL", "ARXIV_API_URL", "ARXIV_FEED_URL", "DOI_URL"} {
				env.Setenv(name, "http://127.0.0.1:1")
			}
			return nil
		},
	})
}
