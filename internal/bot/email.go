package bot

import (
	"context"
	"strings"

	"paperboy/internal/chat"
)

// Mailer sends papers by mail to people who want that.
type Mailer interface {
	// Ask answers what a person typed after /papers email, for that person alone. ""
	// says that the words are not about mail.
	Ask(ctx context.Context, by chat.Person, text string) (answer string, err error)
}

const errMailOff = advice("Mail is off here. Whoever runs Paperboy can switch it on with SMTP_URL, the address of a mail server; the README says how.")

// email sets up, changes and ends the mail that a person gets.
func (b *Bot) email(ctx context.Context, a ask) (chat.Message, error) {
	if b.options.Mail == nil {
		if a.args == "" || strings.Contains(a.args, "@") {
			return chat.Message{}, errMailOff
		}
		return chat.Message{}, errSearchInstead
	}
	answer, err := b.options.Mail.Ask(ctx, a.By, a.args)
	if err == nil && answer == "" {
		err = errSearchInstead
	}
	return chat.Message{Text: chat.Plain(answer)}, err
}
