// Package settings fills one kong grammar from flags, the environment, secret
// files and a TOML file. Of several values for one setting the first of these
// counts: the flag, its environment variable NAME, the file that NAME_FILE
// names, the settings file, the default.
//
// A setting is a flag with an env tag. Flags without one are arguments of a
// command and are given on the command line only.
package settings

import "github.com/alecthomas/kong"

// File is the flag that names the settings file. Embed it in the grammar.
type File struct {
	Config string `env:"PAPERBOY_CONFIG" placeholder:"FILE" help:"A TOML file with settings; paperboy.toml is read if there is one."`
}

// New is kong.New for a grammar whose flags are settings. getenv is os.Getenv
// outside of tests; an empty variable counts as one that is not set, because
// compose files pass those on.
func New(grammar any, getenv func(string) string, options ...kong.Option) (*kong.Kong, error) {
	s := &sources{getenv: getenv}
	k, err := kong.New(grammar, append(options,
		kong.Resolvers(s), kong.WithBeforeResolve(s.readFile), kong.ValueFormatter(withVariable))...)
	if err != nil {
		return nil, err
	}
	// kong itself would read the environment before it asks a resolver, let the
	// resolver overrule it, take empty variables for values and quote values in
	// errors. Without the tags it leaves the environment to sources.
	for _, flag := range flags(k.Model) {
		flag.Tag.Envs = nil
	}
	return k, nil
}

// withVariable adds a flag's environment variable to its help, as kong would if
// it still had the tag.
func withVariable(v *kong.Value) string {
	if v.Flag == nil {
		return kong.DefaultHelpValueFormatter(v)
	}
	shown, tag := *v, *v.Tag
	tag.Envs = v.Flag.Envs
	shown.Tag = &tag
	return kong.DefaultHelpValueFormatter(&shown)
}

// flags are the settings of all commands, in the order of the grammar. Commands
// that share a setting have one flag each.
func flags(app *kong.Application) (all []*kong.Flag) {
	// Visit has no errors but those of its function.
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && len(flag.Envs) > 0 {
			all = append(all, flag)
		}
		return next(nil)
	})
	return all
}

// isConfig reports whether flag is File's: it cannot be set in the file that it
// names, and PAPERBOY_CONFIG_FILE would only be mistaken for it.
func isConfig(flag *kong.Flag) bool { return flag.Name == "config" }
