package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretIsNeverShown(t *testing.T) {
	type part struct{ Token Secret }
	const hush = "xoxb-hush"
	secret := Secret(hush)
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%q", "%s", "%x", "%X", "%d", "%10.3s", "%z"} {
		for kind, value := range map[string]any{"value": secret, "pointer": &secret, "struct": part{secret}, "slice": []Secret{secret}, "map": map[string]Secret{"a": secret}} {
			shown[verb+" of "+kind] = fmt.Sprintf(verb, value)
		}
	}
	for kind, value := range map[string]any{"value": secret, "struct": part{secret}} {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var text, lines bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("x", "a", value)
		slog.New(slog.NewJSONHandler(&lines, nil)).Info("x", "a", value)
		shown["JSON of "+kind], shown["text log of "+kind], shown["JSON log of "+kind] = string(data), text.String(), lines.String()
	}
	shown["error"] = fmt.Errorf("token %w", fmt.Errorf("%v", secret)).Error()
	for how, got := range shown {
		if strings.Contains(got, "hush") || strings.Contains(got, fmt.Sprintf("%x", "hush")) {
			t.Errorf("%s shows the secret: %s", how, got)
		}
		if !strings.Contains(got, hidden) && !strings.Contains(how, "pointer") {
			t.Errorf("%s does not say that the secret is set: %s", how, got)
		}
	}
	if secret.Reveal() != hush {
		t.Errorf("Reveal gives %q, want %q", secret.Reveal(), hush)
	}
	if got := fmt.Sprintf("%v%s%q", Secret(""), Secret(""), Secret("")); got != "" {
		t.Errorf("an empty secret prints %q, want nothing", got)
	}
}
