-- What operators change of the search is news for the shelf, too (slice shelf).

create trigger search_words_shelf after insert or update or delete on search_words
    for each statement execute function note_shelf_news('common');
create trigger search_weights_shelf after insert or update or delete on search_weights
    for each statement execute function note_shelf_news('common');
