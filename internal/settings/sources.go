package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
)

// maxFile bounds what is read of a secret or settings file. Real ones have a
// few hundred bytes; more is a wrong path.
const maxFile = 64 << 10

// defaultFile is read where it exists and no other file is asked for.
const defaultFile = "paperboy.toml"

// fileSuffix makes a variable's name that of its twin, which names a file with
// the value.
const fileSuffix = "_FILE"

// sources is the kong resolver for what is not on the command line.
type sources struct {
	getenv func(string) string
	file   map[string]any // values of the settings file by flag name
}

// Validate has nothing to do: values are checked where their origin is known.
func (s *sources) Validate(*kong.Application) error { return nil }

// Resolve finds the value of a flag; nil leaves it at its default.
func (s *sources) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if len(flag.Envs) == 0 {
		return nil, nil
	}
	text, from, err := s.variable(flag)
	if err != nil {
		return nil, err
	}
	if from == "" {
		return s.file[flag.Name], nil
	}
	err = try(flag, text)
	switch {
	case err == nil:
		return text, nil
	case strings.HasSuffix(from, fileSuffix): // err may quote a secret from the wrong file
		return nil, fmt.Errorf("the file that %s names holds no value for it", from)
	}
	return nil, fmt.Errorf("the value of %s is no good: %w", from, err)
}

// variable reads a flag's environment variable or the file that its twin names,
// and says from which of them the text is.
func (s *sources) variable(flag *kong.Flag) (text, from string, err error) {
	for _, name := range flag.Envs {
		twin := name + fileSuffix
		text, path := s.getenv(name), s.getenv(twin)
		if isConfig(flag) {
			path = ""
		}
		switch {
		case text != "" && path != "":
			return "", "", fmt.Errorf("%s and %s are both set; keep one of them", name, twin)
		case text != "":
			return text, name, nil
		case path != "":
			text, err := readSmall(path)
			if err != nil {
				return "", "", fmt.Errorf("%s: %w", twin, err)
			}
			return strings.TrimRight(text, "\r\n"), twin, nil
		}
	}
	return "", "", nil
}

// readFile runs before flags are resolved. kong calls it for every part of the
// command line, of which the application is the first.
func (s *sources) readFile(ctx *kong.Context, at *kong.Path) error {
	if at.App == nil {
		return nil
	}
	s.file = nil
	all := flags(ctx.Model)
	asked, err := s.askedFile(ctx, all)
	if err != nil {
		return err
	}
	path := cmp.Or(asked, defaultFile)
	data, err := readSmall(path)
	switch {
	case asked == "" && errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("settings: %w", err)
	}
	s.file, err = parse(path, data, all)
	return err
}

// askedFile is the settings file that a flag or variable names, or "".
func (s *sources) askedFile(ctx *kong.Context, all []*kong.Flag) (path string, err error) {
	for _, flag := range all {
		if !isConfig(flag) {
			continue
		}
		if path, ok := ctx.FlagValue(flag).(string); ok && path != "" {
			return path, nil
		}
		path, _, err = s.variable(flag)
	}
	return path, err
}

// readSmall reads a whole file, unless it is large.
func readSmall(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("the file %s cannot be read: %w", path, cause(err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("the file %s cannot be read: %w", path, cause(err))
	case len(data) > maxFile:
		return "", fmt.Errorf("the file %s is larger than %d KiB", path, maxFile>>10)
	}
	return string(data), nil
}

// cause is err without the path and operation, which the sentence around it has.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// try reports whether flag takes value, without setting it.
func try(flag *kong.Flag, value any) error {
	scratch := *flag.Value
	scan := kong.Scan().PushTyped(value, kong.FlagValueToken)
	err := scratch.Parse(scan, reflect.New(flag.Target.Type()).Elem())
	// kong has put the flag's name before the cause.
	return errors.Unwrap(err)
}
