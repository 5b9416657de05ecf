"""From editions and stories to what people read: mails, pages, paper, Markdown, pictures."""
