// Study mode of deckle in an mdBook.
