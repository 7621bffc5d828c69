package settings

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// Table is the settings as a Markdown table for the README.
func Table(app *kong.Application) string {
	var b strings.Builder
	b.WriteString("| Flag | Environment | Default | What it is |\n|---|---|---|---|\n")
	shown := map[string]bool{}
	for _, flag := range flags(app) {
		if flag.Hidden || shown[flag.Name] {
			continue
		}
		shown[flag.Name] = true
		fmt.Fprintf(&b, "| `--%s` | %s | %s | %s |\n", flag.Name,
			code(strings.Join(flag.Envs, "`, `")), code(flag.Default), cell(flag.Help))
	}
	return b.String()
}

func code(s string) string {
	if s == "" {
		return ""
	}
	return "`" + cell(s) + "`"
}

// cell makes s fit for one cell: a bar ends a cell even within code.
func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`)
}
