-- Words people search by, and how hits are ranked (slice shelf): rows an operator edits.

create table search_words (
    id integer generated always as identity constraint search_words_pk primary key,
    -- Who types this …
    typed text not null constraint search_words_typed check (char_length(typed) between 1 and 60),
    -- … is also answered by this.
    means text not null constraint search_words_means check (char_length(means) between 1 and 60),
    -- Whether it holds the other way round, too.
    mutual boolean not null,
    note text constraint search_words_note check (char_length(note) between 1 and 300),
    constraint search_words_once unique (typed, means)
);

-- A weight holds from a day on, until the next row of its name.
create table search_weights (
    name text not null,
    value integer not null constraint search_weights_value check (value between 0 and 100000),
    effective_from date not null,
    effective_to date,
    -- What it is for, as the public reads it (Decree 248/2026/NĐ-CP: how goods are ranked is published).
    why_vi text not null,
    why_en text not null,
    constraint search_weights_pk primary key (name, effective_from),
    constraint search_weights_order check (effective_to is null or effective_to > effective_from)
);

-- What people looked for and did not find, by day and the province they asked for: words only, never who.
create table search_misses (
    day date not null,
    province_code text constraint search_misses_province_fk references provinces,
    -- Folded, without long numbers.
    words text not null constraint search_misses_words check (char_length(words) between 1 and 100),
    count integer not null constraint search_misses_count check (count > 0),
    constraint search_misses_once unique nulls not distinct (day, province_code, words)
);
