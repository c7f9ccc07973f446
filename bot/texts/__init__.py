"""The Chinese of everything the bot says: one file a listener, one sentence a wording."""
