package cli

import (
	"errors"
	"fmt"
)

// The exit statuses of every command.
const (
	// ExitOK: done, and nothing to look at.
	ExitOK = 0
	// ExitFindings: done, and the result asks for attention: replay found a call that the policy
	// would deny, generate found what --fail-on names.
	ExitFindings = 1
	// ExitError: not done, or not wholly: wrong flags, unreadable input, no events. What could be
	// done was written.
	ExitError = 2
)

// findingsError ends a command that worked with ExitFindings.
type findingsError struct{ msg string }

func (e *findingsError) Error() string { return e.msg }

// usageError is a mistake in the command line; its message names the flag or argument.
type usageError struct{ msg string }

func (e *usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// exitCode maps what a command returned to its exit status.
func exitCode(err error) int {
	var found *findingsError
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &found):
		return ExitFindings
	default:
		return ExitError
	}
}

// prefixed says which argument or flag an error is about. Joined errors stay apart.
func prefixed(what string, err error) error {
	if err == nil {
		return nil
	}
	var errs []error
	for _, e := range split(err) {
		errs = append(errs, fmt.Errorf("%s: %w", what, e))
	}
	return errors.Join(errs...)
}
